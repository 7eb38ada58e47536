"""Pages of interviews: the office's list with whom to ask, the record, the firm's side."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.interviews import actions, document, queries
from counselhub.interviews.forms import InterviewForm, WordsForm, interview_form, values_of
from counselhub.interviews.kinds import ACTS, TONES, InterviewReason, InterviewStatus
from counselhub.interviews.models import Interview

bp = Blueprint("interviews", __name__)
PAGE, FORM = "interviews/interview.html", "interviews/form.html"
TIME_TO_MEND = timedelta(days=30)
P = Permission


def _words() -> dict[str, Any]:
    return {
        "Status": InterviewStatus,
        "Reason": InterviewReason,
        "tones": TONES,
        "today": clock.today(),
    }


def _listed(default: str) -> dict[str, Any]:
    tab, q = request.args.get("tab", default), request.args.get("q", "").strip()
    sort = sorting.asked_sort(queries.SORTS)
    return {
        "page": paging.paged(queries.interviews(tab, q, sort)),
        "tallies": queries.tallies(),
        "tab": tab if tab in queries.TABS else "all",
        "q": q,
        "sort": sort,
        **_words(),
    }


@bp.get("/interviews")
@require(P.SPOT_READ)
def interviews() -> ResponseReturnValue:
    """List the interviews of the street."""
    return htmx.show("interviews/interviews.html", **_listed("open"))


@bp.get("/interviews/proposals")
@require(P.SPOT_READ)
def proposals() -> ResponseReturnValue:
    """Show whom to ask after a month, the last one unless another is asked for."""
    last = clock.previous_month(clock.this_month())
    month = paging.month_of(request.args.get("month")) or last
    return htmx.show(
        "interviews/proposals.html",
        found=queries.proposals(current_member().street_code, month),
        month=paging.month_links(month),
        tallies=queries.tallies(),
        **_words(),
    )


@bp.get("/interview-records")
@require(P.DUTY_MANAGE)
def received() -> ResponseReturnValue:
    """List what offices have delivered to the firm."""
    return htmx.show("interviews/received.html", **_listed("all"))


@bp.get("/interviews/new")
@require(P.INTERVIEW)
def new_interview() -> ResponseReturnValue:
    """Ask for a new one, filled with what the address knows of it."""
    today = clock.today()
    known = ("firm_id", "community_code", "adviser_id", "month", "reason", "words")
    values: dict[str, object] = {name: request.args.get(name, "") for name in known}
    values |= {"held_on": today, "due_on": today + TIME_TO_MEND}
    return htmx.show(FORM, form=_form(values), row=None, refusal="")


def _form(values: dict[str, object]) -> InterviewForm:
    return interview_form(queries.choices(current_member().street_code), values)


@bp.post("/interviews")
@require(P.INTERVIEW)
def create_interview() -> ResponseReturnValue:
    """Write one down."""
    form = _form({})
    if not form.validate_on_submit():
        return htmx.invalid(FORM, form=form, row=None, refusal="")
    try:
        row = actions.draft(form.entry(), by=current_member())
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_fetch(conflict.row.id), refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.due_on, refusal)
        return htmx.invalid(FORM, form=form, row=None, refusal="")
    flash(_("已存为草稿，送达之前律所看不到"), "success")
    return htmx.gone_to(url_for(".interview", interview_id=row.id))


def _fetch(interview_id: UUID) -> Interview:
    return fetch(Interview, interview_id, None, *queries.NAMES)


def _shown(row: Interview, *, refusal: str = "", form: WordsForm | None = None) -> dict[str, Any]:
    events = [
        {
            "at": event.at,
            "who": event.who,
            "what": page_text(ACTS[event.act]) if event.act in ACTS else event.act,
            "note": event.detail.get("words"),
        }
        for event in queries.happenings(row)
    ]
    held = form or WordsForm(formdata=None, revision=row.revision)
    return {"row": row, "events": events, "form": held, "refusal": refusal, **_words()}


@bp.get("/interviews/<uuid:interview_id>")
@require(P.SPOT_READ, P.DUTY_MANAGE)
def interview(interview_id: UUID) -> ResponseReturnValue:
    """Show one interview, to the office and to the firm that it was delivered to."""
    return htmx.show(PAGE, **_shown(_fetch(interview_id)))


@bp.get("/interviews/<uuid:interview_id>/interview.pdf")
@require(P.SPOT_READ, P.DUTY_MANAGE)
def pdf(interview_id: UUID) -> ResponseReturnValue:
    """Show it as A4."""
    row = _fetch(interview_id)
    name = f"约谈记录-{row.held_on:%Y%m%d}.pdf"
    return attachment(document.pdf(row), name, "application/pdf", is_shown=True)


@bp.get("/interviews/<uuid:interview_id>/edit")
@require(P.INTERVIEW)
def edit_interview(interview_id: UUID) -> ResponseReturnValue:
    """Show the form of a draft."""
    row = _fetch(interview_id)
    return htmx.show(FORM, form=_form(values_of(row)), row=row, refusal="")


@bp.post("/interviews/<uuid:interview_id>")
@require(P.INTERVIEW)
def change_interview(interview_id: UUID) -> ResponseReturnValue:
    """Write a draft anew."""
    row = _fetch(interview_id)
    form = _form(values_of(row))
    if not form.validate_on_submit():
        return htmx.invalid(FORM, form=form, row=row, refusal="")
    try:
        actions.change(row, form.entry(), by=current_member(), revision=revision_of(form.revision))
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_fetch(interview_id), refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.due_on, refusal)
        return htmx.invalid(FORM, form=form, row=_fetch(interview_id), refusal="")
    flash(_("已保存"), "success")
    return htmx.gone_to(url_for(".interview", interview_id=interview_id))


@bp.post("/interviews/<uuid:interview_id>/publication")
@require(P.INTERVIEW)
def create_publication(interview_id: UUID) -> ResponseReturnValue:
    """Deliver it to the firm."""

    def act(row: Interview, _words: str, **held: Any) -> None:
        actions.publish(row, **held)

    return _done(interview_id, act, _("已送达律所，等待确认"))


@bp.post("/interviews/<uuid:interview_id>/acknowledgement")
@require(P.DUTY_MANAGE)
def create_acknowledgement(interview_id: UUID) -> ResponseReturnValue:
    """Acknowledge it for the firm."""
    return _done(interview_id, actions.acknowledge, _("已确认，请按期整改"))


@bp.post("/interviews/<uuid:interview_id>/closing")
@require(P.INTERVIEW)
def create_closing(interview_id: UUID) -> ResponseReturnValue:
    """Close it: what was agreed has been done."""
    return _done(interview_id, actions.close, _("已办结"))


@bp.post("/interviews/<uuid:interview_id>/withdrawal")
@require(P.INTERVIEW)
def create_withdrawal(interview_id: UUID) -> ResponseReturnValue:
    """Take it back."""
    return _done(interview_id, actions.withdraw, _("已撤销"))


def _done(interview_id: UUID, act: Callable[..., None], toast: str) -> ResponseReturnValue:
    """Do it to the interview as the page showed it; a refusal is told on it as it now is."""
    row, form = _fetch(interview_id), WordsForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    try:
        act(row, text(form.words), by=current_member(), revision=form.seen)
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_fetch(interview_id), refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, **_shown(_fetch(interview_id), form=form))
    flash(toast, "success")
    return htmx.gone_to(url_for(".interview", interview_id=interview_id))
