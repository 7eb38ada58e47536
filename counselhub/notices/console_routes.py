"""The operator's page of what goes out: how many, by which channel, with which fault; no words."""

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, history, htmx
from counselhub.core.access import current_member, require
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import PLATFORM
from counselhub.notices import channels, outbox, queries, smtp
from counselhub.notices.kinds import CHANNEL_WORDS, DeliveryState

bp = Blueprint("notices_console", __name__)


@bp.get("/console/deliveries")
@require(Permission.OPERATE)
def deliveries() -> ResponseReturnValue:
    """Show how each channel stands, and what went wrong."""
    now = clock.now()
    return render_template(
        "notices/deliveries.html",
        standings=queries.standings(now),
        problems=queries.problems(),
        bounced=queries.bounced(),
        ready={one.name: one.is_ready() for one in channels.registered()},
        late_before=now - outbox.ABANDONED_AFTER,
        sends_mail=smtp.is_set(),
        mail_from=current_app.config["MAIL_FROM"],
        words=CHANNEL_WORDS,
        DeliveryState=DeliveryState,
    )


@bp.post("/console/deliveries/retries")
@require(Permission.OPERATE)
def create_retries() -> ResponseReturnValue:
    """Let what one channel gave up go out after all."""
    channel = request.form.get("channel", "")
    if count := outbox.begin_again(channel):
        history.note(
            "deliveries_retried", scope=PLATFORM, by=current_member(), kind=channel, count=count
        )
        flash(_("%(count)s 条已重新排队，一分钟内开始发送", count=count), "success")
    else:
        flash(_("没有未送达的消息了"), "info")
    return htmx.gone_to(url_for(".deliveries"))
