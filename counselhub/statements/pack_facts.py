"""The records that only rule packs pay: one statement more, and none where no pack is in use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from counselhub.core.db import db
from counselhub.statements.facts import ActivityFact, ContractFact, PointFact
from counselhub.statements.months import Month
from counselhub.statements.pack_codes import ACTIVITIES
from counselhub.statements.pack_terms import NO_PACK, PackTerms

SERVICES_AND_MARKS = """
SELECT
    (SELECT json_agg(json_build_array(community_code, day, kind, count, adviser_id))
     FROM service_record WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s)
        AND kind = ANY (%(kinds)s) AND day BETWEEN %(opens)s AND %(closes)s),
    (SELECT json_agg(json_build_array(community_code, points, reason))
     FROM performance_mark WHERE firm_id = %(firm)s AND community_code = ANY (%(places)s)
        AND month = %(opens)s AND %(pays_points)s)
"""


@dataclass(frozen=True, slots=True)
class PackRecords:
    """Services and marks by community."""

    activities: dict[str, list[ActivityFact]] = field(default_factory=dict)
    points: dict[str, list[PointFact]] = field(default_factory=dict)


def pack_records(
    firm_id: UUID, contracts: Iterable[ContractFact], month: Month, places: Sequence[str]
) -> PackRecords:
    """Read what the contracts' packs pay of the month; nothing is sent where none pays any."""
    packs = [
        terms.pack
        for contract in contracts
        for terms in contract.scheme_versions
        if terms.pack is not NO_PACK
    ]
    kinds = _kinds(packs)
    pays_points = any(pack.point_fen for pack in packs)
    if not (kinds or pays_points):
        return PackRecords()
    values = {
        "firm": firm_id,
        "places": list(places),
        "kinds": kinds,
        "opens": month.first,
        "closes": month.last,
        "pays_points": pays_points,
    }
    row = db.session.connection().exec_driver_sql(SERVICES_AND_MARKS, values).one()
    return _arranged(*row)


def _kinds(packs: Iterable[PackTerms]) -> list[str]:
    """Return the codes of the kinds of service that are paid."""
    words = {kind for pack in packs for kind in pack.activities}
    return sorted(code for code, word in ACTIVITIES.items() if word in words)


def _arranged(services: Iterable[Any] | None, marks: Iterable[Any] | None) -> PackRecords:
    found = PackRecords()
    for code, day, kind, count, adviser in services or ():
        fact = ActivityFact(date.fromisoformat(day), code, ACTIVITIES[kind], count, adviser)
        found.activities.setdefault(code, []).append(fact)
    for code, points, reason in marks or ():
        found.points.setdefault(code, []).append(PointFact(code, points, reason))
    return found
