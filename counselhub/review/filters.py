"""Which lines of a statement: what the page shows and what one gesture accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, and_, exists, false, func, or_

from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, Side
from counselhub.statements.thread_models import LineEntry, LineQuery

CHANGED = "changed"
HELD = "held"
VIEWS = (
    "",
    LineReview.PENDING.value,
    LineReview.QUERIED.value,
    LineReview.ACCEPTED.value,
    HELD,
    CHANGED,
)


def is_of(statement: Statement) -> ColumnElement[bool]:
    """The lines of one statement."""
    return and_(
        StatementLine.firm_id == statement.firm_id, StatementLine.statement_id == statement.id
    )


def has_warning() -> ColumnElement[bool]:
    """Lines that carry at least one warning."""
    return func.jsonb_array_length(StatementLine.warnings) > 0


def has_changed(statement: Statement) -> ColumnElement[bool]:
    """Lines that the last resubmission changed or brought, or whose query it answered."""
    if statement.version < 2:
        return false()
    answered = exists().where(
        LineQuery.firm_id == StatementLine.firm_id,
        LineQuery.line_id == StatementLine.id,
        LineQuery.version == statement.version - 1,
        LineEntry.firm_id == LineQuery.firm_id,
        LineEntry.query_id == LineQuery.id,
        LineEntry.side == Side.FIRM,
    )
    return or_(StatementLine.version == statement.version, answered)


@dataclass(frozen=True, slots=True)
class LineFilter:
    """What the reader asked for; '' asks for nothing in particular.

    view: one of VIEWS; kind: a line's kind; community: a code; warnings: `yes` or `no`.
    """

    view: str = ""
    kind: str = ""
    community: str = ""
    warnings: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read the filter from an address; an unknown view is none."""
        view = args.get("view", "")
        return cls(
            view if view in VIEWS else "",
            args.get("kind", ""),
            args.get("community", ""),
            args.get("warnings", ""),
        )

    @property
    def is_set(self) -> bool:
        """Whether anything was asked for."""
        return self != LineFilter()

    def clauses(self, statement: Statement) -> list[ColumnElement[bool]]:
        """Return the conditions on the lines of `statement`."""
        asked: list[ColumnElement[bool]] = [is_of(statement)]
        if self.view == CHANGED:
            asked.append(has_changed(statement))
        elif self.view == HELD:
            asked.append(StatementLine.review.in_((LineReview.DEFERRED, LineReview.REFUSED)))
        elif self.view:
            asked.append(StatementLine.review == self.view)
        if self.kind:
            asked.append(StatementLine.kind == self.kind)
        if self.community:
            asked.append(StatementLine.community_code == self.community)
        if self.warnings:
            asked.append(has_warning() if self.warnings == "yes" else ~has_warning())
        return asked

    def matching(self, statement: Statement) -> list[ColumnElement[bool]]:
        """Return the conditions of what one gesture accepts: pending and without a warning."""
        return [
            *self.clauses(statement),
            StatementLine.review == LineReview.PENDING,
            ~has_warning(),
        ]
