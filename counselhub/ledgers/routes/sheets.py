"""The difference sheet at the office: published, frozen, confirmed, replaced; its documents."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.errors import ConflictError, DomainError, NotFoundError
from counselhub.core.forms import RevisionForm, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.ledgers import pages, queries
from counselhub.ledgers.actions import sheets as actions
from counselhub.ledgers.documents.paper import Paper, paper_of
from counselhub.ledgers.documents.pdf import pdf as write_pdf
from counselhub.ledgers.documents.xlsx import xlsx as write_xlsx
from counselhub.ledgers.forms import ReasonForm
from counselhub.ledgers.kinds import SheetStatus
from counselhub.ledgers.models import LedgerSheet
from counselhub.ledgers.routes.blueprint import bp

P = Permission
ONE = "ledgers/sheet.html"
NAMES = (joinedload(LedgerSheet.firm), joinedload(LedgerSheet.street))


@bp.get("/ledgers/sheets")
@require(P.REVIEW_READ)
def sheets() -> ResponseReturnValue:
    """List the difference sheets of the street, newest month first."""
    return htmx.show("ledgers/sheets.html", page=paging.paged(queries.sheets()), **pages.words())


@bp.post("/ledgers/sheets")
@require(P.REVIEW_CHECK)
def create_sheet() -> ResponseReturnValue:
    """Publish a month's lines to the firm that they concern."""
    month, firm_id = paging.asked_month(), request.form.get("firm", type=UUID)
    if firm_id is None:
        raise NotFoundError()
    try:
        made = actions.publish(month, firm_id, by=current_member())
    except DomainError as refusal:
        db.session.rollback()
        flash(refusal.message, "danger")
        return htmx.gone_to(url_for(".differences", month=f"{month:%Y-%m}"))
    flash(_("已公布，律所现在能看到这些差异并逐条答复"), "success")
    return htmx.gone_to(url_for(".sheet", ledger_sheet_id=made.id))


def _fetch(row_id: UUID) -> LedgerSheet:
    return fetch(LedgerSheet, row_id, None, *NAMES)


@bp.get("/ledgers/sheets/<uuid:ledger_sheet_id>")
@require(P.REVIEW_READ)
def sheet(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Show a sheet: what it holds, who has confirmed it, what can be done next."""
    return htmx.show(ONE, **_shown(_fetch(ledger_sheet_id)))


def _shown(found: LedgerSheet, form: ReasonForm | None = None, refusal: str = "") -> dict[str, Any]:
    is_open = found.status == SheetStatus.OPEN
    return {
        "sheet": found,
        "rows": paging.of_all(found.rows),
        "tallies": queries.tallies_of(found) if is_open else None,
        "events": pages.happenings(found),
        "form": form or ReasonForm(formdata=None, data={"revision": found.revision}),
        "refusal": refusal,
        **pages.words(),
    }


@bp.post("/ledgers/sheets/<uuid:ledger_sheet_id>/freezing")
@require(P.REVIEW_CHECK)
def create_freezing(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Freeze it for both sides to confirm."""
    found, sent = _fetch(ledger_sheet_id), RevisionForm()

    def act() -> None:
        actions.freeze(found, by=current_member(), revision=sent.seen)

    return _done(ledger_sheet_id, None, act, _("已定稿，请双方确认"))


@bp.post("/ledgers/sheets/<uuid:ledger_sheet_id>/confirmation")
@require(P.REVIEW_SIGN)
@fresh
def create_confirmation(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Confirm it for the office."""
    found, sent = _fetch(ledger_sheet_id), RevisionForm()

    def act() -> None:
        actions.confirm_office(found, by=current_member(), revision=sent.seen)

    return _done(ledger_sheet_id, None, act, _("已代表司法所确认"))


@bp.post("/ledgers/sheets/<uuid:ledger_sheet_id>/replacement")
@require(P.REVIEW_CHECK)
def create_replacement(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Open a new version; the one before stays as it was."""
    found, form = _fetch(ledger_sheet_id), ReasonForm()
    made: list[LedgerSheet] = []

    def act() -> None:
        made.append(
            actions.replace(found, text(form.reason), by=current_member(), revision=form.seen)
        )

    if not form.validate_on_submit():
        return htmx.invalid(ONE, **_shown(found, form))
    answer = _done(ledger_sheet_id, form, act, _("已另开新版，可以继续核对"))
    return htmx.gone_to(url_for(".sheet", ledger_sheet_id=made[0].id)) if made else answer


def _done(row_id: UUID, form: ReasonForm | None, act: pages.Act, toast: str) -> ResponseReturnValue:
    """Act on a sheet; a refusal is told on the sheet as it now is."""
    refusal = pages.tried(form or ReasonForm(formdata=None), act)
    if refusal is not None:
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(ONE, **_shown(_fetch(row_id), form, refusal.message))
    flash(toast, "success")
    return htmx.gone_to(url_for(".sheet", ledger_sheet_id=row_id))


@bp.get("/ledgers/sheets/<uuid:ledger_sheet_id>/sheet.pdf")
@require(P.REVIEW_READ, P.STATEMENT_READ)
def sheet_pdf(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Show a frozen sheet as A4."""
    paper = _paper(ledger_sheet_id)
    return attachment(write_pdf(paper), f"{paper.name}.pdf", "application/pdf", is_shown=True)


@bp.get("/ledgers/sheets/<uuid:ledger_sheet_id>/sheet.xlsx")
@require(P.REVIEW_READ, P.STATEMENT_READ)
def sheet_xlsx(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Give a frozen sheet as Excel."""
    paper = _paper(ledger_sheet_id)
    return attachment(write_xlsx(paper), f"{paper.name}.xlsx", XLSX)


def _paper(row_id: UUID) -> Paper:
    """Return a sheet as a document. Raises NotFoundError for one that was never frozen."""
    found = _fetch(row_id)
    if found.digest is None:
        raise NotFoundError(_("差异表还没有定稿，没有可以打印的内容。"))
    return paper_of(found)
