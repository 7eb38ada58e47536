"""A statement's documents: for the firm whose it is, and for the office once it was submitted."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from counselhub.core.access import fetch, require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.statements.documents import queries
from counselhub.statements.documents.issuing import issued
from counselhub.statements.documents.pdf import pdf as write_pdf
from counselhub.statements.documents.sheet import Sheet
from counselhub.statements.documents.xlsx import xlsx as write_xlsx
from counselhub.statements.models import Statement

bp = Blueprint("documents", __name__)


@bp.get("/statements/<uuid:statement_id>/statement.pdf")
@require(Permission.STATEMENT_READ, Permission.REVIEW_READ)
def pdf(statement_id: UUID) -> ResponseReturnValue:
    """Show the statement as A4."""
    sheet = _sheet(statement_id, url_for("papers.checks", _external=True))
    content = issued(write_pdf(sheet), sheet.stamp)
    return attachment(content, _name(sheet, "pdf"), "application/pdf", is_shown=True)


@bp.get("/statements/<uuid:statement_id>/statement.xlsx")
@require(Permission.STATEMENT_READ, Permission.REVIEW_READ)
def xlsx(statement_id: UUID) -> ResponseReturnValue:
    """Give the statement as Excel."""
    sheet = _sheet(statement_id)
    return attachment(write_xlsx(sheet), _name(sheet, "xlsx"), XLSX)


def _sheet(statement_id: UUID, papers: str = "") -> Sheet:
    options = joinedload(Statement.street), joinedload(Statement.firm)
    return queries.sheet(fetch(Statement, statement_id, None, *options), papers)


def _name(sheet: Sheet, ending: str) -> str:
    return f"结算单-{sheet.number}.{ending}"
