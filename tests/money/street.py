"""What the street's office does, as rules of a machine."""

from collections.abc import Callable, Sequence
from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from counselhub.clawbacks import actions as clawbacks
from counselhub.clawbacks.kinds import ClawbackReason
from counselhub.clawbacks.models import Clawback
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.cutoffs import actions as cutoffs
from counselhub.cutoffs.rules import Terms
from counselhub.payments import actions as payments
from counselhub.payments.models import PaymentItem, PaymentList
from counselhub.review import actions as review
from counselhub.review.actions import Moved
from counselhub.review.holding_actions import deferrable
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, QueryReason, RefusalReason, StatementStatus
from tests.money.firm import PLACES, SOME_MONTH
from tests.money.world import World, one_of

VERDICTS = st.lists(st.sampled_from(["accept"] * 4 + ["query", "refuse"]), min_size=1, max_size=6)


class OfficeActs(RuleBasedStateMachine):
    """The office's checker and its approver."""

    world: World

    def office(self, work: Callable[[], object]) -> bool:
        """Act as the street's office."""
        return self.world.act(self.world.office, work)

    @rule(month=SOME_MONTH, verdicts=VERDICTS)
    def review(self, month: date, verdicts: Sequence[str]) -> None:
        """Open the review and judge each pending line, the verdicts in turns."""
        self.office(lambda: review.open_review(self.world.of(month), by=self.world.checker))
        self.office(lambda: self._judge(self.world.of(month), verdicts))

    def _judge(self, statement: Statement, verdicts: Sequence[str]) -> None:
        by = self.world.checker
        for place, line in enumerate(list(statement.lines)):
            if line.review != LineReview.PENDING:
                continue
            verdict = verdicts[place % len(verdicts)]
            if verdict == "query":
                review.query(line, QueryReason.AMOUNT, "请说明", by=by)
            elif verdict == "refuse" and line.amount_fen > 0:
                review.refuse(line, RefusalReason.LATE, "逾期", by=by)
            else:
                review.accept(line, by=by)

    @rule(month=SOME_MONTH, place=PLACES)
    def think_again(self, month: date, place: int) -> None:
        """Take back what was said of a line."""
        self.office(lambda: self._undo(one_of(self._lines(month), place)))

    def _lines(self, month: date) -> object:
        mine = StatementLine.statement_id == self.world.of(month).id
        return db.select(StatementLine).where(mine).order_by(StatementLine.position)

    def _undo(self, line: StatementLine) -> None:
        by = self.world.checker
        if line.review == LineReview.REFUSED:
            review.withdraw_refusal(line, by=by)
        elif line.review == LineReview.QUERIED:
            review.withdraw_query(line, by=by)
        else:
            review.undo_accept(line, "再核对", by=by)

    @rule(month=SOME_MONTH)
    def return_queried(self, month: date) -> None:
        """Give the queried lines back to the firm."""
        self.office(lambda: review.return_queried(self.world.of(month), by=self.world.checker))

    @rule(month=SOME_MONTH)
    def approve(self, month: date) -> None:
        """Pass it on; what is still asked about is carried over."""
        self.office(lambda: self._approve(self.world.of(month)))

    def _approve(self, statement: Statement) -> None:
        lines = deferrable(statement)
        carrying = Moved(len(lines), sum(line.amount_fen for line in lines)) if lines else None
        review.approve(statement, by=self.world.checker, carrying=carrying)

    @rule(month=SOME_MONTH)
    def send_back(self, month: date) -> None:
        """The approver wants it looked at again."""
        by = self.world.approver
        self.office(lambda: review.send_back(self.world.of(month), "再核对", by=by))

    @rule(month=SOME_MONTH)
    def sign(self, month: date) -> None:
        """Sign what was approved."""
        self.office(lambda: review.sign(self.world.of(month), by=self.world.approver))

    @rule(month=SOME_MONTH)
    def pass_on(self, month: date) -> None:
        """Accept all that waits, approve and sign."""
        self.review(month, ["accept"])
        self.approve(month)
        self.sign(month)

    @rule(month=SOME_MONTH)
    def pay(self, month: date) -> None:
        """Record a payment by itself."""
        self.office(lambda: self._pay(self.world.of(month)))

    def _pay(self, statement: Statement) -> None:
        given = {"paid_on": clock.today(), "amount_fen": statement.payable_fen, "reference": "P"}
        review.pay(statement, **given, by=self.world.checker)

    @rule(sends=st.booleans())
    def list_all(self, sends: bool) -> None:
        """Put all that is payable on a list; send it to finance."""
        payable = db.select(Statement.id).where(
            Statement.status == StatementStatus.PAYABLE, Statement.total_fen > 0
        )

        def make() -> None:
            made = payments.make(db.session.scalars(payable).all(), by=self.world.checker)
            if sends:
                payments.send(made, by=self.world.checker)

        self.office(make)

    @rule(place=PLACES)
    def pay_list(self, place: int) -> None:
        """Record that finance has paid a list."""
        given = {"paid_on": clock.today(), "reference": "GK-1", "references": {}}
        self.office(
            lambda: payments.pay(one_of(self._lists(), place), **given, by=self.world.checker)
        )

    def _lists(self) -> object:
        return db.select(PaymentList).order_by(PaymentList.number)

    @rule(place=PLACES)
    def take_apart(self, place: int) -> None:
        """Give a list up."""
        by = self.world.checker
        self.office(lambda: payments.take_apart(one_of(self._lists(), place), "重做", by=by))

    @rule(place=PLACES)
    def bounce(self, place: int) -> None:
        """The bank sends a payment back."""
        query, by = db.select(PaymentItem).order_by(PaymentItem.id), self.world.checker
        self.office(lambda: payments.bounce(one_of(query, place), "户名不符", clock.today(), by=by))

    @rule(place=PLACES, amount_fen=st.sampled_from([5_000, 166_667]))
    def claw_back(self, place: int, amount_fen: int) -> None:
        """Take a payment back."""
        paid = db.select(StatementLine).where(StatementLine.payment != "unpaid")
        query = paid.where(StatementLine.amount_fen > 0).order_by(StatementLine.id)
        self.office(
            lambda: clawbacks.claw_back(
                one_of(query, place),
                ClawbackReason.AUDIT,
                "审计",
                amount_fen,
                by=self.world.checker,
            )
        )

    @rule(place=PLACES)
    def withdraw_clawback(self, place: int) -> None:
        """Give a claw-back up."""
        query, by = db.select(Clawback).order_by(Clawback.id), self.world.checker
        self.office(lambda: clawbacks.withdraw(one_of(query, place), "核实无误", by=by))

    @rule(late_cap_fen=st.sampled_from([None, 20_000]))
    def set_cap(self, late_cap_fen: int | None) -> None:
        """Cap what late entries add to one statement."""
        terms = Terms(late_cap_fen=late_cap_fen)
        self.office(lambda: cutoffs.set_rule(terms, revision=None, by=self.world.checker))
