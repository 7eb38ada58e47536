"""An office's ledger beside the room's statement: published lines with a sheet, and unseen ones."""

from datetime import date, datetime
from typing import Any

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.ledgers.kinds import Outcome
from counselhub.ledgers.models import LedgerImport, LedgerLine, LedgerSetting, LedgerSheet
from tests.ledgers.books import book

AT = datetime(2026, 11, 3, 10, tzinfo=clock.SHANGHAI)
MONTH = date(2026, 10, 1)
TOTALS: dict[str, Any] = {
    "outcomes": {one.value: 0 for one in Outcome},
    "by_party": {},
    "ledger_fen": 100,
    "claimed_fen": 0,
    "gap_fen": 100,
    "statement": "",
    "statement_version": 0,
    "statement_fen": 0,
}


def furnish(room: Any) -> None:
    """Add the rows of the office that concern the room's firm, one of them unseen by it."""
    here, token = room.tenant, room.token
    street, community = here.town.street_code, here.town.communities[0]
    by = Member(None, f"经办{token}", Role.CHECKER, here.town.scope, "测试司法所")
    if db.session.scalar(db.select(LedgerSetting.id)) is None:
        db.session.add(LedgerSetting(street_code=street, mapping={}))
    upload = LedgerImport(
        street_code=street,
        month=MONTH,
        name=f"台账{token}.xlsx",
        sha256="0" * 64,
        content=book([[f"备注{token}"]]),
        made_at=AT,
        made_by_name=f"经办{token}",
    )
    sides: dict[str, Any] = {
        "firm_id": here.firm_id,
        "street_code": street,
        "community_code": community,
        "outcome": "only_ledger",
        "ledger": {"amount_fen": 100, "note": f"备注{token}"},
        "ledger_fen": 100,
        "gap_fen": 100,
    }
    shown = LedgerLine(
        **sides,
        month=MONTH,
        contract_number=f"HT-{token}",
        status="settled",
        party="both",
        cause="other",
        words=f"说明{token}",
        settled_at=AT,
        settled_by_name=f"经办{token}",
        published_at=AT,
    )
    unseen = LedgerLine(
        **sides, month=date(2026, 9, 1), contract_number=f"HT-{token}", status="open"
    )
    sheet = LedgerSheet(
        firm_id=here.firm_id,
        street_code=street,
        month=MONTH,
        published_at=AT,
        published_by_name=f"经办{token}",
        status="frozen",
        totals=TOTALS | {"firm": f"某某{token}律师事务所"},
        digest="0" * 64,
        frozen_at=AT,
        frozen_by_name=f"经办{token}",
    )
    db.session.add_all([upload, shown, unseen, sheet])
    db.session.flush()
    for row, act in ((shown, "settle_difference"), (sheet, "publish_sheet")):
        history.record(row, act, by=by, street_code=street)
    room.note(ledger_import_id=upload.id, ledger_line_id=shown.id, ledger_sheet_id=sheet.id)
