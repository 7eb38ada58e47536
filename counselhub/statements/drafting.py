"""What a computation changes in the lines that are stored. Pure: lines in, a plan out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from counselhub.statements.lines import Line, LineKind, TraceStep, as_json
from counselhub.statements.models import StatementLine
from counselhub.statements.months import Month
from counselhub.statements.rules.warnings import Notice
from counselhub.statements.states import SETTLED
from counselhub.statements.terms import SchemeTerms

Key = tuple[str, str | None, str, Month]
"""Contract, community, kind and month: what makes a line the same line."""

WITHDRAWN = TraceStep("M11", "withdrawn", {})
"""The only step of a line that was submitted once and has lost its records since."""


class Draft(NamedTuple):
    """A computed line with its warnings, both as `lines.encode` writes them."""

    line: Line
    trace: list[Any]
    warnings: list[Any]

    def settled(self) -> "Draft":
        """Return it as it will be read back, to compare it with a stored line."""
        return Draft(self.line, as_json(self.trace), as_json(self.warnings))


@dataclass(slots=True)
class Plan:
    """What to write, and the lines as they will stand, in their order.

    standing: the sealed ones with the amount that was accepted, whatever the rules give now.
    """

    added: list[tuple[int, Draft]] = field(default_factory=list)
    changed: list[tuple[StatementLine, Draft]] = field(default_factory=list)
    removed: list[StatementLine] = field(default_factory=list)
    moved: list[tuple[StatementLine, int]] = field(default_factory=list)
    standing: list[Line] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the stored lines already say what the rules give."""
        return not (self.added or self.changed or self.removed)


def drafts_of(lines: Iterable[Line], warnings: Mapping[Any, Sequence[Notice]]) -> list[Draft]:
    """Return the lines with what is stored of them."""
    return [
        Draft(
            line,
            [step.parts() for step in line.trace],
            [
                notice.parts()
                for notice in warnings.get(
                    (line.contract, line.community, line.kind, line.month), ()
                )
            ],
        )
        for line in lines
    ]


def plan(
    drafts: Sequence[Draft],
    stored: Iterable[StatementLine],
    terms: Mapping[str, SchemeTerms],
    *,
    submitted: bool,
) -> Plan:
    """Compare what the rules give with what is stored.

    A line that is accepted, refused or deferred stays as it is. Once `submitted`, a line that lost
    its records stays at 0.
    terms: by contract number, for lines that the rules no longer give.
    """
    made = Plan()
    left = {key_of(line): line for line in stored}
    at: list[tuple[Draft | None, StatementLine | None, Line]] = []
    for draft in drafts:
        row = left.pop(_key(draft.line), None)
        at.append((draft if row is None else draft.settled(), row, draft.line))
    for row in left.values():
        sealed = _sealed(row, terms)
        if row.review in SETTLED:
            at.append((None, row, sealed))
        elif submitted:
            gone = _withdrawn(sealed)
            at.append((gone, row, gone.line))
        else:
            made.removed.append(row)
    at.sort(key=lambda item: item[2].place)
    for position, entry in enumerate(at):
        _place(made, position, *entry)
    return made


def _withdrawn(line: Line) -> Draft:
    """Return a line that has lost its records, at nothing."""
    gone = replace(line, amount_fen=0, quantity="0", trace=(WITHDRAWN,))
    return Draft(gone, [WITHDRAWN.document()], [])


def _place(
    made: Plan, position: int, draft: Draft | None, row: StatementLine | None, line: Line
) -> None:
    """Note what becomes of one line at its position."""
    if row is None:
        if draft is not None:
            made.added.append((position, draft))
        made.standing.append(line)
        return
    if row.position != position:
        made.moved.append((row, position))
    if row.review in SETTLED:
        made.standing.append(replace(line, amount_fen=row.amount_fen, quantity=row.quantity))
        return
    if draft is not None and _differs(row, draft):
        made.changed.append((row, draft))
    made.standing.append(line)


def _differs(row: StatementLine, draft: Draft) -> bool:
    line = draft.line
    return (row.amount_fen, row.quantity, row.trace, row.warnings) != (
        line.amount_fen,
        line.quantity,
        draft.trace,
        draft.warnings,
    )


def key_of(row: StatementLine) -> Key:
    """Return what makes a stored line the same line."""
    return row.contract_number, row.community_code, row.kind, Month.of(row.month)


def _key(line: Line) -> Key:
    return line.contract, line.community or None, line.kind.value, line.month


def _sealed(row: StatementLine, terms: Mapping[str, SchemeTerms]) -> Line:
    """Read a stored line back; its terms are its contract's, None when that is gone too."""
    return Line(
        row.contract_number,
        row.community_code or "",
        LineKind(row.kind),
        Month.of(row.month),
        row.quantity,
        row.amount_fen,
        (),
        terms.get(row.contract_number),
    )
