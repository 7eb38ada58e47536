"""What must hold after every act, as invariants of a machine."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine, invariant

from counselhub.adjustments.models import Adjustment
from counselhub.assessments.models import AssessmentRelease
from counselhub.books import queries as books
from counselhub.books import rules
from counselhub.clawbacks.models import Clawback
from counselhub.core.db import db
from counselhub.core.money import in_capitals
from counselhub.core.tenancy import as_scope
from counselhub.payments.models import PaymentItem
from counselhub.receipts import queries as receipts
from counselhub.receipts.models import BankReceipt, ReceiptAllocation
from counselhub.statements import frozen
from counselhub.statements.freezing import proven
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.sealed_models import StatementFreeze
from counselhub.statements.sealing import compared
from counselhub.statements.states import SEALED
from tests.money.world import World
from tests.statements.read import fen_of_capitals

ONCE = ("release", "grade", "adjustment")
"""Kinds of lines that are no claim of their own month."""
SIGNED = SEALED - {"approved"}
STANDING = {"awaiting": "awaiting_clawback", "done": "clawed_back"}


class Kept(RuleBasedStateMachine):
    """One picture of all rows a step; each invariant reads it."""

    world: World
    sealed: dict[UUID, Any]

    def rows(self, model: Any) -> list[Any]:
        """Return all rows of a table in the firm's scope."""
        return list(db.session.scalars(db.select(model)))

    @invariant()
    def everything_holds(self) -> None:
        """Read afresh as the firm, check, and leave no transaction behind."""
        with as_scope(self.world.firm):
            self.live = {row.id: row for row in self.rows(Statement) if row.status != "void"}
            self.lines: dict[UUID, list[StatementLine]] = defaultdict(list)
            for line in self.rows(StatementLine):
                self.lines[line.statement_id].append(line)
            self.adjustments = {row.id: row for row in self.rows(Adjustment)}
            self.nothing_sealed_changes()
            self.sums_agree()
            self.parts_are_the_whole()
            self.nothing_is_taken_twice()
            self.claw_backs_match()
            self.receipts_are_given_once()
            db.session.rollback()
            db.session.expunge_all()

    @invariant()
    def books_stay_clean(self) -> None:
        """The check of the night finds nothing, on either side."""
        for scope in (self.world.firm, self.world.office):
            with as_scope(scope):
                assert rules.deviations(rules.check(books.books(scope))) == []
                db.session.rollback()
                db.session.expunge_all()

    def nothing_sealed_changes(self) -> None:
        """What the office approved stays to the letter, and seals and freezes prove it."""
        now = {key: self.told(row) for key, row in self.live.items() if row.status in SEALED}
        for key, told in self.sealed.items():
            row = self.live[key]
            assert now.get(key, told) == told
            assert row.status in SEALED or told[0] is None, row.status
        self.sealed = now
        connection, firm = db.session.connection(), self.world.tenant.firm_id
        assert [one for one in compared(connection, firm) if one] == []
        for kept in proven(connection, firm, reckon=True):
            assert kept.is_whole
            assert kept.differing is None

    def told(self, row: Statement) -> list[Any]:
        """Return what of a sealed statement may never change; first, who signed it."""
        lines = [
            (line.id, line.amount_fen, line.held_fen, line.review, line.trace)
            for line in sorted(self.lines[row.id], key=lambda line: line.position)
        ]
        return [row.signed_by_id, row.total_fen, row.funding, row.payee, lines]

    def sums_agree(self) -> None:
        """Lines, funding and capitals come to the total; what is paid is what is payable."""
        for key, row in self.live.items():
            assert row.total_fen == sum(line.amount_fen for line in self.lines[key])
            assert row.total_fen == sum(fen for _source, fen in row.funding)
            assert row.total_fen == fen_of_capitals(in_capitals(row.total_fen))
            is_paid = row.status in ("paid", "reconciled")
            assert row.paid_fen == (max(0, row.total_fen) if is_paid else None)

    def parts_are_the_whole(self) -> None:
        """What was handed in is paid, carried, refused or held: nothing else becomes of it."""
        last: dict[UUID, StatementFreeze] = {}
        for row in self.rows(StatementFreeze):
            if row.statement_id not in last or last[row.statement_id].version < row.version:
                last[row.statement_id] = row
        held = Counter(
            (row.line_id, row.amount_fen)
            for row in self.adjustments.values()
            if row.cause == "deferred"
        )
        deferred: Counter[Any] = Counter()
        for key, row in self.live.items():
            lines = self.lines[key]
            if row.status in SEALED:
                whole = frozen.unpack(last[key].content, last[key].digest).total_fen
                parts = dict.fromkeys(("accepted", "refused", "deferred"), 0)
                for line in lines:
                    parts[line.review] += line.amount_fen + line.held_fen
                assert parts["accepted"] == row.total_fen
                assert sum(parts.values()) == whole
            if row.status in SIGNED:
                deferred.update(
                    (line.id, line.held_fen)
                    for line in lines
                    if line.review == "deferred" and line.held_fen
                )
        assert held == deferred

    def nothing_is_taken_twice(self) -> None:
        """A service is paid by one statement; an adjustment and a release are, too, to the fen."""
        services = Counter(
            (line.contract_number, line.community_code, line.kind, line.month)
            for key in self.live
            for line in self.lines[key]
            if line.kind not in ONCE and line.amount_fen
        )
        assert all(count == 1 for count in services.values())
        taken: dict[tuple[str, str], list[UUID]] = defaultdict(list)
        for key in self.live:
            for line in self.lines[key]:
                for step in line.trace:
                    if adjusted := step["inputs"].get("adjustment"):
                        taken["adjustment", adjusted].append(key)
                        entered = self.adjustments[UUID(adjusted)].amount_fen
                        assert step["inputs"]["amount_fen"] == entered
                    if released := step["inputs"].get("release"):
                        taken["release", released].append(key)
        for kind, rows in (
            ("adjustment", self.adjustments.values()),
            ("release", self.rows(AssessmentRelease)),
        ):
            for one in rows:
                at = [key for key in taken[kind, str(one.id)] if self.live[key].submitted_at]
                assert at == ([one.statement_id] if one.handed_in_at else [])

    def claw_backs_match(self) -> None:
        """At most one stands on a line, its amount waits for or went into a later statement."""
        standing: dict[UUID, Clawback] = {}
        for row in self.rows(Clawback):
            given = self.adjustments[row.adjustment_id]
            assert given.amount_fen == -row.amount_fen
            assert (given.withdrawn_at is not None) == (row.status == "withdrawn")
            if row.status != "withdrawn":
                assert row.line_id not in standing
                standing[row.line_id] = row
        for lines in self.lines.values():
            for line in lines:
                row = standing.pop(line.id, None)
                if row is not None:
                    assert line.payment == STANDING[row.status]
                    assert row.amount_fen <= line.amount_fen
                    continue
                paid = self.live.get(line.statement_id)
                is_paid = paid is not None and paid.paid_fen is not None
                assert line.payment == (
                    "paid" if is_paid and line.review == "accepted" else "unpaid"
                )
        assert not standing

    def receipts_are_given_once(self) -> None:
        """Receipts are allocated or open; a statement gets what was paid on it, never more."""
        rows = self.rows(BankReceipt)
        given = self.rows(ReceiptAllocation)
        assert sum(row.allocated_fen for row in rows) == sum(row.amount_fen for row in given)
        assert all(0 <= row.rest_fen <= row.amount_fen for row in rows)
        for key, fen in receipts.balances(list(self.live)).items():
            row = self.live[key]
            assert 0 <= fen <= (row.paid_fen or 0)
            assert (row.status == "reconciled") is (row.paid_fen == fen and row.paid_fen != 0)
        listed = Counter(
            row.statement_id for row in self.rows(PaymentItem) if row.status in ("listed", "paid")
        )
        assert all(count == 1 for count in listed.values())

    def rests_are_handed_on_once(self) -> None:
        """With every open month worked out anew, each rest is in later statements, to the fen."""
        with as_scope(self.world.firm):
            live = {row.id: row for row in self.rows(Statement) if row.status != "void"}
            handed_on: Counter[date] = Counter()
            for line in self.rows(StatementLine):
                if line.statement_id in live and not line.contract_number:
                    assert line.month < live[line.statement_id].month
                    handed_on[line.month] += line.amount_fen
            last = max(row.month for row in live.values())
            rests = {row.month: min(0, row.total_fen) for row in live.values() if row.month < last}
            for month in {*rests, *handed_on}:
                assert handed_on[month] == rests.get(month, 0)
            db.session.rollback()
            db.session.expunge_all()
