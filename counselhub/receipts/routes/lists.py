"""The month's receipts, and what belongs together."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging, sorting
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import RevisionForm
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission
from counselhub.receipts import actions, pages, queries
from counselhub.receipts.kinds import Confidence
from counselhub.receipts.routes.blueprint import bp

P = Permission
LIST, SUGGESTIONS = "receipts/receipts.html", "receipts/suggestions.html"


@bp.get("/receipts")
@require(P.RECEIPT_MANAGE)
def receipts() -> ResponseReturnValue:
    """List a month's receipts, by state and words."""
    month, asked = paging.asked_month(), queries.Asked.of(request.args)
    sort = sorting.asked_sort(queries.RECEIPT_SORTS)
    return htmx.show(
        LIST,
        page=paging.paged(queries.receipts(month, asked, sort)),
        tallies=queries.tallies(month),
        asked=asked,
        sort=sort,
        **paging.month_links(month),
        **pages.words(),
    )


@bp.get("/receipts/suggestions")
@require(P.RECEIPT_MANAGE)
def suggestions() -> ResponseReturnValue:
    """Show which receipts settle which statements, each with its reason."""
    return htmx.show(SUGGESTIONS, **_suggested())


def _suggested(*, refusal: str = "") -> dict[str, Any]:
    found = actions.suggestions()
    certain = [one for one in found if one.confidence is Confidence.CERTAIN]
    page = paging.of_all(found)
    return {
        "page": page,
        "certain": len(certain),
        "certain_fen": sum(one.amount_fen for one in certain),
        **pages.named(page.items),
        "refusal": refusal,
        **pages.words(),
    }


@bp.post("/receipts/suggestions")
@require(P.RECEIPT_MANAGE)
def create_acceptances() -> ResponseReturnValue:
    """Do all that is certain, as the button named it."""

    def act() -> ResponseReturnValue:
        count = request.form.get("count", 0, type=int)
        amount_fen = request.form.get("amount_fen", 0, type=int)
        found = actions.accept_certain(count, amount_fen, by=current_member())
        amount = format_yuan(sum(one.amount_fen for one in found))
        sentence = _("已匹配 %(count)s 笔，合计 %(amount)s 元", count=len(found), amount=amount)
        return told(sentence, url_for(".suggestions"))

    return attempt(RevisionForm(), act, _suggested, page=SUGGESTIONS)


@bp.post("/receipts/<uuid:receipt_id>/acceptance")
@require(P.RECEIPT_MANAGE)
def create_acceptance(receipt_id: UUID) -> ResponseReturnValue:
    """Do what is suggested for one receipt."""
    pages.receipt(receipt_id)

    def act() -> ResponseReturnValue:
        found = actions.accept(receipt_id, by=current_member())
        return told(
            _("已匹配 %(amount)s 元", amount=format_yuan(found.amount_fen)), url_for(".suggestions")
        )

    return attempt(RevisionForm(), act, _suggested, page=SUGGESTIONS)
