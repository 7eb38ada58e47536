"""Hard cases of the demonstration's first firm: a team, matters with a conflict and a wall, and
referrals on every column of the board. All people and disputes are made up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import exists, select

from counselhub.clients.actions import ClientEntry, attach
from counselhub.clients.models import ServiceClient
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.demo.cast import NANWAN
from counselhub.demo.days import Calendar
from counselhub.duty.actions import adviser_of
from counselhub.matters import actions as matters
from counselhub.matters import deciding
from counselhub.matters.actions import MatterEntry, PartyEntry
from counselhub.matters.conflicts import Asked
from counselhub.matters.deciding import Whom
from counselhub.matters.kinds import MatterKind, PartyKind, PartyRole, WallReason
from counselhub.matters.models import Matter
from counselhub.matters.seals import Marks
from counselhub.referrals import actions, after_actions, forming, offering, team_actions
from counselhub.referrals.actions import Plea
from counselhub.referrals.after_actions import Told
from counselhub.referrals.kinds import FeedbackTo, ReferralStatus, Speciality, Urgency
from counselhub.referrals.models import Referral
from counselhub.referrals.team_actions import TeamEntry
from counselhub.services.models import ServiceNote, ServiceRecord

S = ReferralStatus
STEP = timedelta(minutes=20)
AGO = timedelta(days=12)
PHONE = "13800000099"
WAGES, WALL, LOAN = (
    "九人欠薪，包工头失联",
    "外墙漏水，物业不肯动用维修资金",
    "民间借贷，借条写错名字",
)
CASES = (
    (S.ASKED, Speciality.LABOUR, Urgency.URGENT, "九人欠薪，包工头失联"),
    (S.TRIAGED, Speciality.NEIGHBOUR, Urgency.NORMAL, "邻里噪声，双方已报警三次"),
    (S.FORMED, Speciality.PROPERTY, Urgency.NORMAL, "外墙漏水，物业不肯动用维修资金"),
    (S.ACCEPTED, Speciality.FAMILY, Urgency.PRESSING, "遗产分割，一位继承人在外地"),
    (S.CONFERRING, Speciality.LABOUR, Urgency.NORMAL, "工伤认定，单位没有参保"),
    (S.OPINED, Speciality.TRAFFIC, Urgency.NORMAL, "电动车事故，保险公司拒赔"),
    (S.FED_BACK, Speciality.OTHER, Urgency.NORMAL, "民间借贷，借条写错名字"),
    (S.CLOSED, Speciality.OTHER, Urgency.NORMAL, "网购退款，平台不处理"),
)
"""Each referral stops at its state; the newest service comes first."""
OPINION = "先固定证据，再由调解委员会组织调解；调解不成的，协助申请法律援助。"


@dataclass(frozen=True, slots=True)
class TeamWork:
    """The manager and the three lawyers of a firm."""

    manager: Member
    lawyers: Sequence[Member]
    calendar: Calendar

    def fill(self) -> None:
        """Write matters and referrals, by the acts of each."""
        first = clock.instant(self.calendar.today - AGO, time(10))
        with clock.frozen(first):
            self._form_team()
            self._open_matters()
        found = self._services(len(CASES))
        for record, (until, kind, urgency, words) in zip(found, CASES, strict=False):
            if until is S.TRIAGED:
                attach(record, ClientEntry("甄有其", PHONE), by=self.manager)
            self._refer(record, Plea(kind, urgency, words), until)

    def _form_team(self) -> None:
        entry = TeamEntry(
            "劳动争议团队",
            [Speciality.LABOUR],
            [NANWAN],
            adviser_of(self.lawyers[1]),
            [adviser_of(self.lawyers[2])],
            self.calendar.first_day,
        )
        team_actions.create(entry, by=self.manager)

    def _open_matters(self) -> None:
        """One goes on; one stands against its client and is frozen; one has a wall."""
        self._open("楼上漏水赔偿", 1, "甄有其", "贾如真")
        self._open("合伙账目结算", 0, "吴此人", "甄有其")
        third = self._open("借名买房确认合同", 2, "欧阳某", "何所有")
        kept = Whom(self.lawyers[0].name, adviser_id=self.lawyers[0].adviser_id)
        words = "对方当事人是他的近亲属，本人申请回避。"
        deciding.wall_off(third, kept, WallReason.RELATIVE, words, by=self.manager)

    def _open(self, title: str, lawyer: int, client: str, opponent: str) -> Matter:
        parties = [
            PartyEntry(Asked(role, PartyKind.PERSON, Marks(name)))
            for role, name in ((PartyRole.CLIENT, client), (PartyRole.OPPONENT, opponent))
        ]
        who = adviser_of(self.lawyers[lawyer])
        entry = MatterEntry(title, MatterKind.MEDIATION, None, who)
        return matters.open_matter(entry, parties, by=self.manager)[0]

    def _services(self, most: int) -> Sequence[ServiceRecord]:
        """The newest services of the first two lawyers with words and without a client."""
        named = exists().where(
            ServiceClient.firm_id == ServiceRecord.firm_id,
            ServiceClient.service_id == ServiceRecord.id,
        )
        query = select(ServiceRecord).where(
            ServiceRecord.adviser_id.in_([one.adviser_id for one in self.lawyers[:2]]),
            ServiceRecord.day < self.calendar.today,
            ServiceRecord.note.has(ServiceNote.content != ""),
            ~named,
        )
        newest = (ServiceRecord.day.desc(), ServiceRecord.number.desc())
        return db.session.scalars(query.order_by(*newest).limit(most)).all()

    def _refer(self, record: ServiceRecord, plea: Plea, until: ReferralStatus) -> None:
        """Refer a service in the evening of its day, and go on as far as `until`."""
        asker = next(one for one in self.lawyers if one.adviser_id == record.adviser_id)
        others = [one for one in self.lawyers if one is not asker]
        at = clock.instant(record.day, time(18))
        with clock.frozen(at):
            row = actions.ask(record, plea, by=asker)
        for step in self._steps(row, others):
            if row.status == until:
                return
            at += STEP
            with clock.frozen(at):
                step()

    def _steps(self, row: Referral, others: Sequence[Member]) -> Sequence[Callable[[], object]]:
        """What happens next, in order; the first colleague takes it."""
        taker, manager = others[0], self.manager
        chosen = [adviser_of(one) for one in others]
        kind, urgency = Speciality(row.speciality), Urgency(row.urgency)
        told = Told(FeedbackTo.BOTH, clock.local(row.asked_at).date(), "已把意见告诉当事人和社区。")
        return (
            lambda: actions.triage(row, kind, urgency, revision=None, by=manager),
            lambda: forming.form(row, chosen, None, (), revision=None, by=manager),
            lambda: offering.accept(row, by=taker),
            lambda: actions.confer(row, by=taker),
            lambda: actions.conclude(row, OPINION, by=taker),
            lambda: after_actions.feed_back(row, told, revision=None, by=taker),
            lambda: actions.close(row, revision=None, by=taker),
        )
