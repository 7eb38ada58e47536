"""What a job does for many tenants, one after the other: a fault with one holds up none of them.

What failed is rolled back and logged by its kind, its place and whose it was, never by its words.
The round goes on and raises at its end, so that the job counts as failed and is tried again: what
a step has done, and committed, it must find done the next time.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from uuid import UUID

from counselhub.core.db import db
from counselhub.core.job_faults import Fault, SomeFailedError, place_of
from counselhub.core.members import Member, command_member
from counselhub.core.tenancy import Scope, ScopeKind, as_scope

log = logging.getLogger(__name__)


class Round:
    """Goes through tenants as `with Round() as each:`; at its end raises SomeFailedError."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __enter__(self) -> "Round":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Name what failed, unless the round itself was broken off."""
        if error is None and self.faults:
            raise SomeFailedError(self.faults)

    @contextmanager
    def step(self, whose: str) -> Iterator[None]:
        """Do inside what may fail alone, and commit it there. whose: ids and codes, for the log.

        A round that is done inside adds its own faults.
        """
        try:
            yield
        except SomeFailedError as several:
            db.session.rollback()
            self.faults += several.faults
        except Exception as error:
            db.session.rollback()
            fault = Fault(whose, type(error).__name__, place_of(error))
            log.error("%s: %s at %s", fault.whose, fault.error, fault.place)
            self.faults.append(fault)

    @contextmanager
    def of(self, scope: Scope) -> Iterator[Member]:
        """Do inside one tenant's part, in its scope, as the platform's own hand; commit it."""
        with self.step(f"{scope.kind}:{scope.key}"), as_scope(scope):
            yield command_member(scope)

    @contextmanager
    def firm(self, firm_id: UUID) -> Iterator[Member]:
        """Do inside one law firm's part, as `of`."""
        with self.of(Scope(ScopeKind.FIRM, str(firm_id))) as by:
            yield by

    @contextmanager
    def office(self, street_code: str) -> Iterator[Member]:
        """Do inside the part of one street's office, as `of`."""
        with self.of(Scope(ScopeKind.OFFICE, street_code)) as by:
            yield by
