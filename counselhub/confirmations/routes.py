"""Pages of confirmations for the firm: the list of a month, links made and taken back, disputes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.confirmations import actions, queries
from counselhub.confirmations.actions import Asked
from counselhub.confirmations.forms import SettleForm
from counselhub.confirmations.kinds import Standing
from counselhub.confirmations.models import ConfirmationRequest, SessionAnswer
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import DomainError, ForbiddenError, NotFoundError
from counselhub.core.forms import text
from counselhub.core.permissions import Permission
from counselhub.duty.models import DutySession

bp = Blueprint("confirmations", __name__)
LIST, LINK = "confirmations/list.html", "confirmations/link.html"
FILTERS = ("community", "state", "q")


@bp.get("/duty/confirmations")
@require(Permission.FIRM_READ)
def confirmations() -> ResponseReturnValue:
    """List the finished sessions of a month with what each has of its community."""
    return htmx.show(LIST, **_listed())


def _listed(**given: Any) -> dict[str, Any]:
    month, sort = paging.asked_month(), sorting.asked_sort(queries.SORTS)
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    page = paging.paged(queries.session_list(month, clock.last_day(month), asked, sort or "-day"))
    return {
        "page": page,
        "cards": queries.cards(page.items),
        "month": paging.month_links(month),
        "asked": asked,
        "sort": sort,
        "lacking": queries.months_lacking(month),
        "states": Standing,
        "refusal": None,
    } | given


@bp.post("/duty/sessions/<uuid:session_id>/confirmation")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def create_request(session_id: UUID) -> ResponseReturnValue:
    """Make a link for one session and show it, once."""
    session = _own_or_managed(fetch(DutySession, session_id))
    return _made(lambda: actions.ask(session, by=current_member()))


def _own_or_managed(session: DutySession) -> DutySession:
    if not (can(Permission.DUTY_LOG, session) or can(Permission.DUTY_MANAGE)):
        raise ForbiddenError(_("只能为自己的值班请社区确认。"))
    return session


@bp.post("/duty/confirmations/months")
@require(Permission.DUTY_MANAGE)
def create_month_request() -> ResponseReturnValue:
    """Make one link for all of a community's month, and show it, once."""
    month = paging.month_of(request.form.get("month"))
    if month is None:
        raise NotFoundError()
    code = request.form.get("community", "")
    return _made(lambda: actions.ask_month(code, month, by=current_member()))


def _made(make: Callable[[], Asked]) -> ResponseReturnValue:
    try:
        made = make()
    except DomainError as refusal:
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        return answer(LIST, **_listed(refusal=refusal.message))
    db.session.flush()
    address = url_for("community.witness", token=made.token, _external=True)
    code = segno.make(address, error="m").svg_data_uri(scale=6, border=3)
    return htmx.show(LINK, asked=made.request, address=address, qr=code)


@bp.post("/duty/confirmations/<uuid:request_id>/revocation")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def create_revocation(request_id: UUID) -> ResponseReturnValue:
    """Take a link back."""
    found = fetch(ConfirmationRequest, request_id)
    if found.session_id is not None:
        _own_or_managed(fetch(DutySession, found.session_id))
    elif not can(Permission.DUTY_MANAGE):
        raise ForbiddenError(_("整月的确认链接由管理值班的人撤回。"))
    try:
        actions.revoke(found, by=current_member())
    except DomainError as refusal:
        return htmx.refused(LIST, **_listed(refusal=refusal.message))
    flash(_("已撤回确认链接"), "success")
    day = found.month or clock.local(found.made_at).date()
    return htmx.gone_to(url_for(".confirmations", month=f"{day:%Y-%m}"))


@bp.post("/duty/answers/<uuid:answer_id>/settlement")
@require(Permission.DUTY_MANAGE)
def create_settlement(answer_id: UUID) -> ResponseReturnValue:
    """Say what came of a dispute."""
    found = fetch(SessionAnswer, answer_id)
    session = fetch(DutySession, found.session_id)
    form = SettleForm()
    if not form.validate_on_submit():
        words = form.settled.errors[0]
        return htmx.invalid(LIST, **_listed(refusal=words))
    try:
        actions.settle(found, text(form.settled), by=current_member())
    except DomainError as refusal:
        return htmx.refused(LIST, **_listed(refusal=refusal.message))
    flash(_("已记录处理结果"), "success")
    return htmx.gone_to(url_for("duty.session", session_id=session.id, _anchor="community"))
