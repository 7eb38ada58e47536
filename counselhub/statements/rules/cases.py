"""What mediated cases are paid, each once ever, under a contract's yearly cap (M8)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from counselhub.core.money import percent_of
from counselhub.statements.facts import ClaimFact, ContractFact, MonthFacts
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month
from counselhub.statements.rules.periods import payer_on
from counselhub.statements.terms import SchemeTerms


class PaidClaim(NamedTuple):
    """A claim with the contract that pays it.

    refusal: why it gets nothing, "" when it counts: `unfulfilled`, `dossier_incomplete`,
    `taken_elsewhere`, `repeated` or `no_rate`. full_fen: its amount before the cap; room_fen: what
    the cap left before it, None uncapped; paid_fen: what it gets.
    """

    claim: ClaimFact
    contract: ContractFact
    terms: SchemeTerms
    refusal: str
    full_fen: int
    room_fen: int | None
    paid_fen: int


def case_lines(facts: MonthFacts) -> Iterator[Line]:
    """Give a line to each contract and community with a claim closed in the month, 0 too (M8)."""
    by_line: dict[tuple[str, str], list[PaidClaim]] = {}
    for paid in paid_claims(facts):
        claim = paid.claim
        if Month.of(claim.closed_on) == facts.month and claim.community.startswith(facts.street):
            by_line.setdefault((paid.contract.number, claim.community), []).append(paid)
    for (number, community), claims in by_line.items():
        yield Line(
            number,
            community,
            LineKind.CASE,
            facts.month,
            str(sum(not paid.refusal for paid in claims)),
            sum(paid.paid_fen for paid in claims),
            tuple(claim_step(paid) for paid in claims),
            claims[0].terms,
        )


def paid_claims(facts: MonthFacts) -> list[PaidClaim]:
    """Go through the year's claims up to the month, by 结案日期, then 案件编号.

    M8: a contract's cap holds for the calendar year over all its communities; the claim that passes
    it gets what is left, later ones 0. A claim refused or taken elsewhere uses nothing of it.
    """
    first, last = Month(facts.month.year, 1).first, facts.month.last
    claims = [claim for claim in facts.claims if first <= claim.closed_on <= last]
    by_community = facts.contracts_by_community() if claims else {}
    taken_fen: Counter[str] = Counter()
    seen: set[str] = set()
    paid = []
    for claim in sorted(claims, key=_order):
        payer = paying_contract(claim, by_community.get(claim.community, ()))
        if payer is None:
            continue
        contract, terms = payer
        refusal = refusal_of(claim, terms, seen)
        full_fen = 0 if refusal else amount_of(claim, terms)
        cap_fen = terms.case_cap_fen
        room_fen = None if cap_fen is None else max(0, cap_fen - taken_fen[contract.number])
        paid_fen = full_fen if room_fen is None else min(full_fen, room_fen)
        taken_fen[contract.number] += paid_fen
        if not refusal:
            seen.add(claim.case_number)
        paid.append(PaidClaim(claim, contract, terms, refusal, full_fen, room_fen, paid_fen))
    return paid


def _order(claim: ClaimFact) -> tuple[object, ...]:
    """Order by 结案日期, then 案件编号; the rest only orders a repeated number."""
    return (
        claim.closed_on,
        claim.case_number,
        claim.community,
        claim.difficulty,
        claim.is_oral,
        claim.is_fulfilled,
        claim.has_full_dossier,
        claim.taken_elsewhere,
        claim.adviser,
    )


def paying_contract(
    claim: ClaimFact, contracts: Sequence[ContractFact]
) -> tuple[ContractFact, SchemeTerms] | None:
    """Return the contract of the claim and its terms, None when no contract pays it.

    M8: in force on 结案日期 and paying cases; of two, the first by number. contracts: of the
    claim's community, in the order of their numbers.
    """
    return payer_on(contracts, claim.closed_on, lambda terms: bool(terms.case_fen))


def refusal_of(claim: ClaimFact, terms: SchemeTerms, seen: set[str]) -> str:
    """Return why a claim gets nothing, "" when it counts. seen: numbers that counted before."""
    if not claim.is_fulfilled:
        return "unfulfilled"
    if not claim.has_full_dossier:
        return "dossier_incomplete"
    if claim.taken_elsewhere:
        return "taken_elsewhere"
    if claim.case_number in seen:
        return "repeated"
    return "" if claim.difficulty in terms.case_fen else "no_rate"


def amount_of(claim: ClaimFact, terms: SchemeTerms) -> int:
    """M8: its class's amount, 口头 at 口头协议比例; a blank percentage is 100."""
    class_fen = terms.case_fen[claim.difficulty]
    if claim.is_oral and terms.oral_percent is not None:
        return percent_of(class_fen, terms.oral_percent)
    return class_fen


def claim_step(paid: PaidClaim) -> TraceStep:
    """Show a claim: its class's amount, the oral share, the cap's room, what it gets or why not."""
    claim, terms = paid.claim, paid.terms
    inputs = {
        "case_number": claim.case_number,
        "closed_on": claim.closed_on,
        "difficulty": claim.difficulty,
        "is_oral": claim.is_oral,
        "refusal": paid.refusal,
        "class_fen": terms.case_fen.get(claim.difficulty),
        "oral_percent": terms.oral_percent if claim.is_oral else None,
        "full_fen": paid.full_fen,
        "cap_a_year_fen": terms.case_cap_fen,
        "room_fen": paid.room_fen,
        "paid_fen": paid.paid_fen,
    }
    return TraceStep("M8", "claim", inputs)
