"""What waits on the desk of the demonstration's first firm: rota, cover, leave, a correction."""

from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.corrections import actions as corrections
from counselhub.corrections.actions import Plea
from counselhub.cover import actions as cover
from counselhub.cover.kinds import CoverWhy
from counselhub.demo.cast import NANWAN
from counselhub.demo.days import Calendar
from counselhub.duty.actions import adviser_of
from counselhub.duty.desk import Entry
from counselhub.duty.kinds import CorrectionReason, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.leave import actions as leave
from counselhub.leave.actions import Wanted
from counselhub.leave.kinds import LeaveKind
from counselhub.leave.rules import Absence
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.rota import actions as rotas
from counselhub.rota import handovers, making, queries, turn_actions
from counselhub.rota.actions import RotaEntry
from counselhub.rota.kinds import TurnLength
from counselhub.rota.models import Rota

FORTNIGHT = timedelta(days=14)
GAP_AFTER = timedelta(days=4)
LEFT_LATER = timedelta(minutes=25)


@dataclass(frozen=True, slots=True)
class FirmDesk:
    """The manager and the lawyers of a firm, the first two with an account."""

    manager: Member
    lawyers: list[Member]
    calendar: Calendar

    def fill(self) -> None:
        """Give everybody something to do, by the acts of each."""
        rota = self._rota()
        self._stand_by(rota)
        self._leave_a_gap(rota)
        self._ask_for_cover()
        self._cover()
        self._grant_leave()
        self._ask_for_correction()

    def _rota(self) -> Rota:
        """Plan the coming fortnight of online duty, half a day each."""
        entry = RotaEntry(
            name="南湾片区线上值班",
            length=TurnLength.HALF_DAY,
            changes_at=time(8),
            again_at=time(20),
            starts_on=self.calendar.today - timedelta(days=1),
            last_on=None,
            desk_phone="0755-00000000",
            streets=(NANWAN,),
            people=tuple(map(adviser_of, self.lawyers)),
        )
        rota = rotas.add(entry, by=self.manager)
        until = self.calendar.today + FORTNIGHT
        making.make(rota, until, making.preview(rota, until).digest, by=self.manager)
        return rota

    def _stand_by(self, rota: Rota) -> None:
        """Let whose turn it is have taken over when it began."""
        now = clock.now()
        for turn in queries.turns_between(now, now + timedelta(seconds=1), rota_id=rota.id):
            who = next(one for one in self.lawyers if one.adviser_id == turn.adviser_id)
            with clock.frozen(turn.starts_at):
                handovers.take_over(turn, revision=None, by=who)

    def _leave_a_gap(self, rota: Rota) -> None:
        """Call one turn off, that nobody has covered yet."""
        at = clock.instant(self.calendar.today + GAP_AFTER, time(21))
        [turn] = queries.turns_between(at, at + timedelta(hours=1), rota_id=rota.id)
        turn_actions.withdraw(turn, revision=None, by=self.manager)

    def _ask_for_cover(self) -> None:
        """Let the second lawyer ask for somebody; the colleagues have not answered yet."""
        if slot := self._next_slot(self.lawyers[1]):
            words = "龙岗区法院上午九点半开庭，赶不回来。"
            cover.ask(slot, CoverWhy.COURT, words, by=self.lawyers[1])

    def _cover(self) -> None:
        """Let the first lawyer ask, the third take it, the manager agree."""
        if slot := self._next_slot(self.lawyers[0]):
            request = cover.ask(slot, CoverWhy.PERSONAL, "家中有事。", by=self.lawyers[0])
            cover.take(request, by=self.lawyers[2])
            cover.approve(request, revision=None, by=self.manager)

    def _next_slot(self, lawyer: Member) -> DutySlot | None:
        query = select(DutySlot).where(
            DutySlot.adviser_id == lawyer.adviser_id,
            DutySlot.status == SlotStatus.PLANNED,
            DutySlot.day > self.calendar.today + timedelta(days=1),
        )
        return db.session.scalars(query.order_by(DutySlot.day, DutySlot.starts)).first()

    def _grant_leave(self) -> None:
        """Grant the third lawyer three days after the fortnight."""
        third, first = self.lawyers[2], self.calendar.today + FORTNIGHT + timedelta(days=4)
        days = Absence(first, first + timedelta(days=2))
        wanted = Wanted(adviser_of(third), LeaveKind.TRAINING, days, "市律协业务培训。")
        row = leave.ask(wanted, by=third)
        leave.approve(row, "同意，轮值请与同事对调。", revision=None, by=self.manager)

    def _ask_for_correction(self) -> None:
        """Let the first lawyer say that a visit lasted longer than was recorded."""
        query = select(DutySession).where(
            DutySession.adviser_id == self.lawyers[0].adviser_id,
            DutySession.day >= self.calendar.months[-2],
            DutySession.status == SessionStatus.CLOSED,
            DutySession.signed_out_at.is_not(None),
        )
        newest = db.session.scalars(query.order_by(DutySession.signed_in_at.desc()).limit(2)).all()
        for session in newest[-1:]:
            plea = Plea(
                _later(session), CorrectionReason.PHONE, "手机快没电，先签退了，之后还在接待居民。"
            )
            corrections.ask(session, plea, revision=None, by=self.lawyers[0])


def _later(session: DutySession) -> Entry:
    """Return a session as it was, but for a later end."""
    end = clock.local(session.signed_out_at or session.signed_in_at) + LEFT_LATER
    return Entry(
        adviser_id=session.adviser_id,
        community_code=session.community_code,
        day=session.day,
        signed_in=clock.local(session.signed_in_at).time(),
        signed_out=end.time(),
        substitute_for_id=session.substitute_for_id,
        community_confirmed=bool(session.community_confirmed),
        remark=session.remark or "",
    )
