"""Why a job failed: the kind of error and its place in our code, never what it was called with."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core import clock, tenancy
from counselhub.core.db import Base, db
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import PLATFORM

HERE = Path(__file__).parents[1]
"""The package: what stands outside is a library's."""
NAMED = 20
"""How many of those that failed a job's fault names; the log names each."""
MANY = " · "
"""What parts the places of a job that went through many from how many failed, and which."""


class JobFault(Base):
    """The last failure of one job of the queue, and who gave the job up."""

    __tablename__ = "job_fault"
    __table_args__ = (
        CheckConstraint(
            "(given_up_at IS NULL) = (reason IS NULL)"
            " AND (given_up_at IS NULL) = (given_up_by IS NULL)",
            name="given_up",
        ),
    )
    data_class = DataClass.PLATFORM

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    error: Mapped[str]
    """The class of the error."""
    place: Mapped[str]
    """The innermost line of ours that it passed: `work/running.py:120 run`; of a job that went
    through many, how many failed and which besides."""
    at: Mapped[datetime]
    given_up_at: Mapped[datetime | None]
    given_up_by: Mapped[str | None]
    reason: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with one of many. whose: `firm:` and its id, a street's code and the like."""

    whose: str
    error: str
    place: str


class SomeFailedError(Exception):
    """Of many that a job went through some failed; the others are done."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        kinds = dict.fromkeys(fault.error for fault in faults)
        places = dict.fromkeys(fault.place for fault in faults)
        named = list(dict.fromkeys(fault.whose for fault in faults))
        self.error = ", ".join(kinds)
        some = named[:NAMED] + ["…"] * (len(named) > NAMED)
        self.place = f"{', '.join(places)}{MANY}{len(named)}: {', '.join(some)}"
        super().__init__(f"{self.error} at {self.place}")


def split(place: str) -> tuple[str, int, list[str]]:
    """Return the place of a kept fault alone, how many failed, and those that are named."""
    where, _many, told = place.partition(MANY)
    count, _colon, named = told.partition(": ")
    return where, int(count or 0), named.split(", ") if named else []


class TaskFailedError(Exception):
    """What the queue's log is told of a failure: kind and place, for its words may be private."""


def place_of(error: BaseException) -> str:
    """Return the innermost line of the package that an error passed, "" when it passed none."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(HERE)]
    if not ours:
        return ""
    name = Path(ours[-1].filename).relative_to(HERE)
    return f"{name}:{ours[-1].lineno} {ours[-1].name}"


def keep(job_id: int, error: Exception) -> TaskFailedError:
    """Note a failure in a transaction of its own; return what to raise instead of it."""
    kind, place = type(error).__name__, place_of(error)
    if isinstance(error, SomeFailedError):
        kind, place = error.error, error.place
    values = {"error": kind, "place": place, "at": clock.now()}
    noted = insert(JobFault).values(job_id=job_id, **values)
    with tenancy.apart(db.engine, PLATFORM) as connection:
        connection.execute(noted.on_conflict_do_update(index_elements=["job_id"], set_=values))
    return TaskFailedError(f"{kind} at {place}")
