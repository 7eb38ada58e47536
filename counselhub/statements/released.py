"""From confirmed assessments to facts: whose withholding a statement is to release (M9)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from counselhub.statements.codes import VERSION_VALUES
from counselhub.statements.facts import ReleaseFact
from counselhub.statements.rules.periods import in_force_on
from counselhub.statements.terms import Grade
from counselhub.statements.versions import all_of

# As adjustments: open ones go to a statement that is not at the office yet.
RELEASES = f"""
    SELECT json_agg(json_build_array(a.street_code, a.contract_id, c.number, a.community_code,
        a.year, a.grade, a.withheld_fen, a.base_fen, a.id, coalesce(c.terminated_on, c.ends_on),
        k.code,
        (SELECT json_agg(json_build_array({VERSION_VALUES}))
         FROM scheme_version v WHERE v.firm_id = k.firm_id AND v.scheme_id = k.id)
    ) ORDER BY a.year, a.id)
    FROM assessment_release a
    JOIN contract c ON c.firm_id = a.firm_id AND c.id = a.contract_id
    JOIN scheme k ON k.firm_id = c.firm_id AND k.id = c.scheme_id
    LEFT JOIN statement taker ON taker.firm_id = a.firm_id AND taker.street_code = a.street_code
        AND taker.month = %(opens)s AND taker.status <> 'void'
    WHERE a.firm_id = %(firm)s AND a.street_code = ANY (%(streets)s) AND a.last_month < %(opens)s
        AND (a.statement_id = taker.id OR (a.statement_id IS NULL AND taker.submitted_at IS NULL))
"""  # noqa: S608  # names of ours


class Released(NamedTuple):
    """One fact, with the contract's id for the lines that it makes."""

    fact: ReleaseFact
    contract_id: UUID


def facts_of(rows: Iterable[Sequence[Any]]) -> list[tuple[str, Released]]:
    """Return street and fact of each row, by year."""
    return [(row[0], _released(*row[1:])) for row in rows]


def _released(
    contract_id: str, number: str, community: str, year: int, grade: str, *more: Any
) -> Released:
    """Read one row; the version in force at the year's end decides the percentages."""
    withheld_fen, base_fen, key, ends_on, scheme, versions = more
    day = min(date(year, 12, 31), date.fromisoformat(ends_on))
    fact = ReleaseFact(
        contract=number,
        community=community,
        year=year,
        grade=Grade(grade),
        withheld_fen=withheld_fen,
        base_fen=base_fen,
        terms=in_force_on(all_of(scheme, versions), day),
        key=key,
    )
    return Released(fact, UUID(contract_id))
