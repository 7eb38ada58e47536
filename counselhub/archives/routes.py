"""全部资料导出: ask for it, see how far it is, fetch it; each act asks who is there."""

from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.archives.actions import TASK, ask
from counselhub.archives.contents import GROUPS, LEFT_OUT
from counselhub.archives.words import table_word
from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError
from counselhub.core.freshness import fresh
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.work import actions as work
from counselhub.work.giving import give
from counselhub.work.kinds import TONES
from counselhub.work.queries import newest, own

bp = Blueprint("archives", __name__)
P = Permission
PAGE, PART = "archives/archives.html", "archives/_archives.html"
SHOWN = 20


def _shown(refusal: str = "") -> dict[str, object]:
    return {
        "archives": newest(current_member(), TASK, SHOWN),
        "tones": TONES,
        "groups": GROUPS,
        "left_out": LEFT_OUT,
        "table_word": table_word,
        "beside": _beside,
        "refusal": refusal,
    }


def _beside(name: str) -> str:
    """Write what the archive calls something with the reader's own word, where that is another."""
    word = page_text(name)
    return name if word == name else f"{word} ({name})"


@bp.get("/office/export")
@require(P.OFFICE_EXPORT)
def archives() -> ResponseReturnValue:
    """Show what an archive holds, what was asked for and how far it is."""
    return htmx.show(PAGE, PART, **_shown())


@bp.post("/office/export")
@require(P.OFFICE_EXPORT)
@fresh
def create_archive() -> ResponseReturnValue:
    """Ask for an archive; while one is being made, show that one."""
    papers = url_for("papers.checks", _external=True)
    has_photos = bool(request.form.get("photos"))
    try:
        is_new = ask(papers, has_photos=has_photos, by=current_member())[1]
    except ConflictError as conflict:
        return htmx.refused(PAGE, PART, **_shown(conflict.message))
    if is_new:
        flash(_("已开始制作，可以离开这一页，稍后回来下载。"), "success")
    else:
        flash(_("正在制作，不用重复提交。"), "info")
    return htmx.gone_to(url_for(".archives"))


@bp.post("/office/export/<uuid:archive_id>/cancellation")
@require(P.OFFICE_EXPORT)
@fresh
def create_cancellation(archive_id: UUID) -> ResponseReturnValue:
    """Give up an archive that is not made yet."""
    member = current_member()
    try:
        work.cancel(own(member, archive_id, TASK), by=member)
    except ConflictError as conflict:
        return htmx.refused(PAGE, PART, **_shown(conflict.message))
    flash(_("已取消。"), "success")
    return htmx.gone_to(url_for(".archives"))


@bp.get("/office/export/<uuid:archive_id>/data.zip")
@require(P.OFFICE_EXPORT)
@fresh
def data(archive_id: UUID) -> ResponseReturnValue:
    """Give the file, and note who took it."""
    member = current_member()
    archive = own(member, archive_id, TASK)
    missing = _("这次导出还没有做好，或者已经到期删除。请回到导出页面查看。")
    name = f"{member.title}全部资料-{archive.asked_at:%Y%m%d}.zip"
    return give(archive, ".zip", name, "application/zip", missing=missing, by=member)
