"""Pages of a place's hooks: listed, made, changed, paused, removed; the secret is shown once."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt, do, told
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.hooks import actions, pages, queries
from counselhub.hooks.forms import HookForm
from counselhub.hooks.kinds import HOOK_TONES, HookKind, HookState, PauseCause, offered
from counselhub.hooks.models import Hook

bp = Blueprint("hooks", __name__)
P = Permission.PROGRAM_MANAGE
FORM, PAGE = "hooks/edit.html", "hooks/hook.html"


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


def _posted() -> HookForm:
    return HookForm(choices=_choices())


def _choices() -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in offered(current_member().scope.kind)]


def _filled(
    hook: Hook | None = None, form: HookForm | None = None, refusal: str | None = None
) -> dict[str, Any]:
    """Return what the form's page shows: of a hook as it is, or of a new one."""
    shown = {"obj": hook} if hook else {}
    form = form or HookForm(formdata=None, choices=_choices(), **shown)
    return {"hook": hook, "form": form, "refusal": refusal}


@bp.get("/hooks/new")
@require(P)
def new_hook() -> ResponseReturnValue:
    """Ask where what is to be told."""
    return htmx.show(FORM, **_filled())


@bp.post("/hooks")
@require(P)
@fresh
def create_hook() -> ResponseReturnValue:
    """Make a hook and show its secret, this once."""
    form = _posted()

    def act() -> ResponseReturnValue:
        hook, secret = actions.make(form.given, by=current_member())
        return htmx.show("hooks/secret.html", hook=hook, secret=secret, until=None)

    return attempt(form, act, _filled, page=FORM, field=form.name, form=form)


@bp.get("/hooks/<uuid:hook_id>")
@require(P)
def hook(hook_id: UUID) -> ResponseReturnValue:
    """Show a hook, how it fares and what was sent to it."""
    return htmx.show(PAGE, **pages.whole(pages.own(hook_id)))


@bp.get("/hooks/<uuid:hook_id>/edit")
@require(P)
def edit_hook(hook_id: UUID) -> ResponseReturnValue:
    """Ask what is to be different."""
    return htmx.show(FORM, **_filled(pages.own(hook_id)))


@bp.post("/hooks/<uuid:hook_id>")
@require(P)
@fresh
def update_hook(hook_id: UUID) -> ResponseReturnValue:
    """Change a hook."""
    found, form = pages.own(hook_id), _posted()

    def act() -> ResponseReturnValue:
        actions.change(found, form.given, revision=form.seen, by=current_member())
        return told(_("已保存，从现在起照此推送"), url_for(".hook", hook_id=hook_id))

    def look(**kept: Any) -> dict[str, Any]:
        return _filled(pages.own(hook_id), **kept)

    return attempt(form, act, look, page=FORM, field=form.name, form=form)


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
    pause = partial(actions.pause, cause=PauseCause.ASKED)
    return _moved(hook_id, pause, _("已暂停，期间的事件会留着，恢复后照发"))


@bp.post("/hooks/<uuid:hook_id>/resumption")
@require(P)
@fresh
def create_resumption(hook_id: UUID) -> ResponseReturnValue:
    """Send again."""
    return _moved(hook_id, actions.resume, _("已恢复，正在投递积压的事件"))


def _moved(hook_id: UUID, move: Callable[..., None], sentence: str) -> ResponseReturnValue:
    def act() -> ResponseReturnValue:
        move(pages.own(hook_id, locked=True), by=current_member())
        return told(sentence, url_for(".hook", hook_id=hook_id))

    def look(refusal: str) -> dict[str, Any]:
        return pages.whole(pages.own(hook_id), refusal)

    return do(act, look, page=PAGE)


@bp.post("/hooks/<uuid:hook_id>/removal")
@require(P)
@fresh
def create_removal(hook_id: UUID) -> ResponseReturnValue:
    """Remove a hook with its log."""
    actions.remove(pages.own(hook_id, locked=True), by=current_member())
    return told(_("已删除，不再推送到这个地址"), url_for(".hooks"))


@bp.get("/hooks/receiving")
@require(P)
def receiving() -> ResponseReturnValue:
    """Tell whoever writes a receiver what arrives and how to check it."""
    kinds = offered(current_member().scope.kind)
    return htmx.show("hooks/receiving.html", kinds=[*kinds, HookKind.PING])
