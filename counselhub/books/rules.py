"""What must hold of the books. Pure; amounts are whole fen, each rule has its code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from counselhub.core.labels import N_, Labelled


class Rule(Labelled):
    """One thing that must hold."""

    LINES = "BOOKS-1", N_("明细之和等于合计")
    FUNDING = "BOOKS-2", N_("资金分担之和等于合计")
    PAID = "BOOKS-3", N_("支付金额等于应付金额")
    RECEIVED = "BOOKS-4", N_("到账加核销不超过支付金额，对平的才记为已对账")
    LISTED = "BOOKS-5", N_("支付清单与结算单一致，一份结算单只在一张清单里")
    ONCE = "BOOKS-6", N_("同一明细只在一份结算单里应付")
    RECEIPT = "BOOKS-7", N_("到账已分配的等于各笔分配之和，不超过到账金额")
    DIGEST = "BOOKS-8", N_("已送财政的清单与摘要码一致")
    ADJUSTED = "BOOKS-9", N_("每笔以前月份调整只列入一份结算单，金额一致")
    CLAWED = "BOOKS-10", N_("追回不超过已支付的金额，并有等额的扣减")


@dataclass(frozen=True, slots=True)
class StatementSums:
    """A statement and what is gathered about it; what was not paid or listed yet is None."""

    id: UUID
    number: str
    status: str
    total_fen: int
    lines_fen: int
    funding_fen: int
    paid_fen: int | None
    received_fen: int
    written_off_fen: int
    live_items: int
    listed_fen: int | None
    is_item_paid: bool

    @property
    def payable_fen(self) -> int:
        """What is paid: never below 0 (M11)."""
        return max(0, self.total_fen)


@dataclass(frozen=True, slots=True)
class LineTwice:
    """A line that two statements pay. fen: what they pay for it together."""

    statement_id: UUID
    label: str
    statements: int


@dataclass(frozen=True, slots=True)
class ReceiptSums:
    """A receipt and the sum of its allocations."""

    id: UUID
    label: str
    amount_fen: int
    allocated_fen: int
    allocations_fen: int


@dataclass(frozen=True, slots=True)
class ListDigest:
    """A list that was sent, its digest then, and that of its rows now."""

    id: UUID
    number: str
    sealed: str
    found: str


@dataclass(frozen=True, slots=True)
class AdjustmentSums:
    """An adjustment that a statement takes.

    statement_id: which one. due_fen: what statements at the office are to count, 0 while it is in a
    draft; counted_fen: what they do. lines_fen, steps_fen: of the lines that count it.
    """

    statement_id: UUID
    label: str
    due_fen: int
    counted_fen: int
    lines_fen: int
    steps_fen: int


@dataclass(frozen=True, slots=True)
class ClawbackSums:
    """A claw-back, what its line paid, and the adjustment that takes it off; 0 when withdrawn."""

    statement_id: UUID
    label: str
    amount_fen: int
    line_fen: int
    adjusted_fen: int
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Books:
    """All that one side sees of its books."""

    statements: Sequence[StatementSums] = ()
    twice: Sequence[LineTwice] = ()
    receipts: Sequence[ReceiptSums] = ()
    lists: Sequence[ListDigest] = ()
    adjustments: Sequence[AdjustmentSums] = ()
    clawbacks: Sequence[ClawbackSums] = ()


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something that does not hold. kind: `statement`, `receipt` or `list`; values as written."""

    rule: Rule
    kind: str
    id: UUID
    label: str
    expected: int | str
    found: int | str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule: of how many things it was looked at, and what deviates."""

    rule: Rule
    checked: int
    deviations: Sequence[Deviation] = field(default_factory=tuple)


def check(books: Books) -> list[Finding]:
    """Return what each rule finds, in their order; a rule without anything to check is left out."""
    found = [one for sums in books.statements for one in _of_statement(sums)]
    found += [one for row in books.receipts for one in _of_receipt(row)]
    found += [
        Deviation(Rule.ONCE, "statement", one.statement_id, one.label, 1, one.statements)
        for one in books.twice
    ]
    found += [
        Deviation(Rule.DIGEST, "list", one.id, one.number, one.sealed[:16], one.found[:16])
        for one in books.lists
        if one.sealed != one.found
    ]
    found += [one for each in books.adjustments for one in _of_adjustment(each)]
    found += [one for claim in books.clawbacks for one in _of_clawback(claim)]
    counts = dict.fromkeys(Rule, len(books.statements))
    counts |= {Rule.RECEIPT: len(books.receipts), Rule.DIGEST: len(books.lists)}
    counts |= {Rule.ADJUSTED: len(books.adjustments), Rule.CLAWED: len(books.clawbacks)}
    return [
        Finding(rule, counts[rule], tuple(one for one in found if one.rule is rule))
        for rule in Rule
        if counts[rule]
    ]


def deviations(findings: Iterable[Finding]) -> list[Deviation]:
    """Return everything that deviates, in the order of the rules."""
    return [one for finding in findings for one in finding.deviations]


PAID = ("paid", "reconciled")


def _of_statement(sums: StatementSums) -> Iterable[Deviation]:
    def wrong(rule: Rule, expected: int, found: int) -> Deviation:
        return Deviation(rule, "statement", sums.id, sums.number, expected, found)

    if sums.lines_fen != sums.total_fen:
        yield wrong(Rule.LINES, sums.total_fen, sums.lines_fen)
    if sums.funding_fen != sums.total_fen:
        yield wrong(Rule.FUNDING, sums.total_fen, sums.funding_fen)
    due = sums.payable_fen if sums.status in PAID else None
    if sums.paid_fen != due:
        yield wrong(Rule.PAID, due or 0, sums.paid_fen or 0)
    got = sums.received_fen + sums.written_off_fen
    is_settled = got == (sums.paid_fen or 0)
    if got > (sums.paid_fen or 0) or (sums.status == "reconciled" and not is_settled):
        yield wrong(Rule.RECEIVED, sums.paid_fen or 0, got)
    if sums.live_items > 1:
        yield wrong(Rule.LISTED, 1, sums.live_items)
    elif sums.listed_fen is not None and _is_listed_wrongly(sums):
        yield wrong(Rule.LISTED, sums.payable_fen, sums.listed_fen)


def _is_listed_wrongly(sums: StatementSums) -> bool:
    is_unpaid = sums.is_item_paid and sums.status not in PAID
    return sums.listed_fen != sums.payable_fen or is_unpaid


def _of_receipt(row: ReceiptSums) -> Iterable[Deviation]:
    if row.allocated_fen != row.allocations_fen:
        sums = row.allocated_fen, row.allocations_fen
        yield Deviation(Rule.RECEIPT, "receipt", row.id, row.label, *sums)
    elif row.allocations_fen > row.amount_fen:
        sums = row.amount_fen, row.allocations_fen
        yield Deviation(Rule.RECEIPT, "receipt", row.id, row.label, *sums)


def _of_adjustment(row: AdjustmentSums) -> Iterable[Deviation]:
    pairs = ((row.due_fen, row.counted_fen), (row.steps_fen, row.lines_fen))
    for expected, found in pairs:
        if expected != found:
            yield Deviation(
                Rule.ADJUSTED, "statement", row.statement_id, row.label, expected, found
            )
            return


def _of_clawback(row: ClawbackSums) -> Iterable[Deviation]:
    def wrong(expected: int, found: int) -> Deviation:
        return Deviation(Rule.CLAWED, "statement", row.statement_id, row.label, expected, found)

    due_fen = 0 if row.is_withdrawn else -row.amount_fen
    if row.adjusted_fen != due_fen:
        yield wrong(due_fen, row.adjusted_fen)
    elif not row.is_withdrawn and row.amount_fen > row.line_fen:
        yield wrong(row.line_fen, row.amount_fen)
