"""The month of every firm and street: the batch. Resumable, for it only ever fills in drafts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from counselhub.core.access import command_member
from counselhub.core.db import db
from counselhub.core.errors import DomainError
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_platform
from counselhub.people.models import Firm
from counselhub.statements.actions.compute import settle
from counselhub.statements.actions.making import make
from counselhub.statements.gather import Gathered, gather
from counselhub.statements.months import Month
from counselhub.statements.queries import live_statements
from counselhub.statements.states import StatementStatus

FIRMS_A_COMMIT = 25


@dataclass(slots=True)
class Outcome:
    """What a run did. skipped: statements no longer a draft. refused: firm's code and why."""

    month: Month
    firms: int = 0
    computed: int = 0
    skipped: int = 0
    total_fen: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        """Return the outcome as JSON."""
        return {
            "month": str(self.month),
            "firms": self.firms,
            "computed": self.computed,
            "skipped": self.skipped,
            "total_fen": self.total_fen,
            "refused": [{"firm": code, "message": words} for code, words in self.refused],
        }


def run(month: date) -> Outcome:
    """Compute the month for every firm and street; commits some firms at a time.

    Each firm works under its own scope. A firm that is refused is named and left out, the others
    stand.
    """
    with as_platform():
        firms = list(db.session.execute(select(Firm.id, Firm.code).order_by(Firm.code)))
    outcome = Outcome(Month.of(month))
    for first in range(0, len(firms), FIRMS_A_COMMIT):
        some = [(firm_id, code) for firm_id, code in firms[first : first + FIRMS_A_COMMIT]]
        try:
            _commit(some, outcome)
        except DomainError:
            db.session.rollback()
            for one in some:
                _try_one(one, outcome)
    return outcome


def _commit(firms: Sequence[tuple[UUID, str]], outcome: Outcome) -> None:
    """Compute some firms in one transaction; count them once it stands."""
    done = [_of_firm(firm_id, code, outcome.month) for firm_id, code in firms]
    db.session.commit()
    db.session.expunge_all()
    outcome.firms += len(firms)
    outcome.computed += sum(computed for computed, _, _ in done)
    outcome.skipped += sum(skipped for _, skipped, _ in done)
    outcome.total_fen += sum(total_fen for _, _, total_fen in done)


def _try_one(firm: tuple[UUID, str], outcome: Outcome) -> None:
    try:
        _commit([firm], outcome)
    except DomainError as refusal:
        words = refusal.message
        db.session.rollback()
        outcome.refused.append((firm[1], words))


def _of_firm(firm_id: UUID, code: str, month: Month) -> tuple[int, int, int]:
    """Compute a firm's streets; return how many, how many were skipped, and the sum."""
    with as_firm(firm_id):
        by = command_member(Scope(ScopeKind.FIRM, str(firm_id)))
        gathered = gather(month)
        new = [each for each in gathered if not _live(each)]
        total_fen = make(new, by, code) if new else 0
        drafts = [each for each in gathered if _live(each) == StatementStatus.DRAFT]
        if drafts:
            found = live_statements(month.first, [each.facts.street for each in drafts], lock=True)
            works = settle(drafts, found, by)
            total_fen += sum(work.statement.total_fen for work in works)
        computed = len(new) + len(drafts)
        return computed, len(gathered) - computed, total_fen


def _live(gathered: Gathered) -> str:
    """Return the state of the street's live statement, "" when there is none."""
    return next((each for each in gathered.standing if each != StatementStatus.VOID), "")
