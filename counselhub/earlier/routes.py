"""Pages of late entries."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.core import history, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import paper
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import blamed, show_refusal, text
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.corrections.kinds import PaperKind
from counselhub.corrections.rules import may_decide
from counselhub.earlier import actions, queries
from counselhub.earlier.forms import AnswerForm, LateForm, late_form
from counselhub.earlier.kinds import ACTS, TONES, LateKind, LateReason, LateStatus
from counselhub.earlier.models import LateEntry, LateFile
from counselhub.people.queries import has_colleague_with

bp = Blueprint("earlier", __name__)
P = Permission
FORM, PAGE = "earlier/new.html", "earlier/entry.html"


@bp.get("/earlier")
@require(P.FIRM_READ)
def entries() -> ResponseReturnValue:
    """List the late entries: one's own, or everybody's at the desk."""
    asked = {name: request.args.get(name, "").strip() for name in ("status", "kind", "q")}
    sort = sorting.asked_sort(queries.SORTS)
    return htmx.show(
        "earlier/entries.html",
        page=paging.paged(queries.listed(asked, sort)),
        counts=queries.counts(),
        asked=asked,
        sort=sort,
        kinds=LateKind,
        statuses=LateStatus,
        tones=TONES,
    )


@bp.get("/earlier/new")
@require(P.SERVICE_LOG, P.DUTY_LOG, P.STATEMENT_PREPARE)
def new_entry() -> ResponseReturnValue:
    """Ask what the settled month lacked."""
    kind = _kind(request.args.get("kind", LateKind.VISIT))
    return _show(htmx.show, kind, late_form(kind, current_member()))


def _kind(code: str) -> LateKind:
    if code not in set(LateKind):
        raise NotFoundError()
    return LateKind.of(code)


def _show(
    answer: Callable[..., Response], kind: LateKind, form: LateForm, refusal: str = ""
) -> ResponseReturnValue:
    return answer(FORM, form=form, kind=kind, kinds=LateKind, refusal=refusal)


@bp.post("/earlier/<kind>")
@require(P.SERVICE_LOG, P.DUTY_LOG, P.STATEMENT_PREPARE)
def create_entry(kind: str) -> ResponseReturnValue:
    """Ask for a late entry."""
    chosen, by = _kind(kind), current_member()
    form = late_form(chosen, by)
    if not form.validate_on_submit():
        return _show(htmx.invalid, chosen, form)
    try:
        row = actions.ask(form.plea(chosen), by=by)
    except ConflictError as conflict:
        message = conflict.message
        db.session.rollback()
        return _show(htmx.refused, chosen, form, message)
    except RefusedError as refusal:
        message, field = refusal.message, blamed(form, refusal)
        if field is None:
            return _show(htmx.invalid, chosen, form, message)
        show_refusal(field, refusal)
        return _show(htmx.invalid, chosen, form)
    flash(_("已提交，等主任审批"), "success")
    return htmx.gone_to(url_for(".entry", late_entry_id=row.id))


@bp.get("/earlier/<uuid:late_entry_id>")
@require(P.FIRM_READ, P.REVIEW_READ)
def entry(late_entry_id: UUID) -> ResponseReturnValue:
    """Show one entry: facts, papers, what it changes and where that is settled."""
    return htmx.show(PAGE, **_shown(fetch(LateEntry, late_entry_id)))


def _shown(row: LateEntry, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    by = current_member()
    is_own = actions.is_own(row, by)
    decides = can(P.CORRECTION_DECIDE)
    has_colleague = decides and is_own and has_colleague_with(P.CORRECTION_DECIDE, by)
    return {
        "entry": row,
        "kind": LateKind(row.kind),
        "reason": LateReason(row.reason),
        "status": LateStatus(row.status),
        "tone": TONES[row.status],
        "difficulty": Difficulty.of(row.difficulty).label if row.difficulty else "",
        "agreement": AgreementForm.of(row.form).label if row.form else "",
        "files": queries.files_of(row),
        "settled": queries.entered_for(row),
        "decides": decides,
        "may_decide": decides and may_decide(is_own=is_own, has_colleague=has_colleague),
        "may_withdraw": (is_own or decides) and row.status in (LateStatus.ASKED, "approved"),
        "form": AnswerForm(formdata=None, revision=row.revision),
        "events": [
            {"at": one.at, "who": one.who, "what": page_text(ACTS.get(one.act, one.act))}
            for one in reversed(history.of(row))
        ],
        "refusal": refusal,
    } | forms


@bp.post("/earlier/<uuid:late_entry_id>/approval")
@require(P.CORRECTION_DECIDE)
def create_approval(late_entry_id: UUID) -> ResponseReturnValue:
    """Agree: the next open statement settles it."""

    def act(row: LateEntry, form: AnswerForm) -> str:
        actions.approve(row, text(form.answer), revision=form.seen, by=current_member())
        return str(_("已批准，差额列入下期结算单"))

    return _done(late_entry_id, act)


@bp.post("/earlier/<uuid:late_entry_id>/refusal")
@require(P.CORRECTION_DECIDE)
def create_refusal(late_entry_id: UUID) -> ResponseReturnValue:
    """Refuse it, with words."""

    def act(row: LateEntry, form: AnswerForm) -> str:
        actions.refuse(row, text(form.answer), revision=form.seen, by=current_member())
        return str(_("未批准，申请人会看到原因"))

    return _done(late_entry_id, act)


@bp.post("/earlier/<uuid:late_entry_id>/withdrawal")
@require(P.SERVICE_LOG, P.DUTY_LOG, P.STATEMENT_PREPARE)
def create_withdrawal(late_entry_id: UUID) -> ResponseReturnValue:
    """Take it back."""

    def act(row: LateEntry, form: AnswerForm) -> str:
        actions.withdraw(row, revision=form.seen, by=current_member())
        return str(_("已撤回补录"))

    return _done(late_entry_id, act)


def _done(late_entry_id: UUID, act: Callable[[LateEntry, AnswerForm], str]) -> ResponseReturnValue:
    """Do it to the entry as the page showed it; a refusal is told on it as it now is."""
    row, form = fetch(LateEntry, late_entry_id), AnswerForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    try:
        toast = act(row, form)
        db.session.flush()
    except (ConflictError, RefusedError) as refusal:
        message, is_stale = refusal.message, isinstance(refusal, ConflictError)
        db.session.rollback()
        now = fetch(LateEntry, late_entry_id)
        answer = htmx.refused if is_stale else htmx.invalid
        kept = {} if is_stale else {"form": form}
        return answer(PAGE, **_shown(now, refusal=message, **kept))
    flash(toast, "success")
    return htmx.gone_to(url_for(".entry", late_entry_id=late_entry_id))


@bp.get("/earlier/files/<uuid:late_file_id>")
@require(P.FIRM_READ, P.REVIEW_READ)
def file(late_file_id: UUID) -> Response:
    """Show a photo of ours; a PDF that somebody sent is only ever saved."""
    return _paper(fetch(LateFile, late_file_id))


@bp.get("/earlier/files/<uuid:late_file_id>/thumb")
@require(P.FIRM_READ, P.REVIEW_READ)
def file_thumb(late_file_id: UUID) -> Response:
    """Show a photo small."""
    return _paper(fetch(LateFile, late_file_id), small=True)


def _paper(found: LateFile, *, small: bool = False) -> Response:
    return paper(
        queries.content_of(found, small=small),
        str(_("补录佐证%(place)d", place=found.place)),
        is_photo=found.kind == PaperKind.PHOTO,
        sent_at=found.arrived_at,
    )
