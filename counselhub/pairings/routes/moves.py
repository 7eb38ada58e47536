"""The moves of an agreement, and the files of what was signed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal, text
from counselhub.pairings import actions, scans
from counselhub.pairings.forms import ActForm, EndForm, ScanForm, SignForm, sent_files
from counselhub.pairings.models import Pairing, PairingScan
from counselhub.pairings.routes.blueprint import P, bp, done, fetch_pairing
from counselhub.pairings.routes.pairings import PAGE, page_of


def _filled(
    pairing_id: UUID, name: str, form: Any, field: Any, act: Callable[[], object], toast: str
) -> ResponseReturnValue:
    """Do an act that has a form on the page; a refusal stands at its field, what was typed stays.

    name: what the page calls the form.
    """

    def again(sentence: str) -> dict[str, Any]:
        return page_of(fetch_pairing(pairing_id), refusal=sentence, **{name: form})

    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **again(""))

    def told() -> None:
        try:
            act()
        except RefusedError as refusal:
            show_refusal(field, refusal)
            raise

    back_to = url_for(".pairing", pairing_id=pairing_id)
    return done(told, toast=toast, back_to=back_to, template=PAGE, again=again)


@bp.post("/pairings/<uuid:pairing_id>/signature")
@require(P.PAIRING_MANAGE)
def create_signature(pairing_id: UUID) -> ResponseReturnValue:
    """Record the signatures, with the scan."""
    found, form = fetch(Pairing, pairing_id), SignForm()

    def act() -> None:
        actions.sign(
            found,
            given(form.signed_on),
            sent_files(form),
            revision=revision_of(form.revision),
            by=current_member(),
        )

    return _filled(pairing_id, "signing", form, form.scans, act, _("已记录签订，可以开始共建"))


@bp.post("/pairings/<uuid:pairing_id>/activation")
@require(P.PAIRING_MANAGE)
def create_activation(pairing_id: UUID) -> ResponseReturnValue:
    """Begin to work under it."""
    found, revision = fetch(Pairing, pairing_id), revision_of(ActForm().revision)
    return done(
        lambda: actions.activate(found, revision=revision, by=current_member()),
        toast=_("已开始共建，接下来列三张清单和年度计划"),
        back_to=url_for(".pairing", pairing_id=pairing_id),
        template=PAGE,
        again=lambda sentence: page_of(fetch_pairing(pairing_id), refusal=sentence),
    )


@bp.post("/pairings/<uuid:pairing_id>/ending")
@require(P.PAIRING_MANAGE)
def create_ending(pairing_id: UUID) -> ResponseReturnValue:
    """End it with a reason."""
    found, form = fetch(Pairing, pairing_id), EndForm()

    def act() -> None:
        actions.end(
            found,
            given(form.ended_on),
            text(form.reason),
            revision=revision_of(form.revision),
            by=current_member(),
        )

    return _filled(pairing_id, "ending", form, form.ended_on, act, _("已结束"))


@bp.post("/pairings/<uuid:pairing_id>/scans")
@require(P.PAIRING_MANAGE)
def create_scans(pairing_id: UUID) -> ResponseReturnValue:
    """Add files to what was signed."""
    found, form = fetch(Pairing, pairing_id), ScanForm()

    def act() -> None:
        sent = sent_files(form)
        if not sent:
            raise RefusedError(_("请选择文件（PDF 或照片）。"))
        for one in sent:
            scans.add(found, one, by=current_member())

    return _filled(pairing_id, "adding", form, form.scans, act, _("已上传签署件"))


def _scan(pairing_id: UUID, scan_id: UUID) -> tuple[Pairing, PairingScan]:
    found = fetch(Pairing, pairing_id)
    scan = fetch(PairingScan, scan_id, None, undefer(PairingScan.content))
    if scan.pairing_id != found.id:
        raise NotFoundError()
    return found, scan


@bp.get("/pairings/<uuid:pairing_id>/scans/<uuid:pairing_scan_id>")
@require(P.FIRM_READ)
def scan_file(pairing_id: UUID, pairing_scan_id: UUID) -> ResponseReturnValue:
    """Give a file back as it was sent, checked against its digest."""
    _pairing, scan = _scan(pairing_id, pairing_scan_id)
    return attachment(scans.content_of(scan), scan.name, scans.MIMETYPES[scan.ending])


@bp.post("/pairings/<uuid:pairing_id>/scans/<uuid:pairing_scan_id>/removal")
@require(P.PAIRING_MANAGE)
def create_scan_removal(pairing_id: UUID, pairing_scan_id: UUID) -> ResponseReturnValue:
    """Take a file away."""
    found, scan = _scan(pairing_id, pairing_scan_id)

    def act() -> None:
        scans.remove(scan, found, by=current_member())
        db.session.flush()

    return done(
        act,
        toast=_("已删除签署件"),
        back_to=url_for(".pairing", pairing_id=pairing_id),
        template=PAGE,
        again=lambda sentence: page_of(fetch_pairing(pairing_id), refusal=sentence),
    )
