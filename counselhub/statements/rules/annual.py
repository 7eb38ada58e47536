"""A community's amount a year: by contract, factors, class, or the scheme's (M2, M13, M14)."""

from fractions import Fraction
from typing import NamedTuple

from counselhub.core.money import apportion
from counselhub.statements.facts import ContractFact
from counselhub.statements.lines import TraceStep
from counselhub.statements.pack_terms import Factor, Factors
from counselhub.statements.terms import SchemeTerms


class Annual(NamedTuple):
    """A community's amount a year; trace: the step that gave it one of its own, else none."""

    fen: int
    trace: tuple[TraceStep, ...] = ()


def annual(contract: ContractFact, terms: SchemeTerms, community: str) -> Annual:
    """M2: the contract's 年度金额 if it has one; else what the scheme has for the community.

    That is its part of the budget (M14), else its class's amount (M13), else 年度标准.
    """
    if contract.annual_fen is not None:
        return Annual(contract.annual_fen)
    pack = terms.pack
    if pack.factors is not None and community in pack.factors.communities:
        return _by_factors(pack.factors, community)
    name = pack.class_of.get(community)
    if name is None:
        return Annual(terms.annual_fen)
    class_fen = pack.class_fen[name]
    step = TraceStep("M13", "class", {"class": name, "class_fen": class_fen})
    return Annual(class_fen, (step,))


def allotted(factors: Factors) -> dict[str, int]:
    """M14: share the budget out to the fen; the parts sum to it.

    A community's weight is the sum of weight x its part of the factor's total. Largest remainder;
    of equal remainders the smaller community code wins.
    """
    if not factors.amounts and factors.communities:
        codes = sorted(factors.communities)
        weights = [weight_of(factors, code) for code in codes]
        parts = apportion(factors.budget_fen, weights)
        factors.amounts.update(zip(codes, parts, strict=True))
    return factors.amounts


def weight_of(factors: Factors, community: str) -> Fraction:
    """M14: the community's share of the budget in hundredths, exact."""
    counts = dict(zip(Factor, factors.communities[community], strict=True))
    return sum(
        (
            Fraction(weight) * counts[factor] / factors.total(factor)
            for factor, weight in factors.weights.items()
            if weight
        ),
        Fraction(),
    )


def _by_factors(factors: Factors, community: str) -> Annual:
    """Show the budget, and of each weighted factor what the community has of all."""
    amount_fen = allotted(factors)[community]
    counts = dict(zip(Factor, factors.communities[community], strict=True))
    used = [
        {
            "factor": factor,
            "weight": factors.weights[factor],
            "own": counts[factor],
            "all": factors.total(factor),
        }
        for factor in Factor
        if factors.weights.get(factor)
    ]
    inputs = {"budget_fen": factors.budget_fen, "factors": used, "amount_fen": amount_fen}
    return Annual(amount_fen, (TraceStep("M14", "allotted", inputs),))
