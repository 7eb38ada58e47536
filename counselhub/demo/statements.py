"""The demonstration's statements: two months through the office, one open at every stage."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_office
from counselhub.demo.cast import HOUSES, NANWAN, NANWAN_HOUSES, YUEXIU_HOUSES
from counselhub.demo.days import Calendar
from counselhub.review import actions as review
from counselhub.review.filters import LineFilter
from counselhub.review.line_actions import accept_matching, accept_selected
from counselhub.review.thread_actions import query
from counselhub.statements.actions.account import set_account
from counselhub.statements.actions.compute import compute
from counselhub.statements.actions.passing import certify, submit
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, QueryReason


class Signatory(NamedTuple):
    """Somebody who acts on statements."""

    id: UUID
    name: str


Members = dict[str, Member]
People = dict[str, Signatory]

# How far each firm of Nanwan is with the last full month.
STAGES = ("draft", "submitted", "queried", "approved", "draft", "certified", "submitted", "draft")
BUSY_STREETS = ("440104001", "440104003")


def pass_statements(members: Members, people: People, calendar: Calendar) -> None:
    """Take the firms' statements as far as each has come, each act on its own day."""
    members = {
        code: _known(member, people[f"manager@{code}.example"]) for code, member in members.items()
    }
    for house in HOUSES:
        with as_firm(members[house.code].firm_id):
            set_account(
                house.name,
                "某某银行（示范）",
                f"6200000000000{house.share:02d}{house.of:02d}",
                by=members[house.code],
            )
    earliest, middle, last, _present = calendar.months
    for house, stage in zip(NANWAN_HOUSES, STAGES, strict=True):
        desk = Desk(NANWAN, members[house.code], people)
        desk.take(earliest, "paid")
        desk.take(middle, "paid" if house.share % 2 else "signed")
        desk.take(last, stage)
    for house in YUEXIU_HOUSES:
        for street in BUSY_STREETS:
            Desk(street, members[house.code], people).take(last, "submitted")


def _known(member: Member, person: Signatory) -> Member:
    return replace(member, person_id=person.id, name=person.name)


class Desk:
    """One firm's statements with one street, and the people who pass them on."""

    def __init__(self, street: str, firm: Member, people: People) -> None:
        """Seat the office's people of the demonstration."""
        scope = Scope(ScopeKind.OFFICE, street)
        self.street = street
        self.firm = firm
        checker, approver = people["checker@nanwan.example"], people["approver@nanwan.example"]
        self.checker = Member(checker.id, checker.name, Role.CHECKER, scope, "南湾街道")
        self.approver = Member(approver.id, approver.name, Role.APPROVER, scope, "南湾街道")

    def take(self, month: date, stage: str) -> None:
        """Take the statement of a month to `stage`."""
        firm_id = self.firm.firm_id
        with clock.frozen(_in_following(month, 1, 9)), as_firm(firm_id):
            statement_id = compute(self.street, month, self.firm).id
        if stage == "draft":
            return
        with clock.frozen(_in_following(month, 2, 10)), as_firm(firm_id):
            certify(self._get(statement_id), self.firm)
        if stage == "certified":
            return
        with clock.frozen(_in_following(month, 2, 11)), as_firm(firm_id):
            submit(self._get(statement_id), self.firm)
        if stage != "submitted":
            self._review(statement_id, month, stage)

    def _get(self, statement_id: UUID) -> Statement:
        return db.session.get_one(Statement, (self.firm.firm_id, statement_id))

    def _review(self, statement_id: UUID, month: date, stage: str) -> None:
        with clock.frozen(_in_following(month, 5, 15)), as_office(self.street):
            statement = self._get(statement_id)
            review.open_review(statement, by=self.checker)
            if stage == "queried":
                self._ask(statement)
                return
            self._accept_all(statement)
            review.approve(statement, by=self.checker)
        if stage != "approved":
            self._settle(statement_id, month, stage)

    def _ask(self, statement: Statement) -> None:
        """Query the first visit-based line and accept what has no warning."""
        lines = self._pending(statement)
        asked = next((line for line in lines if line.kind == "shortfall"), lines[0])
        words = "台账记录本月到岗四次，与结算单不一致，请核对签到记录后说明。"
        query(asked, QueryReason.VISITS, words, by=self.checker)
        db.session.flush()
        if any(not line.warnings for line in self._pending(statement)):
            accept_matching(statement, LineFilter(), by=self.checker)
        review.return_queried(self._get(statement.id), by=self.checker)

    def _accept_all(self, statement: Statement) -> None:
        if any(not line.warnings for line in self._pending(statement)):
            accept_matching(statement, LineFilter(), by=self.checker)
        if rest := [line.id for line in self._pending(statement)]:
            accept_selected(statement, rest, by=self.checker)

    def _pending(self, statement: Statement) -> list[StatementLine]:
        chosen = select(StatementLine).where(
            StatementLine.firm_id == statement.firm_id,
            StatementLine.statement_id == statement.id,
            StatementLine.review == LineReview.PENDING,
        )
        return list(db.session.scalars(chosen.order_by(StatementLine.position)))

    def _settle(self, statement_id: UUID, month: date, stage: str) -> None:
        with clock.frozen(_in_following(month, 8, 16)), as_office(self.street):
            review.sign(self._get(statement_id), by=self.approver)
        if stage != "paid":
            return
        with clock.frozen(_in_following(month, 15, 10)), as_office(self.street):
            statement = self._get(statement_id)
            review.pay(
                statement,
                paid_on=clock.today(),
                amount_fen=statement.payable_fen,
                reference=f"示范{month:%Y%m}-{statement.number[-4:]}",
                by=self.approver,
            )


def _in_following(month: date, day: int, hour: int) -> datetime:
    """Return an instant of the month after; early in the present month, one just gone by."""
    following = clock.next_month(month)
    planned = clock.instant(following + timedelta(days=day - 1), time(hour))
    just_now = clock.now() - timedelta(minutes=60 - day * 2)
    return max(min(planned, just_now), clock.instant(following, time()))
