"""What a contract is worth, how it is shared out, and what may be paid how. Pure; whole fen.

I1: a contract's worth is what M2 gives for all its periods and communities, so that instalments and
statement lines of one contract never differ by a fen. I2: the shares of a plan sum to it exactly.
I3: what statement lines pay no instalment pays. I4: a receipt goes to what is oldest first. I5: a
contract that ends early asks for its worth up to the last day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from counselhub.contracts.kinds import PaidBy
from counselhub.core.money import apportion
from counselhub.instalments.kinds import InstalmentStatus, Subject
from counselhub.statements.facts import ContractFact
from counselhub.statements.months import Month, months_between
from counselhub.statements.rules.base import period_base
from counselhub.statements.rules.periods import settlement_of
from counselhub.statements.terms import SchemeTerms

HUNDRED = Decimal(100)
BUCKETS = ((30, "0-30"), (60, "31-60"), (90, "61-90"))
OLDEST = "90+"


class PlanError(ValueError):
    """A plan that cannot be. code: `percent`, `amount` (off by `off_fen`), `nothing`, `retention`.

    place: the row at fault, counted from 0.
    """

    def __init__(self, code: str, *, off_fen: int = 0, place: int = 0) -> None:
        super().__init__(code)
        self.code, self.off_fen, self.place = code, off_fen, place


class OverpaidError(ValueError):
    """More came than is owed, by `rest_fen`."""

    def __init__(self, rest_fen: int) -> None:
        super().__init__(str(rest_fen))
        self.rest_fen = rest_fen


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a plan: a percentage, or fen; is_retention: kept back until the end."""

    value: Decimal | int
    is_retention: bool = False


def worth(contract: ContractFact) -> int:
    """Return the fen that a contract is worth over its whole term, all communities (I1).

    contract: with its own annual_fen, whoever pays the base.
    """
    months = months_between(Month.of(contract.starts_on), Month.of(contract.last_day))
    found = (settlement_of(contract, month) for month in months)
    periods = {one.last: one for one in found if one is not None}
    return sum(
        period_base(contract, period, community).fen
        for community in set(contract.communities)
        for period in periods.values()
    )


def amounts_of(rest_fen: int, shares: Sequence[Share], *, in_percent: bool) -> list[int]:
    """Return each row's fen: they sum to `rest_fen`, the fen left over going by remainder (I2).

    Raises PlanError: percentages that do not make 100, amounts that do not make the whole, a row of
    nothing, a retention that is not the last.
    """
    for place, share in enumerate(shares[:-1]):
        if share.is_retention:
            raise PlanError("retention", place=place)
    values = [Decimal(share.value) for share in shares]
    if in_percent and sum(values) != HUNDRED:
        raise PlanError("percent")
    amounts = apportion(rest_fen, values) if in_percent else [int(value) for value in values]
    if off_fen := sum(amounts) - rest_fen:
        raise PlanError("amount", off_fen=off_fen)
    for place, amount_fen in enumerate(amounts):
        if amount_fen <= 0:
            raise PlanError("nothing", place=place)
    return amounts


def paid_by_scheme(terms: Collection[SchemeTerms]) -> frozenset[Subject]:
    """Return what statement lines pay under these versions of a scheme."""
    paid = {
        Subject.BASE: any(one.annual_fen for one in terms),
        Subject.LECTURE: any(one.lecture_fen for one in terms),
        Subject.ONLINE: any(one.online_fen for one in terms),
        Subject.CASE: any(one.case_fen for one in terms),
    }
    return frozenset(subject for subject, is_paid in paid.items() if is_paid)


def paid_by_statement(paid_by: str, scheme: Collection[Subject]) -> frozenset[Subject]:
    """Return what no instalment may pay, for statement lines do (I3).

    scheme: what it pays for. A contract paid by statements has a base of its own amount too.
    """
    match PaidBy(paid_by):
        case PaidBy.STATEMENT:
            return frozenset({*scheme, Subject.BASE})
        case PaidBy.BOTH:
            return frozenset(scheme) - {Subject.BASE}
        case PaidBy.INSTALMENTS:
            return frozenset()


def subjects_given_up(paid_by: str) -> frozenset[Subject]:
    """Return what statement lines must not have paid before a contract is paid this way."""
    match PaidBy(paid_by):
        case PaidBy.STATEMENT:
            return frozenset()
        case PaidBy.BOTH:
            return frozenset({Subject.BASE})
        case PaidBy.INSTALMENTS:
            return frozenset(Subject) - {Subject.OTHER}


def spread(amount_fen: int, owed_fen: Sequence[int]) -> list[int]:
    """Return what of a receipt goes to each instalment, in order (I4). Raises OverpaidError."""
    parts = []
    rest_fen = amount_fen
    for owed in owed_fen:
        parts.append(min(rest_fen, owed))
        rest_fen -= parts[-1]
    if rest_fen:
        raise OverpaidError(rest_fen)
    return parts


def status_after(amount_fen: int, invoiced_fen: int, paid_fen: int) -> InstalmentStatus:
    """Return where an instalment that fell due stands with these sums."""
    if paid_fen:
        return InstalmentStatus.PAID if paid_fen == amount_fen else InstalmentStatus.PART_PAID
    return InstalmentStatus.INVOICED if invoiced_fen else InstalmentStatus.DUE


def bucket_of(due_on: date, today: date) -> str:
    """Return how long something due has been waiting: `0-30`, `31-60`, `61-90` or `90+` days."""
    days = (today - due_on).days
    return next((name for most, name in BUCKETS if days <= most), OLDEST)


def settled(worth_fen: int, rows: Sequence[tuple[int, int]]) -> list[int]:
    """Return what each instalment asks for once its contract has ended (I5).

    rows: (fen, what of it is invoiced or paid already) in order. Each takes what is left of the
    contract's worth, but never less than what is invoiced or paid: that much is to be given back.
    """
    rest_fen, amounts = worth_fen, []
    for amount_fen, floor_fen in rows:
        amounts.append(max(floor_fen, min(amount_fen, max(0, rest_fen))))
        rest_fen -= amounts[-1]
    return amounts
