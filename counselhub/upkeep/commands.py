"""The queue at the command line."""

import click
from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.members import command_member
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.upkeep import actions, queries
from counselhub.upkeep.kinds import JobState

MOST = 500


@click.group()
def jobs() -> None:
    """The queue's jobs: which failed, and begun again."""


@command(jobs, "list")
@click.option("--state", type=click.Choice([one.value for one in JobState]), default="failed")
@click.option("--name", default="", help="How the task's name begins.")
@click.option("--json", "as_json", is_flag=True)
def list_(state: str, name: str, as_json: bool) -> None:
    """List jobs of one state, the newest first, at most 500."""
    document, lines = [], []
    with as_platform():
        found = db.session.execute(queries.jobs(JobState.of(state), name).limit(MOST)).all()
    for row in found:
        at = row.at and row.at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")
        told = {"id": row.id, "job": row.task_name, "tenant": row.whose, "status": row.status}
        told |= {"attempts": row.attempts, "at": at, "error": row.error, "place": row.place}
        document.append(told)
        lines.append(" ".join(str(value) for value in told.values() if value not in (None, "")))
    emit({"jobs": document}, as_json, "\n".join(lines) or _("没有这种状态的作业。"))


@command(jobs, "retry")
@click.argument("job_id", type=int)
@click.option("--json", "as_json", is_flag=True)
def retry(job_id: int, as_json: bool) -> None:
    """Begin a failed job again."""
    with as_platform():
        actions.retry([job_id], by=command_member(PLATFORM))
        db.session.commit()
    emit({"id": job_id, "status": "todo"}, as_json, _("已重新排队。"))
