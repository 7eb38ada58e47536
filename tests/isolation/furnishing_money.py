"""What a furnished firm has still to settle of earlier months, marked with its token."""

from datetime import date
from typing import Any

from counselhub.adjustments import actions
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.assessments.models import Assessment, AssessmentRelease
from counselhub.clawbacks.models import Clawback
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.cutoffs.models import SettlementRule
from counselhub.earlier.models import LateEntry, LateFile
from tests.review.factories import officer


def add(room: Any, day: date) -> None:
    """Enter a difference of the community's month; ask for two late entries, agree to one."""
    here = room.tenant
    given = Difference(
        firm_id=here.firm_id,
        contract_id=here.contract_id,
        community_code=here.town.communities[0],
        month=day,
        amount_fen=1_234,
        cause=AdjustmentCause.OTHER,
        words=f"差额{room.token}",
    )
    row = actions.enter(given, by=here.member(Role.MANAGER))
    asked, agreed = (_late(room, day, place) for place in (1, 2))
    agreed.status, agreed.decided_at = "approved", clock.now()
    db.session.flush()
    room.note(
        kind="lecture",
        adjustment_id=row.id,
        late_entry_id=asked.id,
        late_file_id=_file(room, asked),
    )
    _file(room, agreed)


def _late(room: Any, day: date, place: int) -> LateEntry:
    entry = LateEntry(
        kind="lecture",
        community_code=room.tenant.town.communities[0],
        street_code=room.tenant.town.street_code,
        day=day,
        adviser_id=room.tenant.adviser_id,
        times=place,
        reason="forgotten",
        words=f"补录{room.token}",
        amount_fen=30_000,
        asked_at=clock.now(),
        asked_by_name=f"申请{room.token}",
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _file(room: Any, entry: LateEntry) -> Any:
    content = room.token.encode()
    file = LateFile(
        entry_id=entry.id,
        adviser_id=room.tenant.adviser_id,
        place=1,
        kind="photo",
        digest=f"late{room.token}",
        size_bytes=len(content),
        arrived_at=clock.now(),
        content=content,
        thumb=content,
    )
    db.session.add(file)
    db.session.flush()
    return file.id


def add_clawback(room: Any) -> None:
    """Let the office take something back of the statement's first line."""
    here, town = room.tenant, room.tenant.town
    given = Difference(
        firm_id=here.firm_id,
        contract_id=here.contract_id,
        community_code=town.communities[0],
        month=date(2026, 9, 1),
        amount_fen=-55,
        cause=AdjustmentCause.CLAWBACK,
        words=f"扣回{room.token}",
    )
    row = Clawback(
        firm_id=here.firm_id,
        statement_id=room.ids["statement_id"],
        line_id=room.ids["line_id"],
        street_code=town.street_code,
        adjustment_id=actions.enter(given, by=officer(town)).id,
        amount_fen=55,
        reason="audit",
        words=f"追回{room.token}",
        asked_at=clock.now(),
        asked_by_name=f"经办{room.token}",
    )
    db.session.add(row)
    db.session.flush()
    room.note(clawback_id=row.id)


def add_assessment(room: Any) -> None:
    """Let the office assess two years, and publish one of them with what it releases."""
    here, town = room.tenant, room.tenant.town
    shared = {
        "firm_id": here.firm_id,
        "contract_id": here.contract_id,
        "community_code": town.communities[0],
        "street_code": town.street_code,
        "grade": "称职",
    }
    for year in (2024, 2025):
        row = Assessment(
            year=year,
            words=f"考核{room.token}",
            proposed_at=clock.now(),
            proposed_by_name=f"经办{room.token}",
            **shared,
        )
        db.session.add(row)
    row.status, row.published_at = "confirmed", clock.now()
    release = AssessmentRelease(
        year=2025, last_month=date(2025, 12, 1), withheld_fen=1, base_fen=10, **shared
    )
    db.session.add(release)
    db.session.flush()
    room.note(assessment_id=row.id)


def add_rule(room: Any) -> None:
    """Let the street set its rule, once for all of its firms."""
    street_code = room.tenant.town.street_code
    known = db.select(SettlementRule).where(SettlementRule.street_code == street_code)
    if db.session.scalar(known) is None:
        rule = SettlementRule(
            street_code=street_code, changed_at=clock.now(), changed_by_name="某所长"
        )
        db.session.add(rule)
        db.session.flush()
