"""The security administrator's page: who must have a second factor, who has, who lost it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.admins.queries import running_in
from counselhub.core import clock, paging
from counselhub.core.access import current_member, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, NotFoundError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.factors import actions, demands, queries
from counselhub.factors.forms import RulesForm
from counselhub.people.kinds import ROLE_WORDS
from counselhub.people.models import Membership

bp = Blueprint("factor_care", __name__)
STATES = ("has", "lacks", "due")


@bp.get("/factors/colleagues")
@require(Permission.SECURITY_MANAGE)
def colleagues() -> ResponseReturnValue:
    """List who has a second factor and who lacks it."""
    return _page()


@bp.post("/factors/rules")
@require(Permission.SECURITY_MANAGE)
@fresh
def update_rules() -> ResponseReturnValue:
    """Say which roles need a second factor, and from when."""
    form = _form(sent=True)
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        demands.ask(
            form.roles.data or [],
            form.grace_days.data or 0,
            by=current_member(),
            seen=text(form.seen),
        )
    except ConflictError as refusal:
        return _page(refusal=refusal), 409
    except DomainError as refusal:
        show_refusal(form.roles, refusal)
        return _page(form), 422
    flash(_("两步验证的要求已保存"))
    return redirect(url_for(".colleagues"), 303)


@bp.post("/factors/colleagues/<uuid:membership_id>/reset")
@require(Permission.SECURITY_MANAGE)
@fresh
def create_reset(membership_id: UUID) -> ResponseReturnValue:
    """Take the factors from a colleague who lost them."""
    member = current_member()
    with as_platform():
        membership = db.session.scalar(
            db.select(Membership).where(Membership.id == membership_id, *running_in(member.scope))
        )
        if membership is None:
            raise NotFoundError()
        name = membership.person.name
    try:
        ended = actions.reset(membership, by=member)
    except DomainError as refusal:
        return _page(refusal=refusal), refusal.status
    flash(
        _(
            "已清除%(name)s的验证方式，退出%(count)d处登录，请通知本人重新登录并设置",
            name=name,
            count=ended,
        )
    )
    return redirect(url_for(".colleagues"), 303)


def _form(*, sent: bool = False) -> RulesForm:
    member, form = current_member(), RulesForm(request.form if sent else None)
    form.roles.choices = [(role.value, _(ROLE_WORDS[role])) for role in demands.roles_of(member)]
    if not sent:
        rules = queries.rules_of(member.scope)
        form.roles.data = [rule.role for rule in rules]
        form.seen.data = demands.fingerprint(rules)
        if rules:
            form.grace_days.data = rules[0].grace_days
    return form


def _page(form: RulesForm | None = None, refusal: DomainError | None = None) -> str:
    asked, words = request.args.get("state", ""), request.args.get("q", "").strip()[:50]
    state = asked if asked in STATES else ""
    with as_platform():
        page = paging.paged(queries.colleagues(current_member().scope, words, state))
    return render_template(
        "factors/colleagues.html",
        page=page,
        words=words,
        state=state,
        role_words=ROLE_WORDS,
        now=clock.now(),
        form=form or _form(),
        refusal=refusal,
    )
