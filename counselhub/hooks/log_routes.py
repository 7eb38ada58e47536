"""One delivery with its request and its answers; sent again, one or all; a trial."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, require
from counselhub.core.acting import do, told
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.hooks import actions, pages, queries, telling
from counselhub.hooks.models import Hook, HookDelivery

bp = Blueprint("hook_log", __name__)
P = Permission.PROGRAM_MANAGE
PAGE = "hooks/delivery.html"
SOON_SECONDS = 60


@bp.get("/hooks/<uuid:hook_id>/deliveries/<uuid:hook_delivery_id>")
@require(P)
def delivery(hook_id: UUID, hook_delivery_id: UUID) -> ResponseReturnValue:
    """Show a delivery: what is sent, and what each try was answered."""
    hook = pages.own(hook_id)
    found = queries.delivery_of(hook, hook_delivery_id)
    return htmx.show(PAGE, "hooks/_delivery.html", **_one(hook, found))


def _one(hook: Hook, row: HookDelivery, refusal: str | None = None) -> dict[str, Any]:
    is_soon = (row.due_at - clock.now()).total_seconds() < SOON_SECONDS
    return {
        "hook": hook,
        "delivery": row,
        "attempts": queries.attempts(row),
        "body": telling.told(row).model_dump_json(indent=2),
        "is_moving": row.state == "waiting" and hook.state == "live" and is_soon,
        "refusal": refusal,
        **pages.words(),
    }


@bp.post("/hooks/<uuid:hook_id>/deliveries/<uuid:hook_delivery_id>/replay")
@require(P)
@fresh
def create_replay(hook_id: UUID, hook_delivery_id: UUID) -> ResponseReturnValue:
    """Send a delivery again."""

    def act() -> ResponseReturnValue:
        hook = pages.own(hook_id)
        found = queries.delivery_of(hook, hook_delivery_id, locked=True)
        actions.replay(hook, found, by=current_member())
        return told(_sent_words(hook, 1), _page_of(hook_id, hook_delivery_id))

    def look(refusal: str) -> dict[str, Any]:
        hook = pages.own(hook_id)
        return _one(hook, queries.delivery_of(hook, hook_delivery_id), refusal)

    return do(act, look, page=PAGE)


def _page_of(hook_id: UUID, delivery_id: UUID) -> str:
    return url_for(".delivery", hook_id=hook_id, hook_delivery_id=delivery_id)


def _sent_words(hook: Hook, count: int) -> str:
    if hook.state != "live":
        return str(_("已排队，恢复推送后投递"))
    return str(_("正在投递，事件数：%(count)d", count=count))


@bp.post("/hooks/<uuid:hook_id>/replays")
@require(P)
@fresh
def create_replays(hook_id: UUID) -> ResponseReturnValue:
    """Send again all that was given up."""
    hook = pages.own(hook_id, locked=True)
    if count := actions.replay_dead(hook, by=current_member()):
        flash(_sent_words(hook, count), "success")
    else:
        flash(_("没有已放弃的事件"), "info")
    return htmx.gone_to(url_for("hooks.hook", hook_id=hook.id))


@bp.post("/hooks/<uuid:hook_id>/trials")
@require(P)
@fresh
def create_trial(hook_id: UUID) -> ResponseReturnValue:
    """Send an event that says nothing."""
    hook = pages.own(hook_id)
    sent = actions.send_trial(hook, by=current_member())
    return told(_sent_words(hook, 1), _page_of(hook_id, sent.id))
