"""离开与导出: the manager takes everything out, asks to leave, and stays after all."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, goes_on, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.leaving import actions, archives, queries, seals
from counselhub.leaving.forms import ArchiveForm, DepartureForm
from counselhub.people.models import Firm
from counselhub.people.states import DEPARTURE_TONES, DepartureStatus
from counselhub.tenants.making import Whose
from counselhub.work.giving import give
from counselhub.work.kinds import TONES
from counselhub.work.queries import newest, own

bp = Blueprint("leaving", __name__)
P = Permission
PAGE, PART = "leaving/leaving.html", "leaving/_archives.html"
SHOWN = 5


@bp.get("/leaving")
@require(P.DEPART)
def leaving() -> ResponseReturnValue:
    """Show the archives that were made, and how the firm leaves or stays."""
    if htmx.wants_part():
        return htmx.show(PAGE, PART, **_made())
    return htmx.show(PAGE, **_shown())


def _made() -> dict[str, Any]:
    return {
        "archives": newest(current_member(), archives.TASK, SHOWN),
        "tones": TONES,
    }


def _shown(**more: Any) -> dict[str, Any]:
    departure = queries.live(current_member().firm_id)
    return (
        _made()
        | {
            "departure": departure,
            "statuses": DepartureStatus,
            "departure_tones": DEPARTURE_TONES,
            "certificate_at": _certificate(departure),
            "open": queries.unsettled(),
            "archive_form": ArchiveForm(formdata=None),
            "departure_form": DepartureForm(formdata=None),
            "refusal": "",
        }
        | more
    )


def _certificate(departure: Any) -> str:
    """Return the address of the certificate to be, "" for none."""
    code = seals.code_of(departure) if departure else ""
    return url_for("certificates.certificate", token=code, _external=True) if code else ""


@bp.post("/leaving/archives")
@require(P.DEPART)
@fresh
@goes_on
def create_archive() -> ResponseReturnValue:
    """Ask for the archive under a passphrase."""
    form, member = ArchiveForm(), current_member()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(archive_form=form))
    with as_platform():
        code = db.session.get_one(Firm, member.firm_id).code
    whose = Whose(member.firm_id, code, member.title)
    try:
        is_new = archives.ask(whose, text(form.passphrase), by=member)[1]
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(refusal=conflict.message))
    if is_new:
        flash(_("已开始制作，可以离开这一页，稍后回来下载。"), "success")
    else:
        flash(_("已经有一份正在制作，用的是先前填写的口令。"), "info")
    return htmx.gone_to(url_for(".leaving"))


@bp.get("/leaving/archives/<uuid:work_id>/firm.zip")
@require(P.DEPART)
@fresh
def archive(work_id: UUID) -> ResponseReturnValue:
    """Give an archive, and note who took it."""
    member = current_member()
    found = own(member, work_id, archives.TASK)
    missing = _("这份归档还没有做好，或者已经到期删除。请重新制作一份。")
    name = f"{member.title}全部数据-{found.asked_at:%Y%m%d}.zip"
    return give(found, ".zip", name, "application/zip", missing=missing, by=member)


@bp.post("/leaving/departure")
@require(P.DEPART)
@fresh
@goes_on
def create_departure() -> ResponseReturnValue:
    """Ask that everything be deleted after the time of waiting."""
    form, member = DepartureForm(), current_member()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(departure_form=form))
    check_at = url_for("certificates.certificates", _external=True)
    try:
        asked = actions.ask(text(form.name), check_at=check_at, by=member)
    except RefusedError as refusal:
        show_refusal(form.name, refusal)
        return htmx.invalid(PAGE, **_shown(departure_form=form))
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(refusal=conflict.message))
    flash(_("已提交。%(day)s 之前随时可以撤回。", day=asked.deletes_on), "success")
    return htmx.gone_to(url_for(".leaving"))


@bp.post("/leaving/withdrawal")
@require(P.DEPART)
@fresh
@goes_on
def create_withdrawal() -> ResponseReturnValue:
    """Stay after all."""
    try:
        actions.withdraw(by=current_member())
    except (ConflictError, IllegalMoveError) as conflict:
        return htmx.refused(PAGE, **_shown(refusal=conflict.message))
    flash(_("已撤回，本所的数据不会删除。"), "success")
    return htmx.gone_to(url_for(".leaving"))
