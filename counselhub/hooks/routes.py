"""Pages of a place's hooks: listed, made, changed, paused, removed; the secret is shown once."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import blamed, show_refusal
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.hooks import actions, pages, queries
from counselhub.hooks.forms import HookForm
from counselhub.hooks.kinds import HOOK_TONES, HookKind, HookState, PauseCause, offered
from counselhub.hooks.models import Hook

bp = Blueprint("hooks", __name__)
P = Permission.PROGRAM_MANAGE


@bp.get("/hooks")
@require(P)
def hooks() -> ResponseReturnValue:
    """List the place's hooks, newest first."""
    words, state = request.args.get("q", ""), request.args.get("state", "")
    with as_platform():
        page = paging.paged(queries.hooks(current_member().scope, words, state))
    return htmx.show(
        "hooks/hooks.html",
        page=page,
        state=state,
        filtered=bool(words or state),
        states=HookState,
        tones=HOOK_TONES,
        causes=PauseCause,
        kind_word=pages.kind_word,
    )


def _form(hook: Hook | None = None, *, fresh_one: bool) -> HookForm:
    choices = [(one.value, one.label) for one in offered(current_member().scope.kind)]
    if not fresh_one:
        return HookForm(choices=choices)
    given: dict[str, Any] = {} if hook is None else {"obj": hook}
    return HookForm(formdata=None, choices=choices, **given)


@bp.get("/hooks/new")
@require(P)
def new_hook() -> ResponseReturnValue:
    """Ask where what is to be told."""
    return htmx.show("hooks/new.html", form=_form(fresh_one=True))


@bp.post("/hooks")
@require(P)
@fresh
def create_hook() -> ResponseReturnValue:
    """Make a hook and show its secret, this once."""
    form = _form(fresh_one=False)
    if not form.validate_on_submit():
        return htmx.invalid("hooks/new.html", form=form)
    try:
        hook, secret = actions.make(form.given, by=current_member())
    except RefusedError as refusal:
        show_refusal(blamed(form, refusal) or form.name, refusal)
        return htmx.invalid("hooks/new.html", form=form)
    return htmx.show("hooks/secret.html", hook=hook, secret=secret, until=None)


@bp.get("/hooks/<uuid:hook_id>")
@require(P)
def hook(hook_id: UUID) -> ResponseReturnValue:
    """Show a hook, how it fares and what was sent to it."""
    return htmx.show("hooks/hook.html", **pages.whole(pages.own(hook_id)))


@bp.get("/hooks/<uuid:hook_id>/edit")
@require(P)
def edit_hook(hook_id: UUID) -> ResponseReturnValue:
    """Ask what is to be different."""
    found = pages.own(hook_id)
    return htmx.show("hooks/edit.html", hook=found, form=_form(found, fresh_one=True), refusal=None)


@bp.post("/hooks/<uuid:hook_id>")
@require(P)
@fresh
def update_hook(hook_id: UUID) -> ResponseReturnValue:
    """Change a hook."""
    found, form = pages.own(hook_id), _form(fresh_one=False)
    if not form.validate_on_submit():
        return htmx.invalid("hooks/edit.html", hook=found, form=form, refusal=None)
    try:
        actions.change(found, form.given, revision=form.seen, by=current_member())
    except RefusedError as refusal:
        show_refusal(blamed(form, refusal) or form.name, refusal)
        return htmx.invalid("hooks/edit.html", hook=found, form=form, refusal=None)
    except ConflictError as refusal:
        latest = _form(found, fresh_one=True)
        return htmx.refused("hooks/edit.html", hook=found, form=latest, refusal=refusal.message)
    flash(_("已保存，从现在起照此推送"), "success")
    return htmx.gone_to(url_for(".hook", hook_id=found.id))


@bp.post("/hooks/<uuid:hook_id>/secret")
@require(P)
@fresh
def create_secret(hook_id: UUID) -> ResponseReturnValue:
    """Change the secret and show the new one, this once."""
    found = pages.own(hook_id, locked=True)
    secret = actions.change_secret(found, by=current_member())
    return htmx.show("hooks/secret.html", hook=found, secret=secret, until=found.before_until)


@bp.post("/hooks/<uuid:hook_id>/pause")
@require(P)
@fresh
def create_pause(hook_id: UUID) -> ResponseReturnValue:
    """Send nothing for now."""
    found = pages.own(hook_id, locked=True)
    try:
        actions.pause(found, PauseCause.ASKED, by=current_member())
    except ConflictError as refusal:
        return pages.refused(found, refusal)
    flash(_("已暂停，期间的事件会留着，恢复后照发"), "success")
    return htmx.gone_to(url_for(".hook", hook_id=found.id))


@bp.post("/hooks/<uuid:hook_id>/resumption")
@require(P)
@fresh
def create_resumption(hook_id: UUID) -> ResponseReturnValue:
    """Send again."""
    found = pages.own(hook_id, locked=True)
    try:
        actions.resume(found, by=current_member())
    except ConflictError as refusal:
        return pages.refused(found, refusal)
    flash(_("已恢复，正在投递积压的事件"), "success")
    return htmx.gone_to(url_for(".hook", hook_id=found.id))


@bp.post("/hooks/<uuid:hook_id>/removal")
@require(P)
@fresh
def create_removal(hook_id: UUID) -> ResponseReturnValue:
    """Remove a hook with its log."""
    actions.remove(pages.own(hook_id, locked=True), by=current_member())
    flash(_("已删除，不再推送到这个地址"), "success")
    return htmx.gone_to(url_for(".hooks"))


@bp.get("/hooks/receiving")
@require(P)
def receiving() -> ResponseReturnValue:
    """Tell whoever writes a receiver what arrives and how to check it."""
    kinds = offered(current_member().scope.kind)
    return htmx.show("hooks/receiving.html", kinds=[*kinds, HookKind.PING])
