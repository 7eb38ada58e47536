"""Fetch punches through the interface: step by step, each on its own, on from where it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from counselhub.attendance import dingtalk, times
from counselhub.attendance.dingtalk import MOST_DAYS, MOST_PEOPLE, OLDEST_DAYS, WAITS, DingTalk
from counselhub.attendance.facts import Tap, Who
from counselhub.attendance.importing import compare_days, take_turn
from counselhub.attendance.kinds import Vendor
from counselhub.attendance.linking import secret_of
from counselhub.attendance.models import AttendanceAccount, AttendanceLink
from counselhub.attendance.storing import store
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member, command_member
from counselhub.core.rounds import Round
from counselhub.core.tenancy import Scope, ScopeKind, as_firm
from counselhub.people.queries import every_firm

OVERLAP = timedelta(days=1)
"""What is asked again: a machine without a network sends its punches late."""
IDLE = timedelta(minutes=5)
"""Accounts that were asked about this lately are left for the next time."""


@dataclass
class Fetched:
    """What one firm's fetching brought. problem: why it ended early, '' when it did not."""

    firm: str
    punches: int = 0
    new: int = 0
    problem: str = ""

    def document(self) -> dict[str, str | int]:
        """Return it as the command prints it."""
        return {
            "firm": self.firm,
            "punches": self.punches,
            "new": self.new,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One call: whom it asked about and what it brought."""

    people: int
    punches: int
    new: int


def fetch_all(*, waits: Sequence[float] = WAITS) -> list[Fetched]:
    """Fetch for every firm that has a link; what one firm meets stops no other. Commits."""
    found: list[Fetched] = []
    with Round() as each:
        for firm_id, code in every_firm():
            with each.firm(firm_id):
                if (one := fetch_firm(firm_id, code, waits=waits)) is not None:
                    found.append(one)
    return found


def fetch_firm(firm_id: UUID, code: str, *, waits: Sequence[float] = WAITS) -> Fetched | None:
    """Fetch until nothing is left, committing each step; None without a link.

    Ended at any place, the next one goes on there: each account knows up to when it was asked.
    """
    with as_firm(firm_id):
        fetched, client = Fetched(code), None
        by = command_member(Scope(ScopeKind.FIRM, str(firm_id)))
        while (link := _held_link()) is not None:
            try:
                client = client or client_of(link, waits)
                step = take_step(link, client, by=by)
            except RefusedError as refusal:
                db.session.rollback()
                fetched.problem = refusal.message
                _note_problem(refusal.message)
                return fetched
            if step is None:
                _finish(link, fetched, by)
                return fetched
            fetched.punches += step.punches
            fetched.new += step.new
            db.session.commit()
        db.session.rollback()
        return fetched if client else None


def _held_link() -> AttendanceLink | None:
    """Return the firm's link, locked; None without one, or while somebody else fetches."""
    return db.session.scalar(select(AttendanceLink).with_for_update(skip_locked=True))


def client_of(link: AttendanceLink, waits: Sequence[float] = WAITS) -> DingTalk:
    """Return the access of a link. Raises RefusedError for a secret that does not open."""
    base: str = current_app.config["DINGTALK"]
    return DingTalk(base, link.app_key, secret_of(link), waits)


def take_step(link: AttendanceLink, client: DingTalk, *, by: Member) -> Step | None:
    """Ask once about those who were asked longest ago, and store what comes; None: all is there.

    At most MOST_PEOPLE of the same mark and MOST_DAYS. Raises DingTalkError. Commits nothing.
    """
    now = clock.to_minute(clock.now())
    accounts = _due(now)
    if not accounts:
        return None
    first, last = _window(link, accounts[0].fetched_until, now)
    people = {one.userid: Who(Vendor.DINGTALK, one.userid, one.name) for one in accounts}
    records = client.records(list(people), _wall(first), _wall(last))
    taps = _taps(records, people)
    take_turn(by.firm_id)
    stored = store(Vendor.DINGTALK, people.values(), taps, [], None)
    db.session.execute(
        update(AttendanceAccount)
        .where(AttendanceAccount.id.in_([one.id for one in accounts]))
        .values(fetched_until=last),
        execution_options={"synchronize_session": False},
    )
    link.tried_at = clock.now()
    db.session.flush()
    compare_days(taps, by=by)
    return Step(len(people), len(taps), len(stored.new))


def _due(now: datetime) -> Sequence[AttendanceAccount]:
    """Return up to MOST_PEOPLE who were asked about up to the same moment, the earliest first."""
    query = (
        select(AttendanceAccount)
        .where(
            AttendanceAccount.vendor == Vendor.DINGTALK,
            AttendanceAccount.userid != "",
            AttendanceAccount.adviser_id.is_not(None),
        )
        .order_by(AttendanceAccount.fetched_until.nulls_first(), AttendanceAccount.id)
        .limit(MOST_PEOPLE)
    )
    found = db.session.scalars(query).all()
    if not found or (found[0].fetched_until and found[0].fetched_until > now - IDLE):
        return ()
    return [one for one in found if one.fetched_until == found[0].fetched_until]


def _window(
    link: AttendanceLink, until: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """Return from when to when to ask: on from `until` with OVERLAP, within DingTalk's limits."""
    begin = clock.instant(link.since, time())
    if until:
        begin = max(begin, until - OVERLAP)
    begin = max(begin, now - timedelta(days=OLDEST_DAYS - 1))
    return begin, min(begin + timedelta(days=MOST_DAYS, seconds=-1), now)


def _wall(moment: datetime) -> datetime:
    return clock.local(moment).replace(tzinfo=None)


def _taps(records: Sequence[dict[str, object]], people: dict[str, Who]) -> list[Tap]:
    found = []
    for record in records:
        try:
            tap = dingtalk.tap_of(record, people)
        except times.TimeError:
            continue  # one record of nonsense keeps nobody from the others
        if tap is not None:
            found.append(tap)
    return found


def _note_problem(words: str) -> None:
    values = {"problem": words[:300], "tried_at": clock.now()}
    db.session.execute(
        update(AttendanceLink).values(**values), execution_options={"synchronize_session": False}
    )
    db.session.commit()


def _finish(link: AttendanceLink, fetched: Fetched, by: Member) -> None:
    link.fetched_at = link.tried_at = clock.now()
    link.problem = ""
    if fetched.punches:
        history.record(link, "fetch", by=by, rows=fetched.punches, new=fetched.new)
    db.session.commit()


def fetch_once(link: AttendanceLink, *, by: Member) -> Step:
    """Ask once, from a page: also whether the key is good. Raises RefusedError with what to do."""
    step = take_step(link, client_of(link, ()), by=by)
    if step is None:
        raise RefusedError(
            _("没有要取的人：请先在“打卡账号”里把 UserId 对应到律师；刚取过的请过几分钟再取。")
        )
    link.problem = ""
    history.record(link, "fetch", by=by, rows=step.punches, new=step.new)
    return step
