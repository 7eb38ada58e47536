"""The blueprint, one conference as its page shows it, and how an act on it is answered."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.conferences import gather, queries, rules
from counselhub.conferences.forms import (
    FeedbackForm,
    OpinionForm,
    RecordForm,
    RevisionForm,
    WordsForm,
    attendance_form,
    record_of,
    task_form,
)
from counselhub.conferences.kinds import (
    CONFERENCE_ACTS,
    PRESENCE_TONES,
    TASK_TONES,
    TONES,
    ConferenceMode,
    ConferenceStatus,
    Presence,
)
from counselhub.conferences.models import Conference, ConferenceSeat
from counselhub.core import clock, htmx
from counselhub.core.access import can, current_member, fetch
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.forms import Form, named, revision_of, show_refusal, shown_fields
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.referrals.kinds import HANDLED

bp = Blueprint("conferences", __name__)
PAGE = "conferences/conference.html"
BESIDE_ROWS = ("finish_task", "drop_task")
"""Acts whose forms the page writes once for each row."""
KINDS: dict[str, Any] = {
    "Status": ConferenceStatus,
    "Mode": ConferenceMode,
    "Presence": Presence,
    "tones": TONES,
    "presence_tones": PRESENCE_TONES,
    "task_tones": TASK_TONES,
}


@bp.app_template_global("conferences_of")
def conferences_of(referral_id: UUID) -> list[dict[str, Any]]:
    """Return the conferences of a referral for its page, newest first."""
    return [
        {"row": one, "label": ConferenceStatus.of(one.status).label, "tone": TONES[one.status]}
        for one in queries.of_referral(referral_id)
    ]


def fetched(conference_id: UUID) -> Conference:
    """Return a conference in sight with its names. Raises NotFoundError."""
    return fetch(Conference, conference_id, None, *queries.names())


def _standing(
    row: Conference, seats: Sequence[ConferenceSeat], owns_task: bool = False
) -> rules.Standing:
    is_desk = can(Permission.REFERRAL_MANAGE)
    return queries.standing(row, seats, current_member(), is_desk=is_desk, owns_task=owns_task)


def must(
    row: Conference, seats: Sequence[ConferenceSeat], act: str, *, owns_task: bool = False
) -> None:
    """Raise ForbiddenError for who may never do it, ConflictError where the state forbids it."""
    who = _standing(row, seats, owns_task)
    if act in rules.acts(ConferenceStatus.of(row.status), who):
        return
    if act in rules.led() and not (who.leads or owns_task):
        raise ForbiddenError(_("这一步由主持人、主任或内勤来做。"))
    if act not in rules.led() and not who.is_seated:
        raise ForbiddenError(_("由受邀参加会商的律师本人来做。"))
    raise ConflictError(_("它现在的状态不允许这项操作，请看最新内容。"), row=row)


def shown(row: Conference, *, refusal: str = "", **forms: Form) -> dict[str, Any]:
    """Return what the page of a conference shows; forms: those that came back with faults."""
    seats = queries.seats(row.id)
    allowed = rules.acts(ConferenceStatus.of(row.status), _standing(row, seats))
    own = next((one for one in seats if one.adviser_id == current_member().adviser_id), None)
    return KINDS | {
        "row": row,
        "acts": allowed,
        "seats": seats,
        "own": own,
        "busy": _busy(row, seats),
        "tasks": [(one, _state(one)) for one in queries.tasks(row.id)],
        "versions": queries.versions(row.id) if row.concluded_at else [],
        "events": _events(row),
        "forms": _forms(row, seats, own, allowed) | forms,
        "is_waited_for": row.referral is not None and row.referral.status in HANDLED,
        "may_open_service": _may_open_service(row),
        "who": current_member().adviser_id,
        "today": clock.today(),
        "refusal": refusal,
    }


def _may_open_service(row: Conference) -> bool:
    is_own = row.service.adviser_id == current_member().adviser_id
    return is_own or can(Permission.SERVICE_MANAGE)


def _state(task: Any) -> Any:
    return rules.task_state(task.due_on, task.done_on, clock.today())


def _busy(row: Conference, seats: Sequence[ConferenceSeat]) -> dict[UUID, str]:
    """Return in words what takes the time of who is called, while it is planned."""
    if row.status != ConferenceStatus.PLANNED:
        return {}
    called = [one.adviser_id for one in seats if one.presence != Presence.EXCUSED]
    return {who: told(several) for who, several in gather.clashes(row.span, called, row.id).items()}


def told(several: Sequence[rules.Busy]) -> str:
    """Return what takes somebody's time as one line: 值班 甲社区 14:00–16:00."""
    return str(_("；")).join(
        f"{one.kind.label} {one.what} {one.span.starts:%H:%M}–{_end(one)}".replace("  ", " ")
        for one in several
    )


def _end(one: rules.Busy) -> str:
    return f"{one.span.ends:%H:%M}" if one.span.ends.time() != one.span.starts.time() else "24:00"


def _forms(
    row: Conference,
    seats: Sequence[ConferenceSeat],
    own: ConferenceSeat | None,
    allowed: frozenset[str],
) -> dict[str, Form]:
    """Return the forms of the acts that are allowed, filled from what is stored."""
    now: dict[str, Any] = {"formdata": None, "revision": row.revision}
    made: dict[str, Form] = {}
    if allowed & {"hold", "attend"}:
        made["hold"] = attendance_form(row, seats, fresh=True)
    if "give_opinion" in allowed and own is not None:
        mine = {"opinion": own.opinion, "revision": own.revision}
        made["give_opinion"] = OpinionForm(formdata=None, data=mine)
    if "note" in allowed:
        made["note"] = RecordForm(formdata=None, data=record_of(row))
    if "revise" in allowed:
        made["revise"] = RevisionForm(formdata=None, data=record_of(row))
    if "tell_community" in allowed:
        made["tell_community"] = FeedbackForm(told_on=clock.today(), **now)
    if "add_task" in allowed:
        made["add_task"] = task_form(fresh=True)
    for act in {"cancel", "excuse"} & allowed:
        made[act] = WordsForm(**now)
    return {act: named(form, act) for act, form in made.items()}


def _events(row: Conference) -> list[dict[str, Any]]:
    return [
        {
            "at": one.at,
            "who": one.who,
            "what": page_text(CONFERENCE_ACTS.get(one.act, one.act)),
        }
        for one in queries.whole_way(row)
    ]


def done(
    conference_id: UUID,
    act: str,
    form: Form,
    do: Callable[[Conference, int | None], object],
    toast: str,
    *,
    shown_as: str = "",
    owns_task: bool = False,
) -> ResponseReturnValue:
    """Do one act to the conference as the page showed it; a refusal is told on it as it now is.

    shown_as: the name of its form on the page, when that is not the act's.
    """
    row = fetched(conference_id)
    place = shown_as or act
    named(form, place)
    try:
        must(row, queries.seats(row.id), act, owns_task=owns_task)
        if not form.validate_on_submit():
            return _invalid(row, place, form)
        do(row, revision_of(form["revision"]) if "revision" in form else None)
    except ConflictError as conflict:
        return htmx.refused(PAGE, **shown(fetched(conference_id), refusal=conflict.message))
    except RefusedError as refusal:
        return _refused(conference_id, place, form, refusal)
    flash(toast, "success")
    return htmx.gone_to(url_for("conferences.conference", conference_id=conference_id))


def _invalid(row: Conference, place: str, form: Form) -> ResponseReturnValue:
    """Show the form with its faults; one that stands beside a row of a list tells its first."""
    if place not in BESIDE_ROWS:
        return htmx.invalid(PAGE, **shown(row, **{place: form}))
    first = next(one for one in form if one.errors)
    sentence = f"{first.label.text}{_('：')}{first.errors[0]}"
    return htmx.invalid(PAGE, **shown(row, refusal=sentence))


def _refused(
    conference_id: UUID, place: str, form: Form, refusal: RefusedError
) -> ResponseReturnValue:
    """Show the sentence at the form's last field; the hidden ones have no place of their own."""
    row = fetched(conference_id)
    fields = shown_fields(form)
    if not fields:
        return htmx.invalid(PAGE, **shown(row, refusal=refusal.message))
    show_refusal(fields[-1], refusal)
    return htmx.invalid(PAGE, **shown(row, **{place: form}))
