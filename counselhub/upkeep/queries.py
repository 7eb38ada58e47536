"""Jobs of the queue: no argument of any is shown, only whose it is."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, and_, cast, column, func, or_, select, table
from sqlalchemy.dialects.postgresql import JSONB

from counselhub.core.db import db
from counselhub.core.job_faults import JobFault, split
from counselhub.core.jobs import Worker, workers
from counselhub.people.models import Firm
from counselhub.upkeep.kinds import JobState

JOBS = table(
    "procrastinate_jobs",
    *map(column, ("id", "task_name", "status", "attempts", "queue_name")),
    column("args", JSONB),
    schema="jobs",
)
FIRM = re.compile(r"firm:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
EVENTS = table("procrastinate_events", *map(column, ("job_id", "at")), schema="jobs")


def jobs(
    state: JobState | None, name: str = "", also: Collection[str] = ()
) -> Select[*tuple[Any, ...]]:
    """Select jobs, the newest first: what, whose, state, tries, when, why it failed last.

    name: how the task's name begins. also: names that are looked for besides, in full.
    """
    last = select(func.max(EVENTS.c.at)).where(EVENTS.c.job_id == JOBS.c.id).scalar_subquery()
    is_firms = and_(
        JOBS.c.args["scope_kind"].astext == "firm",
        JOBS.c.args["scope_key"].astext == cast(Firm.id, String),
    )
    query = (
        select(
            JOBS.c.id,
            JOBS.c.task_name,
            cast(JOBS.c.status, String).label("status"),
            JOBS.c.attempts,
            JOBS.c.args["scope_kind"].astext.label("kind"),
            func.coalesce(Firm.code, JOBS.c.args["scope_key"].astext, "").label("whose"),
            last.label("at"),
            JobFault.error,
            JobFault.place,
            JobFault.reason,
            JobFault.given_up_by,
        )
        .select_from(JOBS)
        .outerjoin(JobFault, JobFault.job_id == JOBS.c.id)
        .outerjoin(Firm, is_firms)
        .where(or_(JOBS.c.task_name.startswith(name, autoescape=True), JOBS.c.task_name.in_(also)))
        .order_by(JOBS.c.id.desc())
    )
    return query if state is None else query.where(cast(JOBS.c.status, String) == state.value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job failed. count: of how many that it went through, 0 of none; whose: named."""

    where: str
    count: int
    whose: list[str]


def places(rows: Sequence[Any]) -> dict[int, Place]:
    """Return where each job of a page failed, by its id, firms by their codes: one statement."""
    found = {row.id: split(row.place) for row in rows if row.place}
    ids = {
        UUID(one) for _where, _count, named in found.values() for one in FIRM.findall(str(named))
    }
    codes: dict[str, str] = {}
    if ids:
        query = select(Firm.id, Firm.code).where(Firm.id.in_(ids))
        codes = {str(firm_id): code for firm_id, code in db.session.execute(query)}

    def code_of(match: re.Match[str]) -> str:
        return codes.get(match[1], match[1])

    return {
        key: Place(where, count, [FIRM.sub(code_of, one).removeprefix("office:") for one in named])
        for key, (where, count, named) in found.items()
    }


@dataclass(frozen=True, slots=True)
class Health:
    """How the service is. workers: the one last heard of first."""

    workers: Sequence[Worker]
    dead_letters: int

    @property
    def heartbeat_seconds(self) -> int | None:
        """How long ago any worker was heard of, None for never."""
        return self.workers[0].silent_seconds if self.workers else None

    @property
    def silent_workers(self) -> int:
        """How many are not heard of any more, whoever else lives."""
        return sum(not one.lives for one in self.workers)

    @property
    def is_well(self) -> bool:
        """Whether a worker lives; silent ones and dead letters wait for the operator."""
        return any(one.lives for one in self.workers)


def health() -> Health:
    """Ask the database, with two statements."""
    failed = select(func.count()).where(cast(JOBS.c.status, String) == JobState.FAILED.value)
    return Health(workers(), db.session.scalar(failed) or 0)
