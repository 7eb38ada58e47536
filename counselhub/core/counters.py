"""Counters of requests in PostgreSQL, shared by all workers: the storage of the limits.

A crash of the database loses them (the table is unlogged): everybody begins anew at nothing.
"""

import hashlib
import threading
import time
from datetime import datetime
from typing import Any

from limits.storage import Storage
from sqlalchemy import ColumnElement, Engine, Index, TableValuedAlias, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core.db import Base
from counselhub.core.row_security import DataClass

SWEEP_SECONDS = 300
"""A worker lets expired counters go no more often."""


class RateCount(Base):
    """One counter: how many hits until when. `key` is a digest that names nobody."""

    __tablename__ = "rate_count"
    __table_args__ = (Index("ix_rate_count_ends_at", "ends_at"), {"prefixes": ["UNLOGGED"]})
    data_class = DataClass.PLATFORM

    key: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[int]
    ends_at: Mapped[datetime]


class Tally:
    """Hits that one worker has not told the database of yet, all its threads together."""

    KEPT = 10_000
    """Keys; with more, all is forgotten, at most a batch of hits each."""

    def __init__(self) -> None:
        self._hits: dict[str, int] = {}
        self._one_at_a_time = threading.Lock()

    def is_due(self, key: str, batch: int) -> bool:
        """Count a hit, and say whether it is the one that completes a batch."""
        if batch == 1:
            return True
        with self._one_at_a_time:
            if len(self._hits) >= self.KEPT:
                self._hits.clear()
            hits = self._hits.get(key, 0) + 1
            self._hits[key] = hits % batch
        return hits == batch

    def ask_next_time(self, key: str, batch: int) -> None:
        """Let the next hit complete a batch: whoever is over a limit stays so."""
        with self._one_at_a_time:
            self._hits[key] = batch - 1


class PostgresStorage(Storage):
    """One statement a hit, outside the request's transaction: a refused request counts too."""

    STORAGE_SCHEME = None  # made by hand, never from an address

    def __init__(self, engine: Engine) -> None:
        """engine: the application's, whose role may call the counting functions."""
        super().__init__()
        self.engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.swept_at = time.monotonic()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a database raises."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and return how many there are; `expiry` seconds after the first they are none."""
        if time.monotonic() - self.swept_at > SWEEP_SECONDS:
            self.swept_at = time.monotonic()
            self._ask(func.sweep_requests())
        return int(self._ask(func.count_request(_digest(key), expiry, amount)) or 0)

    def get(self, key: str) -> int:
        """Return how many there are."""
        return int(self._ask(_counted(key).c.hits) or 0)

    def get_expiry(self, key: str) -> float:
        """Return when they are none, in seconds since 1970."""
        return float(self._ask(_counted(key).c.ends) or time.time())

    def check(self) -> bool:
        """Say whether the database answers."""
        try:
            self._ask(_counted("").c.hits)
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Nobody forgets everybody's counters: that would be a way around them."""
        raise NotImplementedError  # what `limits` asks of a storage that cannot

    def clear(self, key: str) -> None:
        """Forget one counter."""
        self._ask(func.forget_requests(_digest(key)))

    def _ask(self, asked: ColumnElement[Any]) -> Any:
        with self.engine.connect() as connection:
            return connection.scalar(select(asked))


def _counted(key: str) -> TableValuedAlias:
    return func.requests_counted(_digest(key)).table_valued("hits", "ends")


def _digest(key: str) -> str:
    """Keep no address and no account in the table."""
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
