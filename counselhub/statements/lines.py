"""What the rules give: lines with the steps that made them, and the statement they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from counselhub.core.money import in_capitals
from counselhub.statements.facts import CarryFact
from counselhub.statements.months import Month
from counselhub.statements.terms import SchemeTerms, Source


class LineKind(StrEnum):
    """What a line pays or takes, in the order lines are printed."""

    BASE = "base"
    SHORTFALL = "shortfall"
    ATTENDANCE = "attendance"
    LECTURE = "lecture"
    ONLINE = "online"
    CASE = "case"
    ACTIVITY = "activity"
    PERFORMANCE = "performance"
    WITHHOLD = "withhold"
    RELEASE = "release"
    GRADE = "grade"
    ADJUSTMENT = "adjustment"


KIND_ORDER = {kind: place for place, kind in enumerate(LineKind)}


def encode(document: object) -> str:
    """Write a document as JSON text: days `2026-10-08`, exact numbers as text."""
    return orjson.dumps(document, default=_plain).decode()


def as_json(value: object) -> Any:
    """Return a document as it will be read back from its JSON text."""
    return orjson.loads(orjson.dumps(value, default=_plain))


def _plain(value: object) -> object:
    """Write what JSON has no word for."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else str(value)


class TraceStep(NamedTuple):
    """One step of a line's working: the rule, what it worked out, and the numbers it used.

    inputs: numbers, texts, days and sequences of them, amounts in fen; a month is its text.
    Wording is for pages: a sentence for each (rule, name).
    """

    rule: str
    name: str
    inputs: Mapping[str, object]

    def document(self) -> dict[str, Any]:
        """Return the step as JSON: days `2026-10-08`, months `2026-10`, exact numbers as text."""
        return dict(as_json(self.parts()))

    def parts(self) -> dict[str, object]:
        """Return what `encode` writes of the step."""
        return {"rule": self.rule, "name": self.name, "inputs": self.inputs}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; no two share contract, community, month and kind.

    contract and community are "" on the line that carries an unpaid rest. quantity: what the amount
    is reckoned on, without unit, e.g. days `31/31`, hours `2`, minutes `120/480`, percent `10`.
    terms: the scheme version behind it, None on the carry; it decides who pays (M12).
    """

    contract: str
    community: str
    kind: LineKind
    month: Month
    quantity: str
    amount_fen: int
    trace: tuple[TraceStep, ...]
    terms: SchemeTerms | None

    @property
    def place(self) -> tuple[str, str, Month, int]:
        """Where the line stands: community, contract, month, kind."""
        return self.community, self.contract, self.month, KIND_ORDER[self.kind]

    def document(self) -> dict[str, object]:
        """Return the line as JSON."""
        return {
            "contract": self.contract,
            "community": self.community,
            "kind": self.kind.value,
            "month": str(self.month),
            "quantity": self.quantity,
            "amount_fen": self.amount_fen,
            "trace": [step.document() for step in self.trace],
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """A month's lines in their order, and who pays their total.

    funding: each source with its part, in the order of `Source`; the parts sum to the total (M12).
    """

    month: Month
    lines: tuple[Line, ...]
    funding: tuple[tuple[Source, int], ...]

    @property
    def total_fen(self) -> int:
        """The sum of the lines; may be below 0 (M11)."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def payable_fen(self) -> int:
        """What is paid: the total, or 0 when it is below (M11)."""
        return max(self.total_fen, 0)

    @property
    def carried_fen(self) -> int:
        """What is left for the next statement, 0 or less (M11)."""
        return min(self.total_fen, 0)

    def carry(self) -> CarryFact | None:
        """Return what the next statement takes over, by source; None when nothing is left."""
        return CarryFact(self.month, self.funding) if self.carried_fen else None

    def document(self) -> dict[str, object]:
        """Return total, capitals, funding and lines as JSON."""
        return {
            "total_fen": self.total_fen,
            "total_capital": in_capitals(self.total_fen),
            "funding": [
                {"source": source.value, "amount_fen": amount_fen}
                for source, amount_fen in self.funding
            ],
            "lines": [line.document() for line in self.lines],
        }
