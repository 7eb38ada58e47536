"""Take taps that a phone sends: now, later, again, in any order. Sessions follow in folding.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.duty import actions, folding, punch_queries, queries
from counselhub.duty.kinds import DutySource, PunchKind, PunchTiming, PunchVerdict
from counselhub.duty.models import DutyPunch, DutySession
from counselhub.duty.punch_rules import Claim, judge
from counselhub.points import proofs
from counselhub.points.kinds import SCANNED
from counselhub.points.proofs import NOTHING, Brought
from counselhub.roster import slot_queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A tap as it was sent; `ends` on sign-outs only."""

    key: UUID
    kind: PunchKind
    community_code: str
    claim: Claim
    ends: UUID | None = None
    substitute_for_id: UUID | None = None
    remark: str = ""
    community_confirmed: bool = False
    brought: Brought = NOTHING


def longest_offline() -> timedelta:
    """Return how long a tap may have waited on the phone and still count as claimed."""
    return timedelta(hours=current_app.config["OFFLINE_HOURS"])


def take(sent: Sequence[Sent], *, by: Member) -> list[DutyPunch]:
    """Write the taps that are new, once each, and return all of them in the order given.

    What cannot count is kept with its reason; what counts is told as an act of its session. Raises
    ForbiddenError for an account without an adviser, RefusedError for a place that is none.
    """
    adviser_id = actions.adviser_of(by)
    if {one.community_code for one in sent} - punch_queries.places(
        {one.community_code for one in sent}
    ):
        raise RefusedError(_("没有这个社区，请刷新页面后再试。"))
    actions.one_at_a_time(adviser_id)
    there = punch_queries.known(adviser_id, [one.key for one in sent])
    fresh = [one for one in _first_of_each(sent) if one.key not in there]
    new = [_written(one, adviser_id) for one in fresh]
    db.session.flush()
    for punch, one in zip(new, fresh, strict=True):
        proofs.keep(punch, one.brought, _tapped_at(punch))
    for day in sorted(_days(new)):
        folding.fold(adviser_id, day, by=by)
    for punch in new:
        if punch.verdict != PunchVerdict.COUNTED:
            history.record(punch, "keep", by=by, verdict=punch.verdict)
    there |= {punch.key: punch for punch in new}
    return [there[one.key] for one in sent]


def _first_of_each(sent: Sequence[Sent]) -> Iterable[Sent]:
    return {one.key: one for one in reversed(sent)}.values()


def _written(sent: Sent, adviser_id: UUID) -> DutyPunch:
    now = clock.now()
    judged = judge(sent.claim, now, longest_offline())
    at = clock.to_minute(judged.counts_at)
    punch = DutyPunch(
        adviser_id=adviser_id,
        key=sent.key,
        kind=sent.kind,
        community_code=sent.community_code,
        street_code=sent.community_code[:9],
        substitute_for_id=sent.substitute_for_id,
        ends_key=sent.ends,
        remark=sent.remark or None,
        community_confirmed=sent.community_confirmed or None,
        tapped_at=sent.claim.tapped_at,
        offset_seconds=_seconds(sent.claim.offset),
        claimed_at=judged.claimed_at,
        arrived_at=now,
        counts_at=at,
        day=clock.local(at).date(),
        timing=judged.timing,
        verdict=PunchVerdict.WAITING,
    )
    db.session.add(punch)
    return punch


def _tapped_at(punch: DutyPunch) -> datetime:
    """When a tap was made, to the second, by the clock that it counts by."""
    return punch.claimed_at if punch.timing == PunchTiming.OFFLINE else punch.arrived_at


def _seconds(offset: timedelta | None) -> int | None:
    return None if offset is None else round(offset.total_seconds())


def _days(new: Iterable[DutyPunch]) -> set[date]:
    """The days whose sessions may be others now; a sign-out is of the day of its sign-in."""
    days = set()
    for punch in sorted(new, key=lambda one: one.kind == PunchKind.OUT):
        if punch.kind == PunchKind.IN:
            punch.substitute_for_id = punch.substitute_for_id or slot_queries.covers_for(
                punch.adviser_id, punch.community_code, clock.local(punch.counts_at)
            )
            who = punch.substitute_for_id or punch.adviser_id
            if queries.is_assigned(who, punch.community_code, punch.day):
                days.add(punch.day)
            else:
                punch.verdict = PunchVerdict.NOT_ASSIGNED
        elif begun := punch_queries.beginning(punch.adviser_id, punch.ends_key or punch.key):
            punch.ends_key, day = begun
            days.add(day)
    db.session.flush()
    return days


def sign_in(
    by: Member,
    community_code: str,
    *,
    key: UUID,
    substitute_for_id: UUID | None = None,
    remark: str = "",
    code: str = "",
) -> DutySession | None:
    """Sign in now from a form, once for each key; None when that was undone since.

    code: the community's, as it was scanned, '' without one.

    Raises as `actions.sign_in` does: a form's refusal is told at once, and leaves nothing behind.
    """
    adviser_id = actions.adviser_of(by)
    actions.one_at_a_time(adviser_id)
    if there := punch_queries.known(adviser_id, [key]).get(key):
        return session_of(there)
    running = queries.open_session(adviser_id)
    is_ours = running is None or punch_queries.is_as_tapped(running)
    scan = proofs.scan(adviser_id, community_code, code, clock.now()) if code else None
    session = actions.sign_in(
        by,
        community_code,
        substitute_for_id=substitute_for_id,
        remark=remark,
        source=DutySource.QR if scan and scan.verdict in SCANNED else DutySource.PHONE,
    )
    tap = _tapped(session, key, PunchKind.IN, session.signed_in_at)
    tap.substitute_for_id = session.substitute_for_id
    _tie(tap, session, is_ours=is_ours)
    if scan:
        proofs.keep_scan(tap, scan)
    if running is not None:
        tap.verdict = PunchVerdict.JOINED
        history.record(tap, "keep", by=by, verdict=tap.verdict)
    return session


def sign_out(
    session: DutySession,
    *,
    key: UUID,
    by: Member,
    code: str = "",
    community_confirmed: bool = False,
    **told: Any,
) -> None:
    """Sign out from a form, once for each key. told, and what is raised: as `actions.sign_out`.

    community_confirmed: the lawyer's own word of a signature on paper, which stays on the tap.
    A time that was told later is no tap: the session stands as it was told, and taps of its day
    that were refused while nobody knew its end are judged anew.
    """
    actions.one_at_a_time(session.adviser_id)
    if punch_queries.known(session.adviser_id, [key]):
        return
    is_ours = punch_queries.is_as_tapped(session)
    actions.sign_out(session, by=by, **told)
    left_at = session.signed_out_at or session.signed_in_at
    tap = _tapped(session, key, PunchKind.OUT, left_at)
    begun = punch_queries.beginning(session.adviser_id, session.id)
    tap.ends_key = begun[0] if begun else session.id
    tap.community_confirmed = community_confirmed or None
    is_now = left_at == clock.to_minute(clock.now())
    _tie(tap, session, is_ours=is_ours and is_now)
    if is_now:
        proofs.keep(tap, Brought(code=code), clock.now())
    else:
        folding.fold(session.adviser_id, session.day, by=by)


def leave_untold(session: DutySession, *, by: Member) -> None:
    """Close a session whose end nobody remembers, as `actions.leave_untold`; judge taps anew."""
    actions.one_at_a_time(session.adviser_id)
    actions.leave_untold(session, by=by)
    folding.fold(session.adviser_id, session.day, by=by)


def _tapped(session: DutySession, key: UUID, kind: PunchKind, at: datetime) -> DutyPunch:
    """Return the tap of a form, beside the session that it made."""
    now = clock.now()
    return DutyPunch(
        adviser_id=session.adviser_id,
        key=key,
        kind=kind,
        community_code=session.community_code,
        street_code=session.street_code,
        tapped_at=now,
        claimed_at=now,
        arrived_at=now,
        counts_at=at,
        day=session.day,
        timing=PunchTiming.AT_ONCE,
        verdict=PunchVerdict.COUNTED,
        session_id=session.id,
    )


def _tie(tap: DutyPunch, session: DutySession, *, is_ours: bool) -> None:
    """Write the tap; the session goes on following its taps unless somebody had a hand in it."""
    db.session.add(tap)
    db.session.flush()
    if is_ours:
        folding.agree(session)


def session_of(punch: DutyPunch) -> DutySession | None:
    """Return the session that a tap led to, None when to none."""
    if punch.session_id is None:
        return None
    return db.session.get(DutySession, (punch.firm_id, punch.session_id))
