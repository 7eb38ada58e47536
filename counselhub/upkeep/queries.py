"""Jobs of the queue: no argument of any is shown, only whose it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, cast, column, func, select, table, text
from sqlalchemy.dialects.postgresql import JSONB

from counselhub.core.db import db
from counselhub.core.job_faults import JobFault
from counselhub.people.models import Firm
from counselhub.upkeep.kinds import JobState

WELL_SECONDS = 60
"""A worker tells every ten seconds that it lives."""
JOBS = table(
    "procrastinate_jobs",
    *map(column, ("id", "task_name", "status", "attempts", "queue_name")),
    column("args", JSONB),
    schema="jobs",
)
EVENTS = table("procrastinate_events", *map(column, ("job_id", "at")), schema="jobs")


def jobs(state: JobState | None, name: str = "") -> Select[*tuple[Any, ...]]:
    """Select jobs, the newest first: what, whose, state, tries, when, why it failed last.

    name: how the task's name begins.
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
        .where(JOBS.c.task_name.startswith(name, autoescape=True))
        .order_by(JOBS.c.id.desc())
    )
    return query if state is None else query.where(cast(JOBS.c.status, String) == state.value)


@dataclass(frozen=True, slots=True)
class Health:
    """How the service is. heartbeat_at: when a worker was last heard of, None for never."""

    heartbeat_at: datetime | None
    heartbeat_seconds: int | None
    dead_letters: int

    @property
    def is_well(self) -> bool:
        """Whether a worker lives; dead letters are told, but wait for the operator."""
        return self.heartbeat_seconds is not None and self.heartbeat_seconds <= WELL_SECONDS


def health() -> Health:
    """Ask the database, with one statement."""
    row = db.session.execute(
        text(
            "SELECT max(w.last_heartbeat),"
            " extract(epoch FROM now() - max(w.last_heartbeat))::bigint,"
            " (SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'failed')"
            " FROM jobs.procrastinate_workers w"
        )
    ).one()
    return Health(row[0], row[1], row[2])
