"""The office's desk: months, the lines of one, a line with its settlement."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, DomainError
from counselhub.core.forms import RevisionForm
from counselhub.core.permissions import Permission
from counselhub.ledgers import pages, queries, wording
from counselhub.ledgers.actions import importing, settling
from counselhub.ledgers.forms import SettleForm, settle_form
from counselhub.ledgers.kinds import UNDONE
from counselhub.ledgers.models import LedgerLine
from counselhub.ledgers.routes.blueprint import bp

P = Permission
LIST, ONE = "ledgers/differences.html", "ledgers/line.html"
NAMES = (joinedload(LedgerLine.community), joinedload(LedgerLine.firm))


@bp.get("/ledgers")
@require(P.REVIEW_READ)
def months() -> ResponseReturnValue:
    """List the months that have a ledger, newest first."""
    page = paging.paged(queries.months(), columns=True)
    return htmx.show("ledgers/months.html", page=page)


@bp.get("/ledgers/differences")
@require(P.REVIEW_READ)
def differences() -> ResponseReturnValue:
    """List a month's lines, the largest differences first."""
    return htmx.show(LIST, **_listed(settle_form(is_many=True, formdata=None)))


def _listed(form: SettleForm, refusal: str = "") -> dict[str, Any]:
    asked, sort = pages.asked(), sorting.asked_sort(queries.SORTS)
    page = paging.paged(queries.lines(asked, sort))
    codes: set[str] = set()
    for line in page.items:
        codes |= wording.codes_in(line.suggestions)
    firms = queries.firms_of(asked.month)
    street = current_member().street_code
    return {
        "asked": asked,
        "sort": sort,
        "page": page,
        "names": queries.names_of(codes),
        "tallies": queries.tallies(asked.month),
        "open_here": queries.open_of(asked),
        "firms": firms,
        "sheets": queries.live_sheets(street, asked.month),
        "month": paging.month_links(asked.month),
        "form": form,
        "refusal": refusal,
        **pages.words(),
    }


@bp.post("/ledgers/differences/settlement")
@require(P.REVIEW_CHECK)
def create_settlements() -> ResponseReturnValue:
    """Settle all open differences of the filter alike."""
    form = settle_form(is_many=True)
    if not form.validate_on_submit():
        return htmx.invalid(LIST, **_listed(form))
    number = form.lines.data or ""
    expected = int(number) if number.isdecimal() and len(number) < 9 else -1
    asked = pages.asked()

    def act() -> None:
        settling.settle_many(asked, form.settlement(), by=current_member(), expected=expected)

    if refusal := pages.tried(form, act):
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(LIST, **_listed(form, refusal.message))
    flash(_("已处理 %(count)s 条差异", count=expected), "success")
    return htmx.gone_to(url_for(".differences") + "?" + request.query_string.decode())


@bp.post("/ledgers/comparison")
@require(P.REVIEW_CHECK)
def create_comparison() -> ResponseReturnValue:
    """Hold the ledger that is there against the statements as they now are."""
    month = paging.asked_month()
    try:
        made = importing.compare_again(current_member().street_code, month, by=current_member())
    except DomainError as refusal:
        flash(refusal.message, "danger")
    else:
        flash(_("已重新比对，%(count)s 行有变化", count=len(made.changes)), "success")
    return htmx.gone_to(url_for(".differences", month=f"{month:%Y-%m}"))


def _fetch(row_id: UUID) -> LedgerLine:
    return fetch(LedgerLine, row_id, None, *NAMES)


@bp.get("/ledgers/lines/<uuid:ledger_line_id>")
@require(P.REVIEW_READ)
def line(ledger_line_id: UUID) -> ResponseReturnValue:
    """Show both sides of one line, what may explain it, how it was settled."""
    return htmx.show(ONE, **_shown(_fetch(ledger_line_id)))


def _shown(row: LedgerLine, form: SettleForm | None = None, refusal: str = "") -> dict[str, Any]:
    return {
        "line": row,
        "sheet": queries.live_sheet(row),
        "names": queries.names_of(wording.codes_in(row.suggestions)),
        "events": pages.happenings(row) if not row.is_office_only else [],
        "form": form or settle_form(formdata=None, revision=row.revision),
        "is_open": row.status in UNDONE,
        "refusal": refusal,
        **pages.words(),
    }


@bp.post("/ledgers/lines/<uuid:ledger_line_id>/settlement")
@require(P.REVIEW_CHECK)
def create_settlement(ledger_line_id: UUID) -> ResponseReturnValue:
    """Settle a difference by the side it belongs to."""
    row, form = _fetch(ledger_line_id), settle_form()

    def act() -> None:
        settling.settle(row, form.settlement(), by=current_member(), revision=form.seen)

    if not form.validate_on_submit():
        return htmx.invalid(ONE, **_shown(row, form))
    return _done(row, form, act, _("已处理"))


@bp.post("/ledgers/lines/<uuid:ledger_line_id>/suggestion")
@require(P.REVIEW_CHECK)
def create_suggestion(ledger_line_id: UUID) -> ResponseReturnValue:
    """Take one of the suggestions as the explanation."""
    row, sent = _fetch(ledger_line_id), RevisionForm()
    place = request.form.get("place", -1, type=int)

    def act() -> None:
        settling.take_suggestion(row, place, by=current_member(), revision=sent.seen)

    return _done(row, None, act, _("已按建议处理"))


@bp.post("/ledgers/lines/<uuid:ledger_line_id>/reopening")
@require(P.REVIEW_CHECK)
def create_reopening(ledger_line_id: UUID) -> ResponseReturnValue:
    """Take a settlement back."""
    row, sent = _fetch(ledger_line_id), RevisionForm()

    def act() -> None:
        settling.undo(row, by=current_member(), revision=sent.seen)

    return _done(row, None, act, _("已撤回，这条差异重新待处理"))


def _done(
    row: LedgerLine, form: SettleForm | None, act: pages.Act, toast: str
) -> ResponseReturnValue:
    """Act on a line; a refusal is told on the line as it now is."""
    row_id, month = row.id, row.month
    refusal = pages.tried(form or SettleForm(formdata=None), act)
    if refusal is None:
        flash(toast, "success")
        return htmx.gone_to(url_for(".line", ledger_line_id=row_id))
    found = queries.line_or_none(row_id)
    if found is None:
        flash(refusal.message, "danger")
        return htmx.gone_to(url_for(".differences", month=f"{month:%Y-%m}"))
    answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
    return answer(ONE, **_shown(_fetch(row_id), form, refusal.message))
