"""Pages of signing in, switching memberships, and the firm's people."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from counselhub.admins.kinds import DUTY_WORDS
from counselhub.advisers.models import Adviser
from counselhub.core import paging
from counselhub.core.access import can, current_member, public, require, signed_in
from counselhub.core.db import db
from counselhub.core.errors import DomainError, NotFoundError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.i18n import LOCALES
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import ScopeKind
from counselhub.people import actions, credentials, queries, second_step
from counselhub.people.credentials import LinkGoneError
from counselhub.people.forms import InviteForm, PasswordForm, SignInForm
from counselhub.people.kinds import PLACE_ROLES, ROLE_WORDS
from counselhub.people.models import Membership, Person
from counselhub.people.passwords import HINT
from counselhub.people.paths import own_path
from counselhub.people.session import begin_for, end_own, switch_to

bp = Blueprint("people", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for email and password."""
    form = SignInForm()
    back = own_path(request.args.get("next"))
    if request.method != "POST":
        return render_template("people/sign_in.html", form=form)
    if form.validate_on_submit():
        try:
            person = actions.sign_in(
                text(form.email), text(form.password), address=request.remote_addr or ""
            )
            return complete_sign_in(person.id, back)
        except DomainError as refusal:
            show_refusal(form.password, refusal)
    return render_template("people/sign_in.html", form=form), 422


def complete_sign_in(person_id: UUID, back: str) -> ResponseReturnValue:
    """Begin the session and go on to `back`; or ask for the second step first."""
    if (step := second_step.asked(person_id, back)) is not None:
        return step
    begin_for(person_id)
    return redirect(back, 303)


@bp.get("/forgotten-password")
@public
def forgotten() -> ResponseReturnValue:
    """Tell whom to ask for a new password."""
    return render_template("people/forgotten.html")


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    if current_user.is_authenticated:
        end_own()
    return redirect(url_for(".sign_in"), 303)


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> ResponseReturnValue:
    """Open a one-time link: choose a password."""
    form = PasswordForm()
    try:
        person = credentials.link_owner(token)
        if form.validate_on_submit():
            credentials.use_link(token, text(form.password))
            return complete_sign_in(person.id, url_for("home"))
    except LinkGoneError as refusal:
        db.session.rollback()
        return render_template("people/link_gone.html", message=refusal.message), 410
    except DomainError as refusal:
        show_refusal(form.password, refusal)
    status = 422 if request.method == "POST" else 200
    return render_template("people/welcome.html", form=form, person=person, hint=HINT), status


@bp.post("/membership")
@signed_in
def switch() -> ResponseReturnValue:
    """Act under another of one's own memberships."""
    own = {str(member.membership_id): member for member in current_user.memberships}
    chosen = own.get(request.form.get("membership", ""))
    if chosen is None:
        raise NotFoundError()
    switch_to(chosen)
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
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def people() -> ResponseReturnValue:
    """List who belongs to the firm or the office; who manages accounts sees the suspended too."""
    chosen = _colleague(request.args.get("change", type=UUID))
    return _people_page(_invite_form(chosen), chosen)


@bp.post("/people")
@require(Permission.PEOPLE_MANAGE)
@fresh
def create_membership() -> ResponseReturnValue:
    """Invite a colleague and show the one-time link to hand over."""
    form = _invite_form()
    if form.validate_on_submit():
        try:
            invited = actions.invite(
                text(form.email),
                text(form.name),
                Role(form.role.data),
                adviser_id=_adviser_id(form),
                by=current_member(),
            )
            return _invited(invited)
        except DomainError as refusal:
            show_refusal(form.email, refusal)
    return _people_page(form), 422


def _adviser_id(form: InviteForm) -> UUID | None:
    """Return who it is on the roll; an office has none."""
    chosen = form.adviser_id.data if "adviser_id" in form else None
    return UUID(chosen) if chosen else None


def _invited(invited: actions.Invited) -> ResponseReturnValue:
    """Show the link; say that all is saved when a colleague has a password already."""
    membership = invited.membership
    if invited.token:
        return _link_page(membership.person, invited.token)
    role = _(ROLE_WORDS[Role(membership.role)])
    flash(_("已保存：%(name)s，%(role)s", name=membership.person.name, role=role), "success")
    return redirect(url_for(".people"), 303)


def _link_page(person: Person, token: str) -> str:
    """Show a one-time link, this once."""
    link = url_for(".welcome", token=token, _external=True)
    return render_template(
        "people/invited.html", invited=person, link=link, days=credentials.link_days(person)
    )


def _people_page(form: InviteForm, chosen: Membership | None = None) -> str:
    scope = current_member().scope
    suspended = can(Permission.PEOPLE_MANAGE) and request.args.get("state") == "suspended"
    page = paging.paged(queries.suspended(scope) if suspended else queries.colleagues(scope))
    manages = can(Permission.PEOPLE_MANAGE) or can(Permission.SECURITY_MANAGE)
    return render_template(
        "people/people.html",
        page=page,
        words=ROLE_WORDS,
        duty_words=DUTY_WORDS,
        form=form,
        chosen=chosen,
        suspended=suspended,
        standings=queries.standings([row.Membership for row in page.items]) if manages else {},
    )


def _colleague(membership_id: UUID | None, *, running: bool = True) -> Membership | None:
    """Return a membership of the own place, None when there is none of this id."""
    scope = current_member().scope
    listed = queries.colleagues(scope) if running else queries.suspended(scope)
    found: Membership | None = db.session.scalar(listed.where(Membership.id == membership_id))
    return found


def _invite_form(chosen: Membership | None = None) -> InviteForm:
    """Return the form of an invitation, filled with the colleague who was chosen."""
    form = InviteForm(data=_filled(chosen) if chosen else None)
    kind = current_member().scope.kind
    form.role.choices = [(role.value, _(ROLE_WORDS[role])) for role in PLACE_ROLES.get(kind, ())]
    if kind is not ScopeKind.FIRM:
        del form.adviser_id
        return form
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
@fresh
def create_ending(membership_id: UUID) -> ResponseReturnValue:
    """End a colleague's membership; nobody ends the own."""
    membership = _other(membership_id)
    try:
        actions.end_membership(membership, by=current_member())
        flash(_("已停用该账号在本所的权限"))
    except DomainError as refusal:
        flash(refusal.message, "warning")
    return redirect(url_for(".people"), 303)


@bp.post("/people/<uuid:membership_id>/resumption")
@require(Permission.PEOPLE_MANAGE)
@fresh
def create_resumption(membership_id: UUID) -> ResponseReturnValue:
    """Give a suspended colleague back what the account could do."""
    membership = _colleague(membership_id, running=False)
    if membership is None:
        raise NotFoundError()
    return _invited(actions.resume(membership, by=current_member()))


@bp.post("/people/<uuid:membership_id>/link")
@require(Permission.PEOPLE_MANAGE)
@fresh
def create_link(membership_id: UUID) -> ResponseReturnValue:
    """Make a link by which a colleague sets a new password, and show it."""
    membership = _other(membership_id)
    try:
        return _link_page(membership.person, actions.reset(membership, by=current_member()))
    except DomainError as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".people"), 303)


@bp.post("/people/<uuid:membership_id>/unlocking")
@require(Permission.SECURITY_MANAGE)
@fresh
def create_unlocking(membership_id: UUID) -> ResponseReturnValue:
    """Let a colleague try again after too many failed sign-ins."""
    membership = _other(membership_id)
    try:
        actions.unlock(membership.person, by=current_member())
        flash(_("已解除 %(name)s 的登录锁定", name=membership.person.name), "success")
    except DomainError as refusal:
        flash(refusal.message, "warning")
    return redirect(url_for(".people"), 303)


def _other(membership_id: UUID) -> Membership:
    """Return a colleague's membership. Raises NotFoundError for the own one too."""
    membership = _colleague(membership_id)
    if membership is None or membership.id == current_member().membership_id:
        raise NotFoundError()
    return membership
