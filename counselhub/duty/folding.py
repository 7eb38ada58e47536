"""Make the sessions of a day what its taps say, and leave alone what people changed by hand."""

from collections.abc import Sequence
from datetime import UTC, date
from uuid import UUID

from sqlalchemy import update

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FrozenError
from counselhub.core.members import Member
from counselhub.duty import punch_queries, settling
from counselhub.duty.actions import written
from counselhub.duty.kinds import (
    SESSION_FLOW,
    DutySource,
    PunchKind,
    PunchTiming,
    PunchVerdict,
    SessionStatus,
)
from counselhub.duty.models import DutyPunch, DutySession
from counselhub.duty.punch_rules import Known, Merged, Stay, Tap, merge
from counselhub.points import proofs


def fold(adviser_id: UUID, day: date, *, by: Member) -> None:
    """Write the sessions that the taps of one adviser and day make; the same taps change nothing.

    A tap that cannot be written (closed month, presence elsewhere) is refused by its verdict.
    """
    punches, sessions = punch_queries.of_day(adviser_id, day)
    by_hand = {row.id for row in sessions if not _is_ours(row, punches)}
    ours = {None} | {row.id for row in sessions} - by_hand  # not one moved to another lawyer or day
    free = [punch for punch in punches if punch.session_id in ours]
    known = [_known(row, punches) for row in sessions if row.id in by_hand]
    _Fold(free, sessions, known, merge(map(_tap, free), known), by).write()


def agree(session: DutySession) -> None:
    """Note that a session is as its taps left it: what a form did to it was no correction."""
    db.session.execute(
        update(DutyPunch)
        .where(DutyPunch.firm_id == session.firm_id, DutyPunch.session_id == session.id)
        .values(session_revision=session.revision),
        execution_options={"synchronize_session": "fetch"},
    )


def _is_ours(row: DutySession, punches: Sequence[DutyPunch]) -> bool:
    """Whether a session is as its taps left it."""
    left = {p.session_revision for p in punches if p.session_id == row.id}
    return row.status != SessionStatus.VOIDED and row.revision in left


def _tap(punch: DutyPunch) -> Tap:
    return Tap(
        punch.key,
        PunchKind(punch.kind),
        clock.local(punch.counts_at),
        punch.community_code,
        punch.substitute_for_id,
        punch.ends_key,
    )


def _known(row: DutySession, punches: Sequence[DutyPunch]) -> Known:
    return Known(
        row.id,
        row.community_code,
        clock.local(row.signed_in_at),
        clock.local(row.signed_out_at) if row.signed_out_at else None,
        is_open=row.status == SessionStatus.OPEN,
        is_voided=row.status == SessionStatus.VOIDED,
        keys=frozenset(p.key for p in punches if p.session_id == row.id),
    )


class _Fold:
    """One day being written."""

    def __init__(
        self,
        punches: Sequence[DutyPunch],
        sessions: Sequence[DutySession],
        known: Sequence[Known],
        merged: Merged,
        by: Member,
    ) -> None:
        self.punches = {punch.key: punch for punch in punches}
        self.rows = {row.id: row for row in sessions}
        self.names = {one.id: one.keys | {one.id} for one in known}
        self.merged = merged
        self.by = by
        self.taken: set[UUID] = set()
        self.touched: set[tuple[str, date]] = set()

    def write(self) -> None:
        for key, verdict in self.merged.verdicts.items():
            self.punches[key].verdict = verdict
        for stay in self.merged.stays:
            self._settle(stay)
        for session_id, end in self.merged.ended.items():
            row = self.rows[session_id]
            names = self.names[session_id]
            outs = [p for p in self.punches.values() if p.ends_key in names]
            outs.sort(key=lambda p: p.verdict != PunchVerdict.COUNTED)
            stay = Stay(row.community_code, clock.local(row.signed_in_at), None, end=end)
            self._guarded(row, stay, outs)
        db.session.flush()
        if self.touched:
            settling.settle_places(self.touched, by=self.by)

    def _settle(self, stay: Stay) -> None:
        """Write one session, and tie its taps to it."""
        own = [self.punches[key] for key in stay.keys]
        own += [self.punches[stay.out]] if stay.out else []
        row = self._row_of(own) or self._begun(own[0], stay)
        self.taken.add(row.id)
        self._guarded(row, stay, own)

    def _row_of(self, own: Sequence[DutyPunch]) -> DutySession | None:
        """The session that the taps made before, unless another one has taken it over."""
        for punch in own:
            if punch.session_id in self.rows and punch.session_id not in self.taken:
                return self.rows[punch.session_id]
        return None

    def _begun(self, first: DutyPunch, stay: Stay) -> DutySession:
        return DutySession(
            adviser_id=first.adviser_id,
            community_code=stay.community,
            street_code=first.street_code,
            day=first.day,
            signed_in_at=stay.begin.astimezone(UTC),
            status=SessionStatus.OPEN,
            source=DutySource.QR if proofs.is_scanned(first.id) else DutySource.PHONE,
            substitute_for_id=stay.substitute_for,
            remark=first.remark,
        )

    def _guarded(self, row: DutySession, stay: Stay, own: Sequence[DutyPunch]) -> None:
        end = stay.end.astimezone(UTC) if stay.end else None
        begin = stay.begin.astimezone(UTC)
        db.session.flush()
        try:
            with written(row.id, row.adviser_id, row.community_code, begin, end):
                self._write(row, stay, own)
        except FrozenError:
            self._refuse(own, PunchVerdict.CLOSED)
        except ConflictError:
            self._refuse(own, PunchVerdict.TWO_PLACES)
        else:
            self.touched.add((row.community_code, row.day))
            for punch in own:
                punch.session_id, punch.session_revision = row.id, row.revision

    def _refuse(self, own: Sequence[DutyPunch], verdict: PunchVerdict) -> None:
        """Refuse what is new; what led to a session before stays as it was."""
        for punch in own:
            if punch.session_id is None:
                punch.verdict = verdict

    def _write(self, row: DutySession, stay: Stay, own: Sequence[DutyPunch]) -> None:
        begin = stay.begin.astimezone(UTC)
        end = stay.end.astimezone(UTC) if stay.end else None
        if row.id not in self.rows:
            db.session.add(row)
            history.record(row, "sign_in", by=self.by, **_told(own[0], row))
        elif row.signed_in_at != begin:
            before = {"signed_in_at": row.signed_in_at.isoformat()}
            row.signed_in_at = begin
            history.record(row, "merge", by=self.by, street_code=row.street_code, before=before)
        if row.signed_out_at != end:
            self._end(row, stay, own)

    def _end(self, row: DutySession, stay: Stay, own: Sequence[DutyPunch]) -> None:
        before = {"signed_out_at": str(row.signed_out_at)}
        row.signed_out_at = stay.end.astimezone(UTC) if stay.end else None
        out = next((p for p in own if p.kind == PunchKind.OUT), own[0])
        row.remark = out.remark or row.remark
        if stay.end is None:
            history.advance(row, SESSION_FLOW, "ask_again", by=self.by, street_code=row.street_code)
        elif row.status == SessionStatus.OPEN:
            history.advance(row, SESSION_FLOW, "sign_out", by=self.by, **_told(out, row))
        else:
            history.record(row, "merge", by=self.by, street_code=row.street_code, before=before)


def _told(punch: DutyPunch, row: DutySession) -> dict[str, str | None]:
    """What the act tells: when it arrived and why it counts when it does, if not at once."""
    told: dict[str, str | None] = {"street_code": row.street_code}
    if punch.timing != PunchTiming.AT_ONCE:
        told |= {"timing": punch.timing, "arrived_at": punch.arrived_at.isoformat()}
    return told
