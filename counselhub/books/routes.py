"""The page that says whether the reader's books agree with themselves."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from counselhub.books import queries, rules
from counselhub.books.rules import Deviation
from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind

bp = Blueprint("books", __name__)
P = Permission
SHOWN = 20
"""Deviations of one rule that the page names."""


@bp.get("/books")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def books() -> ResponseReturnValue:
    """Check the reader's books now; the first deviation of each rule opens the thing."""
    scope = current_member().scope
    findings = rules.check(queries.books(scope))
    return htmx.show(
        "books/books.html",
        findings=findings,
        wrong=len(rules.deviations(findings)),
        last=queries.last_check(scope),
        shown=SHOWN,
        opens=_address,
        written=_written,
    )


def _address(one: Deviation) -> str:
    """Return the page of what deviates."""
    if one.kind == "list":
        return url_for("payments.payment_list", payment_list_id=one.id)
    if one.kind == "receipt":
        return url_for("receipts.receipt", receipt_id=one.id)
    is_office = current_member().scope.kind is ScopeKind.OFFICE
    page = "review.statement" if is_office else "statements.statement"
    return url_for(page, statement_id=one.id)


def _written(one: Deviation, value: int | str) -> str:
    """Write a value: amounts as yuan, counts and digests as they are."""
    is_count = isinstance(value, str) or one.rule is rules.Rule.ONCE
    return str(value) if is_count else format_yuan(int(value))
