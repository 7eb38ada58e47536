"""The operator's page of invitations: offices and bureaus, confirmed or refused."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging, sender
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import ScopeKind
from counselhub.invitations import actions, queries
from counselhub.invitations.actions import Place
from counselhub.invitations.forms import AnyPlaceForm, RefusalForm
from counselhub.invitations.models import Invitation
from counselhub.invitations.states import TONES, InvitationStatus
from counselhub.people.kinds import PLACE_ROLES, ROLE_WORDS
from counselhub.places.models import District, Street

bp = Blueprint("console_invitations", __name__, url_prefix="/console/invitations")
PAGE = "console/invitations.html"
STREET_DIGITS = 9


@bp.get("")
@require(Permission.OPERATE)
def invitations() -> ResponseReturnValue:
    """List the invitations of offices and bureaus, those that wait when asked."""
    return htmx.show(PAGE, **_look())


def _look(form: AnyPlaceForm | None = None, refusal: str | None = None) -> dict[str, Any]:
    status = InvitationStatus.of_asked(request.args.get("state", ""))
    return {
        "page": paging.paged(queries.of_government(status)),
        "tones": TONES,
        "words": ROLE_WORDS,
        "status_asked": status,
        "Status": InvitationStatus,
        "form": form or _form(),
        "refusal": refusal,
    }


def _form() -> AnyPlaceForm:
    form = AnyPlaceForm()
    form.role.choices = [
        (role.value, _(ROLE_WORDS[role]))
        for kind in (ScopeKind.OFFICE, ScopeKind.BUREAU)
        for role in PLACE_ROLES[kind]
    ]
    return form


@bp.post("")
@require(Permission.OPERATE)
@fresh
def create_invitation() -> ResponseReturnValue:
    """Invite the first person of a place, and show the link to hand over."""
    form = _form()

    def act() -> ResponseReturnValue:
        place, role = _place(text(form.place)), Role(form.role.data)
        sent = actions.invite_place(place, form.guest(), role, by=current_member())
        links = [(sent.row, actions.link_of(sent))]
        return render_template(
            "invitations/sent.html", made=links, words=ROLE_WORDS, mailed=sender.sends_mail()
        )

    return attempt(form, act, _look, page=PAGE, field=form.place, form=form)


def _place(code: str) -> Place:
    if len(code) == STREET_DIGITS:
        if street := db.session.get(Street, code):
            return actions.office_of(code, street.name)
    elif district := db.session.get(District, code):
        return actions.bureau_of(code, district.name)
    raise RefusedError(_("没有代码为“%(code)s”的街道或区县。", code=code))


@bp.post("/<uuid:place_invitation_id>/confirmation")
@require(Permission.OPERATE)
@fresh
def create_confirmation(place_invitation_id: UUID) -> ResponseReturnValue:
    """Let a firm's proposal go; its link waits to be passed on."""
    try:
        actions.confirm(_found(place_invitation_id), by=current_member())
    except ConflictError as conflict:
        return _stale(conflict)
    flash(_("已确认，链接在“待转交链接”里"), "success")
    return htmx.gone_to(url_for(".invitations"))


@bp.post("/<uuid:place_invitation_id>/refusal")
@require(Permission.OPERATE)
def create_refusal(place_invitation_id: UUID) -> ResponseReturnValue:
    """Say no, with the reason."""
    row, form = _found(place_invitation_id), RefusalForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_look(refusal=_("请写明不同意的理由。")))
    try:
        actions.refuse(row, text(form.reason), by=current_member())
    except ConflictError as conflict:
        return _stale(conflict)
    flash(_("已告知邀请方"), "success")
    return htmx.gone_to(url_for(".invitations"))


@bp.post("/<uuid:place_invitation_id>/withdrawal")
@require(Permission.OPERATE)
def create_withdrawal(place_invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    try:
        actions.withdraw(_found(place_invitation_id), by=current_member())
    except ConflictError as conflict:
        return _stale(conflict)
    flash(_("已撤回，链接作废"), "success")
    return htmx.gone_to(url_for(".invitations"))


def _stale(conflict: ConflictError) -> ResponseReturnValue:
    db.session.rollback()
    return htmx.refused(PAGE, **_look(refusal=conflict.message))


def _found(row_id: UUID) -> Invitation:
    return queries.one_of(queries.of_government(None), row_id)
