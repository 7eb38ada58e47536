"""Why a job failed: the kind of error and its place in our code, never what it was called with."""

import traceback
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
    """The innermost line of ours that it passed: `work/running.py:120 run`."""
    at: Mapped[datetime]
    given_up_at: Mapped[datetime | None]
    given_up_by: Mapped[str | None]
    reason: Mapped[str | None]


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
    values = {"error": type(error).__name__, "place": place_of(error), "at": clock.now()}
    noted = insert(JobFault).values(job_id=job_id, **values)
    with tenancy.apart(db.engine, PLATFORM) as connection:
        connection.execute(noted.on_conflict_do_update(index_elements=["job_id"], set_=values))
    return TaskFailedError(f"{values['error']} at {values['place']}")
