"""What the community sees: the page behind a link, without an account."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.confirmations import answering, queries
from counselhub.confirmations.forms import AnswerForm, answer_form, said
from counselhub.confirmations.kinds import Answer, Office, RequestStatus
from counselhub.confirmations.models import ConfirmationRequest
from counselhub.core import history, htmx
from counselhub.core.access import public
from counselhub.core.db import db
from counselhub.core.errors import DomainError, ForbiddenError, NotFoundError
from counselhub.core.tenancy import ScopeKind
from counselhub.people.models import Firm

bp = Blueprint("community", __name__)
PAGE = "confirmations/witness.html"


@bp.get("/witness/<token>")
@public
def witness(token: str) -> ResponseReturnValue:
    """Show what the community is asked, or what it has answered."""
    try:
        with answering.opened(token) as asked:
            return htmx.show(PAGE, **_shown(token, asked, answer_form(fresh=True)))
    except NotFoundError as none:
        return htmx.show("confirmations/gone.html", message=none.message), 404


@bp.post("/witness/<token>")
@public
def create_answer(token: str) -> ResponseReturnValue:
    """Take the community's answer."""
    try:
        with answering.opened(token) as asked:
            return _answered(token, asked)
    except NotFoundError as none:
        return htmx.show("confirmations/gone.html", message=none.message), 404


def _answered(token: str, asked: ConfirmationRequest) -> ResponseReturnValue:
    form = answer_form()
    if _is_of_the_firm(asked):
        raise ForbiddenError(_("请由社区的工作人员在自己的手机上确认，律所的账号不能代为确认。"))
    is_sound = form.validate_on_submit()
    try:
        words = said(answering.sessions_of(asked))
        if is_sound:
            answering.answer(
                asked,
                words,
                name=form.name.data,
                office=Office.of(form.office.data),
                address=history.asked_from(),
            )
            return htmx.gone_to(url_for(".witness", token=token))
    except DomainError as refusal:
        return _refused(token, asked.id, form, refusal)
    return htmx.invalid(PAGE, **_shown(token, asked, form))


def _is_of_the_firm(asked: ConfirmationRequest) -> bool:
    member = g.get("member")
    return (
        member is not None
        and member.scope.kind is ScopeKind.FIRM
        and member.firm_id == asked.firm_id
    )


def _refused(
    token: str, request_id: UUID, form: AnswerForm, refusal: DomainError
) -> ResponseReturnValue:
    """Show the page as it now is under the sentence of the refusal."""
    db.session.rollback()
    asked = db.session.scalars(
        db.select(ConfirmationRequest).where(ConfirmationRequest.id == request_id)
    ).one()
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return answer(PAGE, **_shown(token, asked, form, refusal=refusal.message))


def _shown(
    token: str, asked: ConfirmationRequest, form: AnswerForm, **given: Any
) -> dict[str, Any]:
    is_waiting = answering.is_waiting(asked)
    sessions = answering.sessions_of(asked) if is_waiting else []
    return {
        "token": token,
        "asked": asked,
        "is_waiting": is_waiting,
        "sessions": sessions,
        "services": queries.services_of(sessions) if sessions else {},
        "answers": answering.answers_of(asked),
        "who": queries.who(asked),
        "firm": db.session.get_one(Firm, asked.firm_id),
        "status": RequestStatus(asked.status),
        "Answer": Answer,
        "form": form,
        "typed": request.form,
        "refusal": None,
    } | given
