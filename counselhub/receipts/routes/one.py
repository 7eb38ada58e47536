"""One receipt: what it settles, what it might, and the acts on it."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import RevisionForm, named, text
from counselhub.core.permissions import Permission
from counselhub.receipts import actions, pages, queries
from counselhub.receipts.actions import Share
from counselhub.receipts.forms import AllocationForm, WordsForm
from counselhub.receipts.models import ReceiptAllocation
from counselhub.receipts.routes.blueprint import bp

P = Permission
PAGE = "receipts/receipt.html"
OFFERED = 20


@bp.get("/receipts/<uuid:receipt_id>")
@require(P.RECEIPT_MANAGE)
def receipt(receipt_id: UUID) -> ResponseReturnValue:
    """Show a receipt, its allocations, and the statements that it could settle."""
    return htmx.show(PAGE, **_shown(receipt_id))


def _shown(receipt_id: UUID, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    found, q = pages.receipt(receipt_id), request.args.get("q", "").strip()
    allocations = queries.allocations(receipt_id)
    is_open = queries.state_of(found) in ("unmatched", "part")
    return {
        "receipt": found,
        "allocations": allocations,
        "reversed": {one.reverses_id for one in allocations},
        "offered": paging.paged(queries.receivables(q), per_page=OFFERED) if is_open else None,
        "q": q,
        "typed": {},
        "aside_form": named(WordsForm(formdata=None, revision=found.revision), "aside"),
        "back_form": WordsForm(formdata=None),
        "back": None,
        "refusal": refusal,
        **pages.words(),
        **forms,
    }


def _page(receipt_id: UUID) -> str:
    return url_for(".receipt", receipt_id=receipt_id)


@bp.post("/receipts/<uuid:receipt_id>/allocations")
@require(P.RECEIPT_MANAGE)
def create_allocations(receipt_id: UUID) -> ResponseReturnValue:
    """Give the receipt to statements by hand."""
    form = AllocationForm()
    pages.receipt(receipt_id)

    def act() -> ResponseReturnValue:
        share = Share(receipt_id, form.parts)
        made = actions.allocate([share], by=current_member(), revision=form.seen)
        return told(_("已分配到 %(count)s 份结算单", count=len(made)), _page(receipt_id))

    return attempt(form, act, partial(_shown, receipt_id), page=PAGE, typed=form.typed)


@bp.post("/receipt-allocations/<uuid:receipt_allocation_id>/reversal")
@require(P.RECEIPT_MANAGE)
def create_reversal(receipt_allocation_id: UUID) -> ResponseReturnValue:
    """Take one allocation back."""
    row, form = fetch(ReceiptAllocation, receipt_allocation_id), WordsForm()
    receipt_id = row.receipt_id

    def act() -> ResponseReturnValue:
        actions.unmatch(row, text(form.words), by=current_member())
        return told(_("已撤销这一笔分配"), _page(receipt_id))

    look = partial(_shown, receipt_id)
    kept = {"back_form": form, "back": receipt_allocation_id}
    return attempt(form, act, look, page=PAGE, field=form.words, **kept)


@bp.post("/receipts/<uuid:receipt_id>/aside")
@require(P.RECEIPT_MANAGE)
def create_aside(receipt_id: UUID) -> ResponseReturnValue:
    """Set what is open of a receipt aside."""
    found, form = pages.receipt(receipt_id), named(WordsForm(), "aside")

    def act() -> ResponseReturnValue:
        actions.set_aside(found, text(form.words), by=current_member(), revision=form.seen)
        return told(_("已搁置"), _page(receipt_id))

    look = partial(_shown, receipt_id)
    return attempt(form, act, look, page=PAGE, field=form.words, aside_form=form)


@bp.post("/receipts/<uuid:receipt_id>/return")
@require(P.RECEIPT_MANAGE)
def create_return(receipt_id: UUID) -> ResponseReturnValue:
    """Take a receipt up again."""
    found, form = pages.receipt(receipt_id), RevisionForm()

    def act() -> ResponseReturnValue:
        actions.put_back(found, by=current_member(), revision=form.seen)
        return told(_("已取消搁置"), _page(receipt_id))

    return attempt(form, act, partial(_shown, receipt_id), page=PAGE)
