"""What the firm and the jobs of the night do, as rules of a machine."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.assessments.models import AssessmentRelease
from counselhub.clawbacks import actions as clawbacks
from counselhub.clawbacks.models import Clawback
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.earlier import actions as earlier
from counselhub.earlier.models import LateEntry
from counselhub.receipts import actions as receipts
from counselhub.receipts import writing_off
from counselhub.receipts.actions import Share
from counselhub.receipts.models import BankFormat, BankReceipt, ReceiptAllocation, WriteOff
from counselhub.review import actions as review
from counselhub.statements import actions as statements
from counselhub.statements.actions.batch import run_part
from counselhub.statements.months import Month
from counselhub.statements.queries import lines_with_queries
from tests.earlier.test_actions import plea
from tests.factories import number
from tests.money.world import MONTHS, World, one_of
from tests.statements import work

PLACES = st.integers(0, 9)
SOME_MONTH = st.sampled_from(MONTHS)
AMOUNTS = st.integers(-90_000, 90_000).filter(bool)
CAUSES = st.sampled_from([AdjustmentCause.LATE_ENTRY, AdjustmentCause.OTHER])


class FirmActs(RuleBasedStateMachine):
    """The firm's manager, its finance, and what runs by itself."""

    world: World

    def firm(self, work: Callable[[], object]) -> bool:
        """Act as the firm."""
        return self.world.act(self.world.firm, work)

    @rule(month=SOME_MONTH)
    def compute(self, month: date) -> None:
        """Work a month out, or work it out again."""
        self.firm(lambda: work.compute(self.world.tenant, month))

    @rule(month=SOME_MONTH)
    def batch(self, month: date) -> None:
        """The month's batch comes by."""
        firms = [(self.world.tenant.firm_id, self.world.tenant.code)]
        run_part(Month.of(month), firms)
        db.session.expunge_all()

    @rule(month=SOME_MONTH)
    def certify(self, month: date) -> None:
        """Stand for the amounts."""
        self.firm(lambda: statements.certify(self.world.of(month), self.world.manager))

    @rule(month=SOME_MONTH)
    def reopen(self, month: date) -> None:
        """Take a certified one back."""
        self.firm(lambda: statements.reopen(self.world.of(month), self.world.manager))

    @rule(month=SOME_MONTH)
    def hand_in(self, month: date) -> None:
        """Hand it in, whatever has to be done before."""
        self.compute(month)
        self.certify(month)
        self.firm(lambda: statements.submit(self.world.of(month), self.world.manager))

    @rule(month=SOME_MONTH)
    def answer(self, month: date) -> None:
        """Answer each question and hand the statement back."""
        self.firm(lambda: self._answer(month))

    def _answer(self, month: date) -> None:
        statement, by = self.world.of(month), self.world.manager
        for line in lines_with_queries(statement.id):
            if asked := review.open_query(line):
                review.reply(asked, "已核对", by=by)
        statements.resubmit(statement, by)

    @rule(month=SOME_MONTH)
    def void(self, month: date) -> None:
        """Give a statement up."""
        self.firm(lambda: statements.void(self.world.of(month), self.world.manager))

    @rule(month=SOME_MONTH, day=st.integers(0, 27))
    def lecture(self, month: date, day: int) -> None:
        """Enter a lecture of a month that is open."""
        self.firm(lambda: self._record(month, month + timedelta(days=day)))

    def _record(self, month: date, day: date) -> None:
        if self.world.is_open(month):
            at = time(minute=number() % 60, second=number() % 60)
            work.session(self.world.tenant, day, minutes=480, at=at)
            work.lecture(self.world.tenant, day)

    @rule(month=SOME_MONTH, amount_fen=AMOUNTS, cause=CAUSES)
    def enter(self, month: date, amount_fen: int, cause: AdjustmentCause) -> None:
        """Enter a difference to an earlier month."""
        tenant = self.world.tenant
        given = Difference(
            firm_id=tenant.firm_id,
            contract_id=tenant.contract_id,
            community_code=tenant.town.communities[0],
            month=month,
            amount_fen=amount_fen,
            cause=cause,
            words="更正",
        )
        self.firm(lambda: adjustments.enter(given, by=self.world.manager))

    @rule(place=PLACES)
    def withdraw(self, place: int) -> None:
        """Take a difference back that was entered by hand."""
        query = db.select(Adjustment).where(Adjustment.cause.in_(["other", "late_entry"]))
        query = query.where(Adjustment.late_entry_id.is_(None)).order_by(Adjustment.id)
        self.firm(lambda: adjustments.withdraw(one_of(query, place), by=self.world.manager))

    @rule(month=SOME_MONTH, day=st.integers(0, 27))
    def enter_late(self, month: date, day: int) -> None:
        """Ask for a late lecture of a settled month, and agree to it."""
        self.firm(lambda: self._late(month + timedelta(days=day)))

    def _late(self, day: date) -> None:
        by = self.world.manager
        row = earlier.ask(plea(self.world.tenant, day=day), by=by)
        earlier.approve(row, "", revision=row.revision, by=by)

    @rule(place=PLACES)
    def withdraw_late(self, place: int) -> None:
        """Take a late entry back."""
        query = db.select(LateEntry).order_by(LateEntry.id)
        by = self.world.manager
        self.firm(lambda: earlier.withdraw(one_of(query, place), revision=None, by=by))

    @rule()
    def release(self) -> None:
        """Last year's assessment releases what was withheld: once."""
        self.firm(self._release)

    def _release(self) -> None:
        known = db.session.scalars(db.select(AssessmentRelease)).first()
        if known is None:
            tenant = self.world.tenant
            given: dict[str, Any] = {"grade": "优秀", "year": 2025, "last_month": date(2025, 12, 1)}
            place = {"street_code": tenant.town.street_code}
            place["community_code"] = tenant.town.communities[0]
            amounts = {"withheld_fen": 30_000, "base_fen": 300_000}
            row = AssessmentRelease(contract_id=tenant.contract_id, **given, **place, **amounts)
            db.session.add(row)

    @rule(place=PLACES)
    def object_to(self, place: int) -> None:
        """Object to a claw-back."""
        query, by = db.select(Clawback).order_by(Clawback.id), self.world.manager
        self.firm(lambda: clawbacks.object_to(one_of(query, place), "有异议", by=by))

    @rule(amount_fen=st.sampled_from([100, 60_000, 500_000]))
    def receive(self, amount_fen: int) -> None:
        """Money arrives at the bank."""
        self.firm(lambda: self._receive(amount_fen))

    def _receive(self, amount_fen: int) -> None:
        row = BankReceipt(
            format_id=db.session.scalars(db.select(BankFormat.id)).one(),
            digest=f"{number():064d}",
            amount_fen=amount_fen,
            imported_at=clock.now(),
            imported_by_name="某财务",
            day=clock.today(),
            payer="某财政所",
            account="",
            reference="",
            serial="",
        )
        db.session.add(row)

    @rule(place=PLACES, month=SOME_MONTH, amount_fen=st.sampled_from([100, 60_000, 230_000]))
    def allocate(self, place: int, month: date, amount_fen: int) -> None:
        """Give a part of a receipt to a statement."""
        query = db.select(BankReceipt.id).order_by(BankReceipt.id)
        self.firm(
            lambda: receipts.allocate(
                [Share(one_of(query, place), {self.world.of(month).id: amount_fen})],
                by=self.world.finance,
            )
        )

    @rule(place=PLACES)
    def unmatch(self, place: int) -> None:
        """Take an allocation back."""
        query = db.select(ReceiptAllocation).order_by(ReceiptAllocation.id)
        self.firm(lambda: receipts.unmatch(one_of(query, place), "撤销", by=self.world.finance))

    @rule(place=PLACES, is_back=st.booleans())
    def set_aside(self, place: int, is_back: bool) -> None:
        """Set a receipt aside, or take it up again."""
        query, by = db.select(BankReceipt).order_by(BankReceipt.id), self.world.finance
        if is_back:
            self.firm(lambda: receipts.put_back(one_of(query, place), by=by))
        else:
            self.firm(lambda: receipts.set_aside(one_of(query, place), "其他业务", by=by))

    @rule(month=SOME_MONTH, amount_fen=st.sampled_from([50, 5_000]))
    def write_off(self, month: date, amount_fen: int) -> None:
        """Let a small difference go."""
        by = self.world.finance
        self.firm(lambda: writing_off.ask(self.world.of(month), amount_fen, "手续费", by=by))

    @rule(place=PLACES, approves=st.booleans())
    def decide_write_off(self, place: int, approves: bool) -> None:
        """Another person decides on a larger one."""
        query = db.select(WriteOff).order_by(WriteOff.id)
        act = writing_off.approve if approves else writing_off.refuse
        self.firm(lambda: act(one_of(query, place), by=self.world.other))
