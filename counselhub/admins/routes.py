"""The page 管理员分工: who holds which duty, naming and handing over."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.admins import actions, queries
from counselhub.admins.forms import NamingForm
from counselhub.admins.kinds import AFTER_NAMING, DUTY_ABOUT, DUTY_WORDS, HEADS
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, DomainError, NotFoundError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Duty, Permission
from counselhub.people.kinds import ROLE_WORDS

bp = Blueprint("admins", __name__)


@bp.get("/admins")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def admins() -> ResponseReturnValue:
    """Show everybody of the place who looks after what, and what is vacant."""
    return _page()


@bp.post("/admins/<duty>")
@require(Permission.ADMIN_NAME)
@fresh
def create_naming(duty: str) -> ResponseReturnValue:
    """Name somebody, or hand the duty over."""
    asked = _duty(duty)
    form = _form(asked, queries.everybody(current_member().scope), sent=True)
    if not form.validate_on_submit():
        return _page(sent=(asked, form)), 422
    try:
        named = actions.name(
            asked,
            _uuid(form.membership_id.data) or UUID(int=0),
            by=current_member(),
            instead_of=_uuid(form.seen.data),
        )
    except ConflictError as refusal:
        return _page(refusal=refusal), 409
    except DomainError as refusal:
        show_refusal(form.membership_id, refusal)
        return _page(sent=(asked, form)), refusal.status
    flash(_("%(duty)s已由%(name)s担任", duty=_(DUTY_WORDS[asked]), name=named.name))
    return redirect(url_for(".admins"), 303)


@bp.post("/admins/<duty>/vacancy")
@require(Permission.ADMIN_NAME)
@fresh
def create_vacancy(duty: str) -> ResponseReturnValue:
    """Leave a duty vacant; the system duty falls back to the head."""
    asked = _duty(duty)
    try:
        actions.vacate(asked, by=current_member(), held=_uuid(request.form.get("seen")))
    except ConflictError as refusal:
        return _page(refusal=refusal), 409
    except RefusedError as refusal:
        return _page(refusal=refusal), 422
    flash(_("已撤下%(duty)s", duty=_(DUTY_WORDS[asked])))
    return redirect(url_for(".admins"), 303)


def _duty(code: str) -> Duty:
    if code not in set(Duty):
        raise NotFoundError()
    return Duty(code)


def _uuid(text: str | None) -> UUID | None:
    """Return the id that a page sent; one that is none is treated as a page of long ago."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _form(duty: Duty, people: list[queries.Known], *, sent: bool = False) -> NamingForm:
    """Return the form of one duty, filled with what was sent; on the page each has its own ids."""
    form = NamingForm(request.form if sent else None)
    for field in form:
        field.id = f"{duty}-{field.name}"
    if not sent:
        form.seen.data = next((str(one.duty_id) for one in people if one.facts.duty is duty), "")
    own = current_member().person_id
    form.membership_id.choices = [("", _("（请选择）"))] + [
        (str(one.membership_id), f"{one.name} · {_(ROLE_WORDS[one.facts.role])}")
        for one in people
        if one.facts.duty is None and one.facts.person_id != own
    ]
    return form


def _page(
    *, refusal: DomainError | None = None, sent: tuple[Duty, NamingForm] | None = None
) -> str:
    people = queries.everybody(current_member().scope)
    holders = {duty: next((one for one in people if one.facts.duty is duty), None) for duty in Duty}
    return render_template(
        "admins/admins.html",
        duties=list(Duty),
        words=DUTY_WORDS,
        about=DUTY_ABOUT,
        after=AFTER_NAMING,
        role_words=ROLE_WORDS,
        holders=holders,
        heads=[one for one in people if one.facts.role in HEADS and one.facts.duty is None],
        forms={duty: _form(duty, people) for duty in Duty} | dict([sent] if sent else []),
        missing=[_(DUTY_WORDS[duty]) for duty in (Duty.SECURITY, Duty.AUDIT) if not holders[duty]],
        few=len(people) < len(Duty),
        refusal=refusal,
    )
