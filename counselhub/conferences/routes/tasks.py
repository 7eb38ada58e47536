"""What is left to do: give it to somebody, say that it is done, take it back."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.conferences import task_actions
from counselhub.conferences.forms import ActForm, WordsForm, task_form
from counselhub.conferences.models import ConferenceTask
from counselhub.conferences.routes.blueprint import bp, done
from counselhub.core.access import current_member, fetch, require
from counselhub.core.forms import given, text
from counselhub.core.permissions import Permission


@bp.post("/conferences/<uuid:conference_id>/tasks")
@require(Permission.REFERRAL_USE)
def create_task(conference_id: UUID) -> ResponseReturnValue:
    """Give a lawyer something to do."""
    form = task_form()

    def run(row: Any, _revision: int | None) -> None:
        owner = UUID(given(form.owner_id))
        task_actions.add_task(row, owner, text(form.words), given(form.due_on), by=current_member())

    return done(conference_id, "add_task", form, run, _("任务已布置"))


@bp.post("/conferences/tasks/<uuid:conference_task_id>/completion")
@require(Permission.REFERRAL_USE)
def create_completion(conference_task_id: UUID) -> ResponseReturnValue:
    """Say that it is done; its owner, the chair and the desk may."""
    task = fetch(ConferenceTask, conference_task_id)
    form = WordsForm()
    is_own = task.owner_id == current_member().adviser_id

    def run(row: Any, revision: int | None) -> None:
        task_actions.finish_task(
            task, row, text(form.words), revision=revision, by=current_member()
        )

    return done(task.conference_id, "finish_task", form, run, _("任务已完成"), owns_task=is_own)


@bp.post("/conferences/tasks/<uuid:conference_task_id>/removal")
@require(Permission.REFERRAL_USE)
def create_removal(conference_task_id: UUID) -> ResponseReturnValue:
    """Take it back before it is done."""
    task = fetch(ConferenceTask, conference_task_id)

    def run(row: Any, revision: int | None) -> None:
        task_actions.drop_task(task, row, revision=revision, by=current_member())

    return done(task.conference_id, "drop_task", ActForm(), run, _("任务已取消"))
