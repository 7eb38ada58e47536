"""Corrections: asked on the phone, decided at the desk with both versions side by side."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import history, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.downloads import paper
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.corrections import actions, queries, rules
from counselhub.corrections.forms import AnswerForm, CorrectionForm, correction_form
from counselhub.corrections.kinds import ACTS, TONES, CorrectionStatus, PaperKind
from counselhub.corrections.models import CorrectionFile, SessionCorrection
from counselhub.duty.kinds import CorrectionReason
from counselhub.duty.models import DutySession
from counselhub.people.queries import has_colleague_with

bp = Blueprint("corrections", __name__)

FILTERS = ("status", "reason", "q")
FORM, PAGE = "corrections/new.html", "corrections/correction.html"


@bp.app_template_global("corrections_of")
def corrections_of(session: DutySession) -> list[dict[str, Any]]:
    """Return the requests on a session for its page, newest first."""
    return [
        {"row": one, "label": CorrectionStatus(one.status).label, "tone": TONES[one.status]}
        for one in queries.of_session(session)
    ]


bp.add_app_template_global(queries.files_on, "correction_files_on")


@bp.get("/duty/corrections")
@require(Permission.FIRM_READ)
def corrections() -> ResponseReturnValue:
    """List the requests: one's own, or everybody's at the desk."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    sort = sorting.asked_sort(queries.SORTS)
    return htmx.show(
        "corrections/corrections.html",
        page=paging.paged(queries.listed(asked, sort)),
        counts=queries.counts(),
        asked=asked,
        sort=sort,
        reasons=CorrectionReason,
        statuses=CorrectionStatus,
        tones=TONES,
        difference=lambda row: rules.difference_minutes(row.was, row.wanted),
    )


@bp.get("/duty/corrections/new")
@require(Permission.DUTY_LOG)
def new_missed() -> ResponseReturnValue:
    """Ask about a session that was never recorded."""
    return htmx.show(FORM, form=correction_form(None, fresh=True), session=None, refusal="")


@bp.post("/duty/corrections")
@require(Permission.DUTY_LOG)
def ask_missed() -> ResponseReturnValue:
    """Ask for a session that was never recorded."""
    return _asked(None, correction_form(None))


@bp.get("/duty/sessions/<uuid:session_id>/corrections/new")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def new_correction(session_id: UUID) -> ResponseReturnValue:
    """Ask how a session should be; the desk asks for somebody else."""
    session = fetch(DutySession, session_id)
    return htmx.show(FORM, form=correction_form(session, fresh=True), session=session, refusal="")


@bp.post("/duty/sessions/<uuid:session_id>/corrections")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def ask_correction(session_id: UUID) -> ResponseReturnValue:
    """Ask for a session to be corrected."""
    session = fetch(DutySession, session_id)
    return _asked(session, correction_form(session))


def _asked(session: DutySession | None, form: CorrectionForm) -> ResponseReturnValue:
    by = current_member()
    adviser_id = session.adviser_id if session else by.adviser_id
    if adviser_id is None:
        raise ForbiddenError(_("您的账号没有对应到名册中的律师，不能申请补正。"))
    if not form.validate_on_submit():
        return htmx.invalid(FORM, form=form, session=session, refusal="")
    try:
        plea = form.plea(adviser_id, session)
        row = actions.ask(session, plea, revision=revision_of(form.revision), by=by)
    except ConflictError as conflict:
        fresh = correction_form(session, fresh=True) if session else form
        return htmx.refused(FORM, form=fresh, session=session, refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form.signed_in, refusal)
        return htmx.invalid(FORM, form=form, session=session, refusal="")
    flash(_("已提交，等主任审批"), "success")
    return htmx.gone_to(url_for(".correction", correction_id=row.id))


@bp.get("/duty/corrections/<uuid:correction_id>")
@require(Permission.FIRM_READ)
def correction(correction_id: UUID) -> ResponseReturnValue:
    """Show one request: the session as it was beside the session as it should be."""
    return htmx.show(PAGE, **_shown(_fetch(correction_id)))


@bp.get("/duty/corrections/files/<uuid:attachment_id>")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def file(attachment_id: UUID) -> Response:
    """Show a photo of ours; a PDF that somebody sent is only ever saved."""
    return _paper(fetch(CorrectionFile, attachment_id))


@bp.get("/duty/corrections/files/<uuid:attachment_id>/thumb")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def file_thumb(attachment_id: UUID) -> Response:
    """Show a photo small."""
    return _paper(fetch(CorrectionFile, attachment_id), small=True)


def _paper(found: CorrectionFile, *, small: bool = False) -> Response:
    return paper(
        queries.content_of(found, small=small),
        str(_("补正附件%(place)d", place=found.place)),
        is_photo=found.kind == PaperKind.PHOTO,
        sent_at=found.arrived_at,
    )


def _fetch(correction_id: UUID) -> SessionCorrection:
    return fetch(SessionCorrection, correction_id, None, *queries.NAMES)


@bp.post("/duty/corrections/<uuid:correction_id>/agreement")
@require(Permission.CORRECTION_DECIDE)
def create_agreement(correction_id: UUID) -> ResponseReturnValue:
    """Agree: correct the session, or let it wait for an adjustment."""

    def act(row: SessionCorrection, form: AnswerForm) -> str:
        revision = revision_of(form.revision)
        actions.agree(row, text(form.answer), revision=revision, by=current_member())
        if row.status == CorrectionStatus.TO_ADJUST:
            return str(_("已同意；当月已封存，列入待调整"))
        if row.status == CorrectionStatus.ADJUSTED:
            return str(_("已同意，差额列入下期结算单"))
        return str(_("已同意，值班记录已更正"))

    return _done(correction_id, act)


@bp.post("/duty/corrections/<uuid:correction_id>/refusal")
@require(Permission.CORRECTION_DECIDE)
def create_refusal(correction_id: UUID) -> ResponseReturnValue:
    """Refuse it, with words."""

    def act(row: SessionCorrection, form: AnswerForm) -> str:
        revision = revision_of(form.revision)
        actions.refuse(row, text(form.answer), revision=revision, by=current_member())
        return str(_("未同意，申请人会看到原因"))

    return _done(correction_id, act)


@bp.post("/duty/corrections/<uuid:correction_id>/withdrawal")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def create_withdrawal(correction_id: UUID) -> ResponseReturnValue:
    """Take the own request back."""

    def act(row: SessionCorrection, form: AnswerForm) -> str:
        actions.withdraw(row, revision=revision_of(form.revision), by=current_member())
        return str(_("已撤回补正申请"))

    return _done(correction_id, act)


def _done(
    correction_id: UUID, act: Callable[[SessionCorrection, AnswerForm], str]
) -> ResponseReturnValue:
    """Do it to the request as the page showed it; a refusal is told on it as it now is."""
    row, form = _fetch(correction_id), AnswerForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    try:
        toast = act(row, form)
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(_fetch(correction_id), refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.answer, refusal)
        return htmx.invalid(PAGE, **_shown(row, form=form))
    flash(toast, "success")
    return htmx.gone_to(url_for(".correction", correction_id=correction_id))


def _shown(row: SessionCorrection, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    by = current_member()
    is_own = actions.is_own(row, by)
    decides = can(Permission.CORRECTION_DECIDE)
    has_colleague = decides and is_own and has_colleague_with(Permission.CORRECTION_DECIDE, by)
    return {
        "correction": row,
        "reason": CorrectionReason(row.reason),
        "status": CorrectionStatus(row.status),
        "tone": TONES[row.status],
        "closed": queries.closed(row) if row.status in ("asked", "to_adjust") else None,
        "difference": rules.difference_minutes(row.was, row.wanted),
        "files": queries.files_of(row),
        "is_own": is_own,
        "decides": decides,
        "may_decide": decides and rules.may_decide(is_own=is_own, has_colleague=has_colleague),
        "form": AnswerForm(formdata=None, revision=row.revision),
        "events": _events(row),
        "refusal": refusal,
    } | forms


def _events(row: SessionCorrection) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "who": one.who, "what": page_text(ACTS.get(one.act, one.act))}
        for one in reversed(history.of(row))
    ]
