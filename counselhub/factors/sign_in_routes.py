"""The pages between the right password and the session, and signing in by a passkey alone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import history
from counselhub.core.access import public
from counselhub.core.errors import DomainError
from counselhub.core.forms import show_refusal, text
from counselhub.core.history import Outcome
from counselhub.factors import party, passkeys, queries
from counselhub.factors.forms import StepForm
from counselhub.factors.kinds import Method
from counselhub.factors.options import sent
from counselhub.factors.second_step import (
    ExpiredError,
    Pending,
    Proof,
    check,
    member_of,
    pending,
)
from counselhub.people.paths import own_path
from counselhub.people.session import begin_for

bp = Blueprint("second_step", __name__)


@bp.route("/sign-in/second", methods=["GET", "POST"])
@public
def second_step() -> ResponseReturnValue:
    """Ask for a code or a passkey; the session begins after the right one."""
    try:
        waiting = pending()
    except ExpiredError as refusal:
        flash(refusal.message)
        return redirect(url_for("people.sign_in"), 303)
    form, here = StepForm(), party.found()
    if form.validate_on_submit():
        who = member_of(waiting.person_id)
        try:
            method = check(who, Proof(text(form.code), text(form.answer), here))
        except DomainError as refusal:
            show_refusal(form.code, refusal)
        else:
            return _begin(waiting, method)
    return _page(waiting, form), 422 if request.method == "POST" else 200


def _page(waiting: Pending, form: StepForm) -> str:
    held, here = queries.held_by(waiting.person_id), party.found()
    return render_template(
        "factors/second_step.html",
        form=form,
        has_app=held.totp_since is not None,
        passkeys=bool(here and any(key.host == here.id for key in held.passkeys)),
    )


def _begin(waiting: Pending, method: Method) -> ResponseReturnValue:
    begin_for(waiting.person_id)
    who = member_of(waiting.person_id)
    history.note("second_step", scope=who.scope, by=who, method=method.value)
    if method is Method.RECOVERY:
        left = queries.held_by(waiting.person_id).codes_left
        flash(_("恢复码已用掉一个，还剩%(left)s个。换了手机请尽快重新设置两步验证。", left=left))
        return redirect(url_for("factors.factors"), 303)
    return redirect(waiting.back, 303)


@bp.post("/sign-in/second/options")
@public
def create_second_options() -> ResponseReturnValue:
    """Give the browser what it asks one of the person's passkeys."""
    return sent(lambda: passkeys.proof_options(pending().person_id, party.needed()))


@bp.post("/sign-in/passkey/options")
@public
def create_passkey_options() -> ResponseReturnValue:
    """Give the browser what it asks any passkey of this host name."""
    return sent(lambda: passkeys.sign_in_options(party.needed()))


@bp.post("/sign-in/passkey")
@public
def create_passkey_sign_in() -> ResponseReturnValue:
    """Sign in by a passkey that has looked at its owner: device and person are two factors."""
    try:
        person_id = passkeys.sign_in(request.form.get("answer", ""), party.needed())
        begin_for(person_id)
    except DomainError as refusal:
        if claimed := getattr(refusal, "person_id", None):
            who = member_of(claimed)
            history.note("passkey_sign_in", scope=who.scope, by=who, outcome=Outcome.REFUSED)
        flash(refusal.message)
        return redirect(url_for("people.sign_in", next=request.args.get("next")), 303)
    who = member_of(person_id)
    history.note("passkey_sign_in", scope=who.scope, by=who)
    return redirect(own_path(request.args.get("next")), 303)
