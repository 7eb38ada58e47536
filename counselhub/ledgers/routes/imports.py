"""The office's ledger: uploaded, its columns mapped, tried, imported; tolerances."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from counselhub.core import clock, htmx, paging, programs
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.errors import ConflictError, DomainError, NotFoundError
from counselhub.core.forms import RevisionForm, given, text
from counselhub.core.permissions import Permission
from counselhub.ledgers import layout, queries, sent
from counselhub.ledgers.actions import importing, setting
from counselhub.ledgers.actions.comparing import words_of
from counselhub.ledgers.actions.importing import Trial
from counselhub.ledgers.forms import ToleranceForm, mapping_sent, upload_form
from counselhub.ledgers.kinds import ImportStatus
from counselhub.ledgers.layout import Field
from counselhub.ledgers.models import LedgerImport
from counselhub.ledgers.routes.blueprint import bp

P = Permission
NEW, ONE = "ledgers/import_new.html", "ledgers/import.html"


@bp.get("/ledgers/imports")
@require(P.REVIEW_READ)
def imports() -> ResponseReturnValue:
    """List the uploaded ledgers, newest first."""
    page = paging.paged(queries.imports())
    return htmx.show("ledgers/imports.html", page=page, ImportStatus=ImportStatus)


@bp.get("/ledgers/imports/new")
@require(P.REVIEW_CHECK)
def new_import() -> ResponseReturnValue:
    """Ask for a month and its ledger."""
    return htmx.show(NEW, form=upload_form(queries.firms_here()), fields=list(Field))


@bp.post("/ledgers/imports")
@require(P.REVIEW_CHECK)
def create_import() -> ResponseReturnValue:
    """Keep an upload and show what importing it would do."""
    form = upload_form(queries.firms_here())
    if not form.validate_on_submit():
        return htmx.invalid(NEW, form=form, fields=list(Field))
    month = paging.month_of(text(form.month)) or clock.this_month()
    upload = importing.keep(
        form.file.data.read(),
        form.file.data.filename or "",
        month,
        text(form.firm),
        by=current_member(),
    )
    return htmx.gone_to(url_for(".one_import", ledger_import_id=upload.id))


def _fetch(row_id: UUID) -> LedgerImport:
    return fetch(LedgerImport, row_id, None, undefer(LedgerImport.content))


@bp.get("/ledgers/imports/<uuid:ledger_import_id>")
@require(P.REVIEW_READ)
def one_import(ledger_import_id: UUID) -> ResponseReturnValue:
    """Show what an import would do, or what it did."""
    return htmx.show(ONE, **_shown(_fetch(ledger_import_id)))


def _shown(upload: LedgerImport, refusal: str = "", sent: dict[str, str] | None = None) -> Any:
    context: dict[str, Any] = {"upload": upload, "refusal": refusal, "ImportStatus": ImportStatus}
    if upload.status == ImportStatus.APPLIED:
        page = paging.of_all(upload.changes)
        names = queries.names_of({one["community"] for one in page.items})
        return context | {"trial": None, "page": page, "names": names, "words_of": words_of}
    try:
        trial = importing.rehearse(upload)
    except DomainError as gone:
        return context | {"trial": None, "page": None, "refusal": gone.message}
    return context | {
        "trial": trial,
        "page": paging.of_all(trial.faults),
        "warnings": [one.document() for one in trial.reading.findings.warnings][:20],
        "mapping": _mapping(trial, sent),
    }


def _mapping(trial: Trial, sent: dict[str, str] | None) -> dict[str, Any] | None:
    """Return what the mapping's form shows: fields with the headers proposed for them."""
    if trial.grid is None:
        return None
    header = trial.grid.header
    remembered = trial.setting.mapping
    places = layout.proposed(header, remembered if trial.places else {})
    chosen = {one.value: header.labels[place] for one, place in places.items()}
    return {
        "fields": list(Field),
        "labels": [label for label in header.labels if label],
        "columns": header.labels,
        "chosen": sent or chosen,
        "sample": trial.grid.sample(),
        "is_settled": trial.places is not None,
        "has_changed": bool(remembered) and trial.places is None,
    }


@bp.post("/ledgers/imports/<uuid:ledger_import_id>/mapping")
@require(P.REVIEW_CHECK)
def create_mapping(ledger_import_id: UUID) -> ResponseReturnValue:
    """Remember which of the street's headers means what."""
    sent = mapping_sent()
    try:
        importing.map_columns(_fetch(ledger_import_id), sent, by=current_member())
    except DomainError as refusal:
        db.session.rollback()
        return htmx.invalid(ONE, **_shown(_fetch(ledger_import_id), refusal.message, sent))
    flash(_("已记住这个对应关系，以后同样表头的台账不用再选"), "success")
    return htmx.gone_to(url_for(".one_import", ledger_import_id=ledger_import_id))


@bp.post("/ledgers/imports/<uuid:ledger_import_id>/application")
@require(P.REVIEW_CHECK)
def create_application(ledger_import_id: UUID) -> ResponseReturnValue:
    """Import exactly the file that was tried."""
    upload = _fetch(ledger_import_id)
    month = upload.month
    try:
        importing.apply(upload, by=current_member(), revision=RevisionForm().seen)
    except DomainError as refusal:
        db.session.rollback()
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(ONE, **_shown(_fetch(ledger_import_id), refusal.message))
    flash(_("已导入，下面是与结算单的差异"), "success")
    return htmx.gone_to(url_for(".differences", month=f"{month:%Y-%m}"))


@bp.get("/ledgers/imports/<uuid:ledger_import_id>/file")
@require(P.REVIEW_READ)
def file(ledger_import_id: UUID) -> ResponseReturnValue:
    """Give the file back as it came."""
    upload = _fetch(ledger_import_id)
    if upload.content is None:
        raise NotFoundError()
    return attachment(
        upload.content, upload.name, programs.JSON if sent.is_sent(upload.content) else XLSX
    )


@bp.get("/ledgers/tolerance")
@require(P.REVIEW_READ)
def tolerance() -> ResponseReturnValue:
    """Show how far the sides may lie apart."""
    return htmx.show("ledgers/tolerance.html", form=_tolerance_form())


def _tolerance_form() -> ToleranceForm:
    found = queries.setting_of(current_member().street_code)
    return ToleranceForm(
        data={
            "amount": found.tolerance_fen,
            "minutes": found.tolerance_minutes,
            "visits": found.tolerance_visits,
            "revision": found.revision,
        }
    )


@bp.post("/ledgers/tolerance")
@require(P.REVIEW_CHECK)
def create_tolerance() -> ResponseReturnValue:
    """Set it; it counts from the next comparison on."""
    form = _tolerance_form()
    if not form.validate_on_submit():
        return htmx.invalid("ledgers/tolerance.html", form=form)
    setting.set_tolerance(
        fen=given(form.amount) or 0,
        minutes=given(form.minutes) or 0,
        visits=given(form.visits) or 0,
        by=current_member(),
        revision=form.seen,
    )
    flash(_("已保存，下次导入或重新比对时使用"), "success")
    return htmx.gone_to(url_for(".tolerance"))
