"""What the office of the demonstration looks at: a draw with two checks, a talk with a firm."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import as_office
from counselhub.demo.cast import NANWAN
from counselhub.demo.days import Calendar
from counselhub.interviews import actions as interviews
from counselhub.interviews.actions import Entry
from counselhub.interviews.kinds import InterviewReason
from counselhub.spotchecks import actions, draw_actions, queries
from counselhub.spotchecks.actions import ANSWER_DAYS, Found
from counselhub.spotchecks.draw_actions import Order
from counselhub.spotchecks.kinds import Finding
from counselhub.spotchecks.models import SpotCheck, SpotDraw

THREE_WEEKS = timedelta(days=21)
"""Long enough that some duty is planned, holidays or not."""
SEED = 2030
"""With it the first firm is among the two that are drawn, whenever all communities have duty."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The office's checker, and the days that are told about."""

    checker: Member
    calendar: Calendar

    def draw(self) -> UUID:
        """Draw two slots of the last weeks, on their eve, while they were still to come."""
        today = self.calendar.today
        order = Order(today - THREE_WEEKS, today - timedelta(days=1), 2, SEED)
        with clock.frozen(_at(order.first - timedelta(days=1), 15)), as_office(NANWAN):
            return draw_actions.draw(order, by=self.checker).id

    def draw_ahead(self) -> None:
        """Draw two slots of the coming weeks, for the checker to go and see."""
        today = self.calendar.today
        order = Order(today, today + THREE_WEEKS, 2, SEED)
        with as_office(NANWAN):
            draw_actions.draw(order, by=self.checker)

    def look(self, draw_id: UUID) -> None:
        """Record what was found: one is published for the firm to answer, one waits."""
        with as_office(NANWAN):
            first, *others = queries.of_draw(db.session.get_one(SpotDraw, draw_id))
            self._record(first, Finding.ABSENT, "九点四十分到场，值班室无人，门口未张贴替班通知。")
            for check in others:
                self._record(check, Finding.PRESENT, "律师在岗，正在接待居民，公示牌完好。")
            with clock.frozen(_at(self.calendar.today - timedelta(days=1), 18)):
                actions.publish(first, ANSWER_DAYS, by=self.checker)

    def _record(self, check: SpotCheck, finding: Finding, words: str) -> None:
        begins = datetime.combine(check.day, check.starts, clock.SHANGHAI)
        with clock.frozen(begins + timedelta(minutes=40)):
            actions.record(check, Found(finding, words=words), by=self.checker)

    def talk(self, firm_id: UUID, month: date) -> None:
        """Talk with a firm about a month (its first day), and deliver the record."""
        held_on = self.calendar.today - timedelta(days=2)
        entry = Entry(
            firm_id=firm_id,
            community_code=None,
            adviser_id=None,
            month=month,
            held_on=held_on,
            present="张所长、黄经办；甲所主任",
            reason=InterviewReason.RECORDS,
            words="部分值班日志只写“法律咨询”，看不出办理结果；个别值班没有签退。",
            agreed="本月起逐件写明办理结果，离开前签退；所内每周自查一次。",
            due_on=held_on + timedelta(days=14),
        )
        with clock.frozen(_at(held_on, 16)), as_office(NANWAN):
            row = interviews.draft(entry, by=self.checker)
            interviews.publish(row, by=self.checker)


def _at(day: date, hour: int) -> datetime:
    return clock.instant(day, time(hour))
