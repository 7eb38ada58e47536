"""The firm's key to DingTalk's interface: set it, try it, take it away."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.attendance import fetching, linking, queries
from counselhub.attendance.forms import LinkForm
from counselhub.attendance.models import AttendanceLink
from counselhub.attendance.routes.blueprint import bp
from counselhub.core import clock, htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission


@bp.get("/attendance/link")
@require(Permission.WORKBOOK)
def link() -> ResponseReturnValue:
    """Show the link, without its secret."""
    found = queries.link()
    return htmx.show("attendance/link.html", **_one(found, _form(found)))


def _form(found: AttendanceLink | None) -> LinkForm:
    """Return the form filled from the link, for a page that was not sent."""
    kept: dict[str, Any] = {"since": clock.previous_month(clock.this_month())}
    if found is not None:
        kept |= {"app_key": found.app_key, "since": found.since, "revision": found.revision}
    return LinkForm(formdata=None, data=kept)


def _one(
    found: AttendanceLink | None, form: LinkForm, refusal: str | None = None
) -> dict[str, Any]:
    month = clock.this_month()
    return {
        "found": found,
        "form": form,
        "people": queries.fetched_accounts(),
        "tallies": queries.tallies(month, clock.last_day(month)),
        "refusal": refusal,
    }


@bp.post("/attendance/link")
@require(Permission.WORKBOOK)
@fresh
def update_link() -> ResponseReturnValue:
    """Keep the key, sealed."""
    form = LinkForm()
    if not form.validate_on_submit():
        return htmx.invalid("attendance/link.html", **_one(queries.link(), form))
    try:
        linking.connect(
            text(form.app_key),
            text(form.secret),
            given(form.since),
            revision=revision_of(form.revision),
            by=current_member(),
        )
    except RefusedError as refusal:
        show_refusal(form.secret, refusal)
        return htmx.invalid("attendance/link.html", **_one(queries.link(), form))
    except ConflictError as refusal:
        found = queries.link()
        return htmx.refused("attendance/link.html", **_one(found, _form(found), refusal.message))
    flash(_("已保存。每天会自动取回对应到律师的打卡，也可以现在取一次。"), "success")
    return redirect(url_for(".link"), 303)


@bp.post("/attendance/link/fetching")
@require(Permission.WORKBOOK)
def create_fetching() -> ResponseReturnValue:
    """Ask DingTalk once, for up to seven days."""
    found = _found()
    try:
        step = fetching.fetch_once(found, by=current_member())
    except RefusedError as refusal:
        return htmx.invalid("attendance/link.html", **_one(found, _form(found), refusal.message))
    told = _(
        "接口可用：查询 %(people)d 人，取回 %(punches)d 次打卡，其中新的 %(new)d 次。",
        people=step.people,
        punches=step.punches,
        new=step.new,
    )
    flash(told, "success")
    return redirect(url_for(".link"), 303)


@bp.post("/attendance/link/removal")
@require(Permission.WORKBOOK)
@fresh
def create_removal() -> ResponseReturnValue:
    """Forget the key."""
    linking.disconnect(_found(), by=current_member())
    flash(_("已停用接口并删除密钥；取回的打卡还在。"), "success")
    return redirect(url_for(".link"), 303)


def _found() -> AttendanceLink:
    found = queries.link()
    if found is None:
        raise NotFoundError()
    return found
