"""Pages of signing in, switching memberships, and the firm's people."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select

from counselhub.advisers.models import Adviser
from counselhub.core import history, paging
from counselhub.core.access import (
    Permission,
    Role,
    current_member,
    public,
    require,
    signed_in,
)
from counselhub.core.db import db
from counselhub.core.errors import DomainError, NotFoundError
from counselhub.core.forms import show_refusal, text
from counselhub.core.i18n import LOCALES
from counselhub.people import actions, queries
from counselhub.people.forms import InviteForm, PasswordForm, SignInForm
from counselhub.people.kinds import FIRM_ROLES, ROLE_WORDS
from counselhub.people.models import Membership

bp = Blueprint("people", __name__)


def own_path(address: str | None) -> str:
    """Return `address` when it is a path of ours, else the home page: no open redirect."""
    safe = address and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if address and safe else url_for("home")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for email and password."""
    form = SignInForm()
    back = own_path(request.args.get("next"))
    if request.method == "GET":
        return render_template("people/sign_in.html", form=form)
    if form.validate_on_submit():
        try:
            _begin_session(actions.sign_in(text(form.email), text(form.password)).id)
            return redirect(back, 303)
        except DomainError as refusal:
            show_refusal(form.password, refusal)
    return render_template("people/sign_in.html", form=form), 422


def _begin_session(person_id: UUID) -> None:
    from counselhub.people.session import load

    user = load(str(person_id))
    if user is None:
        raise NotFoundError(_("您的账号目前不属于任何单位，请联系管理员。"))
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    login_user(user)
    history.note("sign_in", scope=user.memberships[0].scope, by=user.memberships[0])


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    if g.member is not None:
        history.note("sign_out", scope=g.member.scope, by=g.member)
    logout_user()
    session.pop("membership", None)
    return redirect(url_for(".sign_in"), 303)


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> ResponseReturnValue:
    """First sign-in by a one-time link: choose a password."""
    person = actions.link_owner(token)
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            actions.use_link(token, text(form.password))
            _begin_session(person.id)
            return redirect(url_for("home"), 303)
        except DomainError as refusal:
            show_refusal(form.password, refusal)
    status = 200 if request.method == "GET" else 422
    return render_template("people/welcome.html", form=form, person=person), status


@bp.post("/membership")
@signed_in
def switch() -> ResponseReturnValue:
    """Act under another of one's own memberships."""
    chosen = request.form.get("membership", "")
    members = {str(member.membership_id): member for member in current_user.memberships}
    if chosen not in members:
        raise NotFoundError()
    session["membership"] = chosen
    history.note("switch", scope=members[chosen].scope, by=members[chosen])
    return redirect(url_for("home"), 303)


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Choose the language of the session."""
    chosen = request.form.get("language")
    if chosen in LOCALES:
        session["locale"] = chosen
    return redirect(own_path(request.form.get("back")), 303)


@bp.get("/people")
@require(Permission.FIRM_READ)
def people() -> ResponseReturnValue:
    """List who belongs to the firm."""
    chosen = _colleague(request.args.get("change", type=UUID))
    return _people_page(_invite_form(chosen), chosen)


@bp.post("/people")
@require(Permission.PEOPLE_MANAGE)
def create_membership() -> ResponseReturnValue:
    """Invite a colleague and show the one-time link to hand over."""
    form = _invite_form()
    if form.validate_on_submit():
        try:
            joined, token = actions.invite(
                text(form.email),
                text(form.name),
                Role(form.role.data),
                adviser_id=UUID(form.adviser_id.data) if form.adviser_id.data else None,
                by=current_member(),
            )
            link = url_for(".welcome", token=token, _external=True) if token else None
            return render_template("people/invited.html", invited=joined.person, link=link)
        except DomainError as refusal:
            show_refusal(form.email, refusal)
    return _people_page(form), 422


def _people_page(form: InviteForm, chosen: Membership | None = None) -> str:
    page = paging.paged(queries.colleagues(current_member().firm_id))
    return render_template(
        "people/people.html", page=page, words=ROLE_WORDS, form=form, chosen=chosen
    )


def _colleague(membership_id: UUID | None) -> Membership | None:
    """Return a running membership of the own firm, None when there is none of this id."""
    return db.session.scalar(
        select(Membership).where(
            Membership.id == membership_id,
            Membership.firm_id == current_member().firm_id,
            Membership.ended_at.is_(None),
        )
    )


def _invite_form(chosen: Membership | None = None) -> InviteForm:
    """Return the form of an invitation, filled with the colleague who was chosen."""
    form = InviteForm(data=_filled(chosen) if chosen else None)
    form.role.choices = [(role.value, _(ROLE_WORDS[role])) for role in FIRM_ROLES]
    advisers = db.session.scalars(
        select(Adviser).where(Adviser.left_on.is_(None)).order_by(Adviser.pinyin)
    )
    form.adviser_id.choices = [("", _("（不是律师）"))] + [(str(a.id), a.name) for a in advisers]
    return form


def _filled(chosen: Membership) -> dict[str, str]:
    return {
        "name": chosen.person.name,
        "email": chosen.person.email,
        "role": chosen.role,
        "adviser_id": str(chosen.adviser_id or ""),
    }


@bp.post("/people/<uuid:membership_id>/ending")
@require(Permission.PEOPLE_MANAGE)
def create_ending(membership_id: UUID) -> ResponseReturnValue:
    """End a colleague's membership; nobody ends the own."""
    membership = _colleague(membership_id)
    if membership is None or membership.id == current_member().membership_id:
        raise NotFoundError()
    actions.end_membership(membership, by=current_member())
    flash(_("已停用该账号在本所的权限"))
    return redirect(url_for(".people"), 303)
