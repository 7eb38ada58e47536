"""The month of every firm and street: the batch. Resumable, for it only ever fills in drafts."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from counselhub.core.db import db
from counselhub.core.errors import DomainError
from counselhub.core.members import Member, command_member
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_platform, change_scope
from counselhub.people.models import Firm
from counselhub.statements.actions.compute import settle, take_turn
from counselhub.statements.actions.making import LostError, make, make_plainly
from counselhub.statements.gather import Gathered, gather
from counselhub.statements.months import Month
from counselhub.statements.queries import live_statements
from counselhub.statements.states import StatementStatus

FIRMS_A_COMMIT = 25
Parts = Sequence[Sequence[tuple[UUID, str]]]
Maker = Callable[[Sequence[Gathered], Member, str], int]


@dataclass(slots=True)
class Outcome:
    """What a run did. skipped: statements no longer a draft. refused: firm's code and why."""

    month: Month
    firms: int = 0
    computed: int = 0
    skipped: int = 0
    total_fen: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Take in what was done for other firms."""
        self.firms += other.firms
        self.computed += other.computed
        self.skipped += other.skipped
        self.total_fen += other.total_fen
        self.refused += other.refused

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


def run(month: date, *, jobs: int = 1) -> Outcome:
    """Compute the month for every firm and street; commits some firms at a time.

    Each firm works under its own scope. A firm that is refused, by the rules or by the database, is
    named and left out, the others stand. jobs: processes that share the firms; more than one only
    outside a transaction, for every connection is given up first.
    """
    with as_platform():
        found = db.session.execute(select(Firm.id, Firm.code).order_by(Firm.code))
        firms = [(firm_id, code) for firm_id, code in found]
    starts = range(0, len(firms), FIRMS_A_COMMIT)
    parts = [firms[first : first + FIRMS_A_COMMIT] for first in starts]
    whole = Outcome(Month.of(month))
    for outcome in _in_processes(whole.month, parts, jobs):
        whole.add(outcome)
    return whole


def _in_processes(month: Month, parts: Parts, jobs: int) -> Iterable[Outcome]:
    """Work the parts off, here or in forked processes that each open connections of their own."""
    if jobs < 2 or len(parts) < 2:
        return [run_part(month, part) for part in parts]
    db.session.remove()
    db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(
        min(jobs, len(parts)), mp_context=fork, initializer=_end_with_parent
    ) as pool:
        return list(pool.map(run_part, repeat(month), parts))


def _end_with_parent() -> None:
    """Leave as soon as the run is killed: nobody else would ever tell this process to end."""
    threading.Thread(target=_await_parent, daemon=True).start()


def _await_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def run_part(month: Month, firms: Sequence[tuple[UUID, str]]) -> Outcome:
    """Compute some firms in one transaction; one by one, and with savepoints, when that fails."""
    outcome = Outcome(month)
    with _uncollected():
        try:
            _commit(firms, outcome, make_plainly)
        except (DomainError, LostError, DBAPIError):
            db.session.rollback()
            for firm in firms:
                _try_one(firm, outcome)
    return outcome


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for cycles between parts only: facts and lines are very many, and go without it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _commit(firms: Sequence[tuple[UUID, str]], outcome: Outcome, maker: Maker) -> None:
    """Compute some firms in one transaction; count them once it stands.

    The same few statements are sent for each firm: planning them once is enough. The disk is not
    waited for: should the machine fail at that moment, drafts are lost that a second run makes.
    """
    db.session.execute(
        text(
            "SELECT set_config('plan_cache_mode', 'force_generic_plan', true),"
            " set_config('synchronous_commit', 'off', true)"
        )
    )
    take_turn(outcome.month, *(firm_id for firm_id, _ in firms))
    with as_firm(firms[0][0]):
        done = [_of_firm(firm_id, code, outcome.month, maker) for firm_id, code in firms]
    db.session.commit()
    db.session.expunge_all()
    outcome.firms += len(firms)
    outcome.computed += sum(computed for computed, _, _ in done)
    outcome.skipped += sum(skipped for _, skipped, _ in done)
    outcome.total_fen += sum(total_fen for _, _, total_fen in done)


def _try_one(firm: tuple[UUID, str], outcome: Outcome) -> None:
    try:
        _commit([firm], outcome, make)
    except DomainError as refusal:
        words = refusal.message
    except DBAPIError as error:
        if error.connection_invalidated or error.statement is None:  # there is no database
            raise
        words = str(_("数据库没有接受：%(words)s", words=str(error.orig).partition("\n")[0]))
    else:
        return
    db.session.rollback()
    outcome.refused.append((firm[1], words))


def _of_firm(firm_id: UUID, code: str, month: Month, maker: Maker) -> tuple[int, int, int]:
    """Compute a firm's streets; return how many, how many were skipped, and the sum.

    It leaves the transaction under the firm's scope, which the next firm changes.
    """
    scope = Scope(ScopeKind.FIRM, str(firm_id))
    change_scope(scope)
    by = command_member(scope)
    gathered = gather(month)
    new = [each for each in gathered if not _live(each)]
    total_fen = maker(new, by, code) if new else 0
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
