"""A list as finance wants it, and as paper to be stamped."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload, undefer

from counselhub.core.access import fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.payments import papers, queries
from counselhub.payments.models import PaymentLayout, PaymentList
from counselhub.payments.routes.blueprint import bp

P = Permission


def _list(payment_list_id: UUID) -> PaymentList:
    return fetch(PaymentList, payment_list_id, None, joinedload(PaymentList.street))


@bp.get("/payment-lists/<uuid:payment_list_id>/list.xlsx")
@require(P.REVIEW_READ)
def list_xlsx(payment_list_id: UUID) -> ResponseReturnValue:
    """Give the list as a workbook, in the layout of the street's finance."""
    found = _list(payment_list_id)
    query = db.select(PaymentLayout).where(PaymentLayout.street_code == found.street_code)
    layout = db.session.scalar(query.options(undefer(PaymentLayout.content)))
    content = papers.xlsx(found, queries.items(found.id), layout)
    return attachment(content, f"支付清单-{found.number}.xlsx", XLSX)


@bp.get("/payment-lists/<uuid:payment_list_id>/list.pdf")
@require(P.REVIEW_READ)
def list_pdf(payment_list_id: UUID) -> ResponseReturnValue:
    """Show the list on A4 across."""
    found = _list(payment_list_id)
    content = papers.pdf(found, queries.items(found.id))
    return attachment(content, f"支付清单-{found.number}.pdf", "application/pdf", is_shown=True)
