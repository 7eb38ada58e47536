"""From rows of `adjustment` to facts: what a statement is to settle of earlier months (M10)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.rules import fitting
from counselhub.statements.codes import VERSION_VALUES
from counselhub.statements.facts import AdjustmentFact
from counselhub.statements.months import Month
from counselhub.statements.rules.periods import in_force_on
from counselhub.statements.versions import all_of

# Open ones go to a statement that is not at the office yet; whatever it took before stays its own.
ADJUSTMENTS = f"""
    SELECT json_agg(json_build_array(a.street_code, a.contract_id, c.number, a.community_code,
        a.month, a.amount_fen, a.words, a.cause, a.id, a.line_id,
        late.adviser_id, a.handed_in_at IS NOT NULL, r.late_cap_fen, c.starts_on, k.code,
        (SELECT json_agg(json_build_array({VERSION_VALUES}))
         FROM scheme_version v WHERE v.firm_id = k.firm_id AND v.scheme_id = k.id)
    ) ORDER BY a.entered_at, a.id)
    FROM adjustment a
    JOIN contract c ON c.firm_id = a.firm_id AND c.id = a.contract_id
    JOIN scheme k ON k.firm_id = c.firm_id AND k.id = c.scheme_id
    LEFT JOIN late_entry late ON late.firm_id = a.firm_id AND late.id = a.late_entry_id
    LEFT JOIN settlement_rule r ON r.street_code = a.street_code
    LEFT JOIN statement taker ON taker.firm_id = a.firm_id AND taker.street_code = a.street_code
        AND taker.month = %(opens)s AND taker.status <> 'void'
    WHERE a.firm_id = %(firm)s AND a.street_code = ANY (%(streets)s) AND a.month < %(opens)s
        AND a.withdrawn_at IS NULL
        AND (a.statement_id = taker.id OR (a.statement_id IS NULL AND taker.submitted_at IS NULL))
"""  # noqa: S608  # names of ours


class Adjusted(NamedTuple):
    """One fact, with the contract's id for the line that it makes.

    is_capped: whether it waits when the street's cap is reached (LATE-2).
    """

    fact: AdjustmentFact
    contract_id: UUID
    is_capped: bool
    cap_fen: int | None


def taken(waiting: Sequence[Adjusted]) -> list[Adjusted]:
    """Return what one statement takes of a street's adjustments, in their order (LATE-2)."""
    capped = [each for each in waiting if each.is_capped]
    cap_fen = capped[0].cap_fen if capped else None
    amounts = [(each.fact.key, each.fact.amount_fen) for each in capped]
    chosen = set(fitting(amounts, cap_fen))
    return [each for each in waiting if not each.is_capped or each.fact.key in chosen]


def facts_of(rows: Iterable[Sequence[Any]]) -> list[tuple[str, Adjusted]]:
    """Return street and fact of each row, in the order in which they were entered."""
    return [(row[0], _adjusted(*row[1:])) for row in rows]


def _adjusted(
    contract_id: str, number: str, community: str, month: str, amount_fen: int, *more: Any
) -> Adjusted:
    """Read one row; the version in force in the corrected month decides who pays (M12)."""
    words, cause, key, line, adviser, is_final, cap_fen, starts_on, scheme, versions = more
    corrected = date.fromisoformat(month)
    day = max(corrected, date.fromisoformat(starts_on))
    fact = AdjustmentFact(
        contract=number,
        community=community,
        month=Month.of(corrected),
        amount_fen=amount_fen,
        reason=words,
        terms=in_force_on(all_of(scheme, versions), day),
        cause=AdjustmentCause.of(cause).word,
        key=key,
        line=line or "",
        adviser=adviser or "",
    )
    is_capped = cause == AdjustmentCause.LATE_ENTRY and not is_final
    return Adjusted(fact, UUID(contract_id), is_capped, cap_fen)
