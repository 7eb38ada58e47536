"""Keep what a tap brings along of its place: judged once, when it arrives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app

from counselhub.core.db import db
from counselhub.core.sealing import UnsealError
from counselhub.places.models import short_name
from counselhub.points import code_rules, queries, secrets
from counselhub.points.choice_actions import WORDING, takes_position
from counselhub.points.code_rules import Code, Known
from counselhub.points.kinds import SCANNED, CodeVerdict, PositionVerdict
from counselhub.points.models import DutyCode
from counselhub.points.proof_models import DutyFix, DutyPosition, DutyScan
from counselhub.points.rules import Circle, Fix, Judged, judge


@dataclass(frozen=True, slots=True)
class Brought:
    """What a tap brings. fix, or the failure why there is none; code: as it was sent, '' none."""

    fix: Fix | None = None
    failure: PositionVerdict | None = None
    code: str = ""


NOTHING = Brought()


@dataclass(frozen=True, slots=True)
class Scan:
    """What a code was worth. step: of a moving one that held."""

    verdict: CodeVerdict
    step: int | None = None


def keep(punch: Any, brought: Brought, at: datetime) -> None:
    """Write what a stored tap brings along. at: when it was tapped, by the clock it counts by.

    A position of a lawyer who has not agreed to it is dropped unread.
    """
    if (brought.fix or brought.failure) and takes_position(punch.adviser_id):
        _keep_position(punch, brought, at)
    if brought.code:
        keep_scan(punch, scan(punch.adviser_id, punch.community_code, brought.code, at))


def _keep_position(punch: Any, brought: Brought, at: datetime) -> None:
    judged = _judged(punch.community_code, brought)
    db.session.add(
        DutyPosition(
            punch_id=punch.id,
            street_code=punch.street_code,
            verdict=judged.verdict,
            distance_m=judged.distance_m,
            accuracy_m=round(brought.fix.accuracy_m) if brought.fix else None,
        )
    )
    if brought.fix:
        spot = brought.fix.spot
        db.session.add(
            DutyFix(
                punch_id=punch.id,
                taken_at=at,
                latitude=spot.latitude,
                longitude=spot.longitude,
            )
        )


def _judged(community_code: str, brought: Brought) -> Judged:
    if brought.fix is None:
        return Judged(brought.failure or PositionVerdict.ODD, None)
    point = queries.point_of(community_code)
    circle = Circle(point.spot, point.radius_m) if point else None
    return judge(brought.fix, circle, vaguest_m=current_app.config["POSITION_ACCURACY_M"])


def scan(adviser_id: UUID, community_code: str, text: str, at: datetime) -> Scan:
    """Return what a code is worth for a tap of this lawyer here at `at` (EVID-5)."""
    code = code_rules.read(text)
    verdict = code_rules.check(code, _known(code), community_code, at)
    if code is None or verdict != CodeVerdict.CURRENT:
        return Scan(verdict)
    if queries.was_used(adviser_id, community_code, code.number):
        return Scan(CodeVerdict.USED)
    return Scan(verdict, code.number)


def _known(code: Code | None) -> Known | None:
    return _read(queries.code_of(code.community_code) if code else None)


def _read(row: DutyCode | None) -> Known | None:
    try:
        return secrets.known(row) if row else None
    except UnsealError:
        return None


@dataclass(frozen=True, slots=True)
class Opened:
    """A code by which the duty page was opened, as it stands then."""

    text: str
    community_code: str
    name: str
    verdict: CodeVerdict


def opened(adviser_id: UUID, text: str, at: datetime) -> tuple[bool, Opened | None]:
    """Return whether the lawyer's taps take positions, and what the scanned address says.

    None for an address without a code of any community. One statement.
    """
    code = code_rules.read(text)
    found = queries.behind_page(adviser_id, code)
    takes = bool(found.wording == WORDING)
    if code is None or found.name is None:
        return takes, None
    verdict = code_rules.check(code, _read(found.DutyCode), code.community_code, at)
    if verdict == CodeVerdict.CURRENT and found.is_used:
        verdict = CodeVerdict.USED
    return takes, Opened(str(code), code.community_code, short_name(found.name), verdict)


def keep_scan(punch: Any, found: Scan) -> None:
    """Write what a code was worth for a stored tap."""
    db.session.add(
        DutyScan(
            punch_id=punch.id,
            adviser_id=punch.adviser_id,
            community_code=punch.community_code,
            street_code=punch.street_code,
            verdict=found.verdict,
            step=found.step,
        )
    )
    db.session.flush()


def is_scanned(punch_id: UUID) -> bool:
    """Tell whether a tap came by a code that hangs or stands at its place."""
    query = db.select(DutyScan.verdict).where(DutyScan.punch_id == punch_id)
    return db.session.scalar(query) in SCANNED
