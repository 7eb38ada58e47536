"""我的账号: what everybody sees and changes of the own account; the place's rule for passwords."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from counselhub.core import clock
from counselhub.core.access import current_member, require, signed_in
from counselhub.core.errors import DomainError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.people import actions, credentials, queries, sign_ins
from counselhub.people.devices import device
from counselhub.people.forms import ChangePasswordForm, RulesForm
from counselhub.people.kinds import ROLE_WORDS, SessionEnd
from counselhub.people.passwords import HINT
from counselhub.people.session import durations, renew_for

bp = Blueprint("account", __name__)


@bp.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Show the own account."""
    return _account_page(ChangePasswordForm())


def _account_page(form: ChangePasswordForm) -> str:
    idle = timedelta(minutes=durations()["idle_minutes"])
    return render_template(
        "people/account.html",
        form=form,
        hint=HINT,
        words=ROLE_WORDS,
        memberships_held=current_user.memberships,
        sessions=sign_ins.of(current_user.person_id),
        own=current_user.session.id,
        device=device,
        running_since=clock.now() - idle,
        ends=SessionEnd,
    )


@bp.post("/account/password")
@signed_in
def create_password() -> ResponseReturnValue:
    """Change the own password; this browser stays signed in, under a new session."""
    form, person_id = ChangePasswordForm(), current_user.person_id
    if form.validate_on_submit():
        try:
            current = text(form.current)
            actions.confirm(person_id, current, address=request.remote_addr or "")
        except DomainError as refusal:
            show_refusal(form.current, refusal)
            return _account_page(form), 422
        try:
            credentials.change_password(person_id, text(form.password), by=current_member())
            renew_for(person_id)
            flash(_("密码已更改，其他设备上的登录都已退出"), "success")
            return redirect(url_for(".account"), 303)
        except DomainError as refusal:
            show_refusal(form.password, refusal)
    return _account_page(form), 422


@bp.post("/account/sessions/<uuid:session_id>/ending")
@signed_in
def create_ending(session_id: UUID) -> ResponseReturnValue:
    """Sign another of the own browsers out."""
    return _end(only=session_id)


@bp.post("/account/sessions/ending")
@signed_in
def create_endings() -> ResponseReturnValue:
    """Sign all others of the own browsers out."""
    return _end(but=current_user.session.id)


def _end(*, only: UUID | None = None, but: UUID | None = None) -> ResponseReturnValue:
    count = sign_ins.end_by_owner(current_user.person_id, by=current_member(), only=only, but=but)
    flash(_("已退出 %(count)d 处登录", count=count), "success")
    return redirect(url_for(".account"), 303)


@bp.route("/account/rules", methods=["GET", "POST"])
@require(Permission.SECURITY_MANAGE)
@fresh
def rules() -> ResponseReturnValue:
    """Show and set how long a password may be used at the own place."""
    member = current_member()
    form = RulesForm(data={"password_days": queries.password_days(member.scope)})
    if form.validate_on_submit():
        actions.set_password_days(form.password_days.data, by=member)
        flash(_("已保存"), "success")
        return redirect(url_for(".rules"), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("people/rules.html", form=form, **durations()), status
