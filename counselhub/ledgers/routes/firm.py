"""The firm's side: sheets that offices published to it, its answers, its confirmation."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.core.forms import RevisionForm, given, text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.ledgers import pages, queries
from counselhub.ledgers.actions import settling
from counselhub.ledgers.actions import sheets as actions
from counselhub.ledgers.forms import AnswerForm, answer_form
from counselhub.ledgers.kinds import SheetStatus
from counselhub.ledgers.models import LedgerLine, LedgerSheet
from counselhub.ledgers.routes.blueprint import bp
from counselhub.ledgers.routes.sheets import NAMES

P = Permission
ONE = "ledgers/firm_sheet.html"


@bp.get("/office-ledgers")
@require(P.STATEMENT_READ)
def firm_sheets() -> ResponseReturnValue:
    """List the sheets that offices published to the firm, newest month first."""
    page = paging.paged(queries.sheets())
    return htmx.show("ledgers/firm_sheets.html", page=page, **pages.words())


def _fetch(row_id: UUID) -> LedgerSheet:
    return fetch(LedgerSheet, row_id, None, *NAMES)


@bp.get("/office-ledgers/<uuid:ledger_sheet_id>")
@require(P.STATEMENT_READ)
def firm_sheet(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Show a sheet: its differences to answer while it is open, its frozen rows afterwards."""
    return htmx.show(ONE, **_shown(_fetch(ledger_sheet_id)))


def _shown(found: LedgerSheet, form: AnswerForm | None = None, refusal: str = "") -> dict[str, Any]:
    is_open = found.status == SheetStatus.OPEN
    return {
        "sheet": found,
        "rows": paging.of_all(found.rows),
        "page": paging.paged(queries.answerable(found)) if is_open else None,
        "tallies": queries.tallies_of(found) if is_open else None,
        "events": pages.happenings(found),
        "refused_form": form,
        "refusal": refusal,
        "answer_form": shown_form,
        **pages.words(),
    }


def shown_form(line: LedgerLine, refused: AnswerForm | None = None) -> AnswerForm:
    """Return the form of one line, the refused one where it is that line's."""
    if refused is not None and refused.answer.name.startswith(line.id.hex):
        return refused
    return answer_form(line, is_sent=False)


@bp.post("/office-ledgers/lines/<uuid:ledger_line_id>/answer")
@require(P.STATEMENT_PREPARE)
def create_answer(ledger_line_id: UUID) -> ResponseReturnValue:
    """Agree with how a difference was settled, or dispute it."""
    line = fetch(LedgerLine, ledger_line_id, None, joinedload(LedgerLine.community))
    found = queries.live_sheet(line)
    if found is None:
        raise NotFoundError()
    sheet_id = found.id
    form = answer_form(line, is_sent=True)
    if not form.validate_on_submit():
        return htmx.invalid(ONE, **_shown(_fetch(sheet_id), form))

    def act() -> None:
        is_agreed = given(form.answer) == "agree"
        return settling.answer(
            line, is_agreed=is_agreed, words=text(form.words), by=current_member(),
            revision=form.seen,
        )  # fmt: skip

    if refusal := pages.tried(form, act):
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(ONE, **_shown(_fetch(sheet_id), form, refusal.message))
    flash(_("已答复"), "success")
    return htmx.gone_to(url_for(".firm_sheet", ledger_sheet_id=sheet_id))


@bp.post("/office-ledgers/<uuid:ledger_sheet_id>/confirmation")
@require(P.STATEMENT_CERTIFY)
@fresh
def create_firm_confirmation(ledger_sheet_id: UUID) -> ResponseReturnValue:
    """Confirm a frozen sheet for the firm."""
    found, sent = _fetch(ledger_sheet_id), RevisionForm()

    def act() -> None:
        actions.confirm_firm(found, by=current_member(), revision=sent.seen)

    if refusal := pages.tried(sent, act):
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(ONE, **_shown(_fetch(ledger_sheet_id), None, refusal.message))
    flash(_("已代表律所确认"), "success")
    return htmx.gone_to(url_for(".firm_sheet", ledger_sheet_id=ledger_sheet_id))
