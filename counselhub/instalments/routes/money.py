"""The page of one instalment: its condition, invoices, payments and files."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, undefer

from counselhub.core import clock, history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError
from counselhub.core.forms import given, named, text
from counselhub.core.permissions import Permission
from counselhub.instalments import (
    files,
    invoice_actions,
    payment_actions,
    plan_actions,
    queries,
)
from counselhub.instalments.forms import (
    CancelForm,
    ConditionForm,
    InvoiceForm,
    PaymentForm,
    ReversalForm,
)
from counselhub.instalments.kinds import INSTALMENT_ACTS, OPEN
from counselhub.instalments.models import Instalment, InstalmentFile, InstalmentPayment, Invoice
from counselhub.instalments.routes.blueprint import bp, words
from counselhub.pairings.scans import MIMETYPES

P = Permission
PAGE = "instalments/instalment.html"
VAT = 6
"""The percentage that most law firms invoice with; it is typed over where it differs."""


def found(instalment_id: UUID) -> Instalment:
    """Return an instalment in sight with its contract, street and firm."""
    return fetch(
        Instalment,
        instalment_id,
        None,
        joinedload(Instalment.contract),
        joinedload(Instalment.street),
        joinedload(Instalment.firm),
    )


@bp.get("/instalments/<uuid:instalment_id>")
@require(P.STATEMENT_PREPARE)
def instalment(instalment_id: UUID) -> ResponseReturnValue:
    """Show one instalment, what it waits for and its record."""
    return htmx.show(PAGE, **shown(found(instalment_id)))


def shown(row: Instalment, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    """Return what the page shows; forms: those that stand in place of new ones."""
    revision = {"revision": row.revision}
    payments, invoices = queries.payments_of([row.id]), queries.invoices_of([row.id])
    red_of = _red_of(row, invoices)
    standing = {
        "condition": ConditionForm(formdata=None, data=revision | {"met_on": clock.today()}),
        "cancel": CancelForm(formdata=None, data=revision),
        "invoice": _new_invoice(row, red_of),
        "payment": _new_payment(row),
        "reversal": ReversalForm(formdata=None, data=revision),
    } | forms
    return {
        "instalment": row,
        "invoices": invoices,
        "payments": payments,
        "reversed": {one.reverses_id for one in payments if one.reverses_id},
        "files": queries.files_of([row.id]),
        "events": _events(row),
        "is_open": row.status in OPEN,
        "may_invoice": row.status in invoice_actions.INVOICED,
        "red_of": red_of,
        "refusal": refusal,
        **words(),
        **{name: named(form, name) for name, form in standing.items()},
    }


def _new_payment(row: Instalment) -> PaymentForm:
    begun = {
        "revision": row.revision,
        "paid_on": clock.today(),
        "payer": row.street.name if row.street else "",
        "received_fen": row.unpaid_fen,
    }
    return PaymentForm(formdata=None, data=begun)


def _events(row: Instalment) -> list[dict[str, Any]]:
    """Return the record of an instalment for the timeline, newest first."""
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": _(INSTALMENT_ACTS.get(event.act, event.act)),
            "note": event.detail.get("reason") or event.detail.get("number"),
            "tone": "neutral",
        }
        for event in reversed(history.of(row))
    ]


def _attempted(
    row: Instalment, form: Any, name: str, act: Callable[[], None], toast: str
) -> ResponseReturnValue:
    """Do `act` on an instalment that is as the form's reader saw it; name: of the form."""

    def whole() -> ResponseReturnValue:
        history.expect(row, form.seen)
        act()
        return told(toast, url_for(".instalment", instalment_id=row_id))

    def look(**more: Any) -> dict[str, Any]:
        return shown(found(row_id), **more)

    row_id = row.id
    return attempt(form, whole, look, page=PAGE, **{name: form})


@bp.post("/instalments/<uuid:instalment_id>/condition")
@require(P.STATEMENT_PREPARE)
def create_condition(instalment_id: UUID) -> ResponseReturnValue:
    """Note that the condition is met."""
    row, form = found(instalment_id), ConditionForm()

    def act() -> None:
        plan_actions.fall_due(
            row, given(form.met_on), text(form.words), form.sent(), by=current_member()
        )

    return _attempted(row, form, "condition", act, _("付款条件已成立，可以开票收款"))


@bp.post("/instalments/<uuid:instalment_id>/cancellation")
@require(P.CONTRACT_MANAGE)
def create_cancellation(instalment_id: UUID) -> ResponseReturnValue:
    """Cancel an instalment."""
    row, form = found(instalment_id), CancelForm()

    def act() -> None:
        plan_actions.cancel(row, text(form.reason), by=current_member())

    return _attempted(row, form, "cancel", act, _("这一期已取消"))


@bp.post("/instalments/<uuid:instalment_id>/invoices")
@require(P.STATEMENT_PREPARE)
def create_invoice(instalment_id: UUID) -> ResponseReturnValue:
    """Enter an invoice; with `red_of`, the red one that takes that one back."""
    row, form = found(instalment_id), InvoiceForm()
    first = _red_of(row)

    def act() -> None:
        invoice_actions.enter(row, form.entry(), form.sent(), by=current_member(), red_of=first)

    return _attempted(row, form, "invoice", act, _("发票已登记"))


def _red_of(row: Instalment, there: Sequence[Invoice] | None = None) -> Invoice | None:
    """Return the invoice that a red one takes back, as the page was asked: one of the instalment's.

    Raises NotFoundError for any other.
    """
    asked = request.values.get("red_of", "")
    if not asked:
        return None
    known = queries.invoices_of([row.id]) if there is None else there
    for one in known:
        if str(one.id) == asked:
            return one
    raise NotFoundError()


def _new_invoice(row: Instalment, red_of: Invoice | None) -> InvoiceForm:
    """Return the form with what is known of the invoice, or of the one that is taken back."""
    left_fen = row.amount_fen - row.invoiced_fen
    begun: dict[str, Any] = {
        "revision": row.revision,
        "issued_on": clock.today(),
        "tax_percent": VAT,
        "kind": "electronic",
        "amount_fen": left_fen,
        "buyer": row.street.name if row.street else "",
    }
    if red_of is not None:
        begun |= {
            "kind": red_of.kind,
            "tax_percent": red_of.tax_percent,
            "amount_fen": red_of.amount_fen - red_of.reversed_fen,
            "buyer": red_of.buyer,
            "buyer_tax_number": red_of.buyer_tax_number,
        }
    return InvoiceForm(formdata=None, data=begun)


@bp.post("/instalments/<uuid:instalment_id>/payments")
@require(P.STATEMENT_PREPARE)
def create_payment(instalment_id: UUID) -> ResponseReturnValue:
    """Enter a receipt."""
    row, form = found(instalment_id), PaymentForm()

    def act() -> None:
        payment_actions.enter(
            row, form.receipt(), is_spread=bool(form.is_spread.data), by=current_member()
        )

    return _attempted(row, form, "payment", act, _("到账已登记"))


@bp.post("/instalment-payments/<uuid:instalment_payment_id>/reversal")
@require(P.STATEMENT_PREPARE)
def create_payment_reversal(instalment_payment_id: UUID) -> ResponseReturnValue:
    """Take a payment back."""
    paid = fetch(InstalmentPayment, instalment_payment_id)
    row, form = found(paid.instalment_id), ReversalForm()

    def act() -> None:
        payment_actions.reverse(paid, text(form.why), by=current_member())

    return _attempted(row, form, "reversal", act, _("到账已冲销，原记录保留"))


@bp.get("/instalment-files/<uuid:instalment_file_id>")
@require(P.STATEMENT_PREPARE)
def file(instalment_file_id: UUID) -> ResponseReturnValue:
    """Hand out a file as it was sent."""
    row = fetch(InstalmentFile, instalment_file_id, None, undefer(InstalmentFile.content))
    return attachment(files.content_of(row), row.name, MIMETYPES[row.ending])
