"""Rule packs of an office: a published pack that firms read, a draft with all that hangs on it.

Firms of one street share what is published, so that it carries no token and is there once.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.packs.mark_models import PerformanceMark
from counselhub.packs.models import (
    PackExample,
    PackRehearsal,
    PackVersion,
    RehearsedMonth,
    SchemePack,
)
from counselhub.packs.rules import kept
from tests.packs.make import EXAMPLE, TERMS

AT = datetime(2026, 9, 8, 10, tzinfo=clock.SHANGHAI)
MARCH = date(2026, 3, 1)


def furnish(room: Any) -> None:
    """Add the rows under the office's scope."""
    street, token = room.tenant.town.street_code, room.token
    owner = {"district_code": street[:6], "street_code": street}
    is_first = db.session.scalar(select(SchemePack.id).limit(1)) is None
    shown = SchemePack(
        **owner, code=f"BF-{room.tenant.code}", name="某办法", published_at=AT if is_first else None
    )
    pack = SchemePack(**owner, code=f"BF-{token}", name=f"办法{token}")
    db.session.add_all([shown, pack])
    db.session.flush()
    public, version = (_version(one.id, owner, note) for one, note in ((shown, ""), (pack, token)))
    db.session.add_all([public, version])
    db.session.flush()
    example = PackExample(
        **owner,
        version_id=version.id,
        name=f"算例{token}",
        facts=dict(EXAMPLE.facts),
        expected=dict(EXAMPLE.expected),
        made_at=AT,
    )
    rehearsal = PackRehearsal(
        **owner,
        version_id=version.id,
        terms_digest="0",
        months=1,
        last_month=MARCH,
        status="done",
        asked_at=AT,
        asked_by_name=f"经办{token}",
    )
    mark = PerformanceMark(
        firm_id=room.tenant.firm_id,
        street_code=street,
        community_code=room.tenant.town.communities[0],
        month=MARCH,
        points=1,
        reason=f"事由{token}",
        made_at=AT,
        made_by_name=f"经办{token}",
    )
    db.session.add_all([example, rehearsal, mark])
    db.session.flush()
    db.session.add(_replayed(rehearsal, room))
    db.session.flush()
    room.note(
        scheme_pack_id=shown.id,
        pack_version_id=version.id,
        pack_example_id=example.id,
        pack_rehearsal_id=rehearsal.id,
        mark_id=mark.id,
    )


def _version(pack_id: Any, owner: dict[str, Any], note: str) -> PackVersion:
    return PackVersion(
        **owner,
        pack_id=pack_id,
        number=1,
        effective_from=date(2027, 1, 1),
        terms=kept(TERMS),
        pack_terms={},
        note=note,
        made_at=AT,
        made_by_name=f"经办{note}",
    )


def _replayed(rehearsal: PackRehearsal, room: Any) -> RehearsedMonth:
    community = room.tenant.town.communities[0]
    return RehearsedMonth(
        rehearsal_id=rehearsal.id,
        district_code=community[:6],
        street_code=community[:9],
        law_firm_code=room.token,
        law_firm_name=f"所{room.token}",
        community_code=community,
        community_name="某社区",
        month=MARCH,
        now_fen=1,
        then_fen=2,
    )
