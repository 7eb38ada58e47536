"""Pages of invitations: what a place has sent, and the page that the link opens."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from counselhub.core import htmx, paging, sender
from counselhub.core.access import can, current_member, public, require
from counselhub.core.acting import attempt
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, NotFoundError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh, recently_confirmed
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import ScopeKind, as_platform
from counselhub.invitations import actions, queries
from counselhub.invitations.actions import Place, Sent
from counselhub.invitations.forms import AnswerForm, GuestsForm, PlaceForm
from counselhub.invitations.models import Invitation
from counselhub.invitations.states import TONES
from counselhub.people import actions as people
from counselhub.people import second_step
from counselhub.people.kinds import PLACE_ROLES, ROLE_WORDS
from counselhub.people.models import Person
from counselhub.people.passwords import HINT
from counselhub.people.session import begin_for, members_of, switch_to

bp = Blueprint("invitations", __name__)
PAGE = "invitations/invitations.html"


@bp.get("/invitations")
@require(Permission.PEOPLE_MANAGE, Permission.FIRM_KEEP)
def invitations() -> ResponseReturnValue:
    """List what the own place has sent, with the forms to send more."""
    return htmx.show(PAGE, **_look())


def _look(
    form: GuestsForm | None = None, place_form: PlaceForm | None = None, refusal: str | None = None
) -> dict[str, Any]:
    scope = current_member().scope
    with as_platform():
        page = paging.paged(queries.of_inviter(scope))
    return {
        "page": page,
        "tones": TONES,
        "words": ROLE_WORDS,
        "form": (form or _guests_form()) if can(Permission.PEOPLE_MANAGE) else None,
        "place_form": (place_form or _place_form()) if can(Permission.FIRM_KEEP) else None,
        "refusal": refusal,
        "days": actions.DAYS,
    }


def _guests_form() -> GuestsForm:
    form = GuestsForm()
    kind = current_member().scope.kind
    form.role.choices = [(role.value, _(ROLE_WORDS[role])) for role in PLACE_ROLES.get(kind, ())]
    return form


def _place_form() -> PlaceForm:
    form = PlaceForm()
    form.role.id = "place-role"  # the form beside it on the page has one too
    form.place.choices = [(key, _place_word(place)) for key, place in _places().items()]
    form.role.choices = [
        (role.value, _(ROLE_WORDS[role]))
        for kind in (ScopeKind.OFFICE, ScopeKind.BUREAU)
        for role in PLACE_ROLES[kind]
    ]
    return form


def _places() -> dict[str, Place]:
    """Return the offices and bureaus of the firm's streets, by what the form calls them."""
    found: dict[str, Place] = {}
    for street in queries.own_streets():
        found[f"office:{street.code}"] = actions.office_of(street.code, street.name)
        district = street.district
        found[f"bureau:{district.code}"] = actions.bureau_of(district.code, district.name)
    return found


def _place_word(place: Place) -> str:
    if place.scope.kind is ScopeKind.OFFICE:
        return str(_("%(name)s司法所", name=place.name))
    return str(_("%(name)s司法局", name=place.name))


@bp.post("/invitations")
@require(Permission.PEOPLE_MANAGE)
@fresh
def create_invitations() -> ResponseReturnValue:
    """Invite colleagues and show their links to hand over, this once."""
    form = _guests_form()

    def act() -> ResponseReturnValue:
        role = Role(form.role.data)
        return _sent_page(actions.invite(form.people(), role, by=current_member()))

    return attempt(form, act, _look, page=PAGE, field=form.guests, form=form)


def _sent_page(sent: list[Sent]) -> str:
    links = [(one.row, actions.link_of(one)) for one in sent]
    return render_template(
        "invitations/sent.html", made=links, words=ROLE_WORDS, mailed=sender.sends_mail()
    )


@bp.post("/invitations/places")
@require(Permission.FIRM_KEEP)
@fresh
def create_place_invitation() -> ResponseReturnValue:
    """Propose to invite the office or the bureau of a street of ours; the operator confirms."""
    form = _place_form()

    def act() -> ResponseReturnValue:
        place, role = _places()[form.place.data], Role(form.role.data)
        actions.propose(place, form.guest(), role, by=current_member())
        flash(_("已提交，平台确认后会把链接送给对方"), "success")
        return redirect(url_for(".invitations"), 303)

    return attempt(form, act, _look, page=PAGE, field=form.place, place_form=form)


@bp.post("/invitations/<uuid:invitation_id>/withdrawal")
@require(Permission.PEOPLE_MANAGE, Permission.FIRM_KEEP)
@fresh
def create_withdrawal(invitation_id: UUID) -> ResponseReturnValue:
    """Take back what the own place has sent."""
    try:
        actions.withdraw(_own(invitation_id), by=current_member())
    except ConflictError as conflict:
        return _stale(conflict)
    flash(_("已撤回，链接作废"), "success")
    return redirect(url_for(".invitations"), 303)


@bp.post("/invitations/<uuid:invitation_id>/resending")
@require(Permission.PEOPLE_MANAGE)
@fresh
def create_resending(invitation_id: UUID) -> ResponseReturnValue:
    """Make a new link and show it; the one before dies."""
    row = _own(invitation_id)
    if row.scope != current_member().scope:
        raise NotFoundError()
    try:
        return _sent_page([actions.send_again(row, by=current_member())])
    except ConflictError as conflict:
        return _stale(conflict)


def _stale(conflict: ConflictError) -> ResponseReturnValue:
    db.session.rollback()
    return htmx.refused(PAGE, **_look(refusal=conflict.message))


def _own(invitation_id: UUID) -> Invitation:
    return queries.one_of(queries.of_inviter(current_member().scope), invitation_id)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def answer(token: str) -> ResponseReturnValue:
    """Show who invites whom where, and join by a password; who has just signed in, without."""
    try:
        row = actions.opened(token)
    except NotFoundError as gone:
        return render_template("people/link_gone.html", message=gone.message), 410
    form = AnswerForm()
    if request.method != "POST":
        return _answer_page(form, row)
    try:
        if (said := _taken(form, row)) is not None:
            return said
    except DomainError as refusal:
        db.session.rollback()
        show_refusal(form.password, refusal)
        row = actions.opened(token)
    return _answer_page(form, row), 422


def _taken(form: AnswerForm, row: Invitation) -> ResponseReturnValue | None:
    """Join, or go to the second step that comes before it; None for what the form refuses."""
    owner = actions.owner_of(row)
    if owner and _is_here(owner):
        return _come_in(actions.accept(row), row)
    if not form.validate_on_submit():
        return None
    password = text(form.password)
    if owner is None:
        return _come_in(actions.accept(row, password=password), row) if _repeated(form) else None
    people.sign_in(row.email, password, address=request.remote_addr or "")
    if (step := second_step.asked(owner.id, request.path)) is not None:
        return step
    return _come_in(actions.accept(row), row)


def _is_here(owner: Person) -> bool:
    """Whether it is the invited person who has just proved to be here."""
    here = current_user.is_authenticated and current_user.person_id == owner.id
    return here and recently_confirmed()


def _repeated(form: AnswerForm) -> bool:
    if form.password.data == form.again.data:
        return True
    form.again.errors = [_("两次输入的密码不一致")]
    return False


def _come_in(person: Person, row: Invitation) -> ResponseReturnValue:
    """Sign in and act at the place that was joined."""
    if not _is_here(person):
        begin_for(person.id)
    joined = [member for member in members_of(person.id) if member.scope == row.scope]
    switch_to(joined[0])
    return redirect(url_for("home"), 303)


def _answer_page(form: AnswerForm, row: Invitation) -> str:
    owner = actions.owner_of(row)
    return render_template(
        "invitations/answer.html",
        form=form,
        row=row,
        knows=owner is not None,
        is_here=owner is not None and _is_here(owner),
        hint=HINT,
        words=ROLE_WORDS,
    )
