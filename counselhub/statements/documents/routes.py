"""A statement's documents: for the firm whose it is, and for the office once it was submitted."""

from io import BytesIO
from uuid import UUID

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from counselhub.core.access import Permission, fetch, require
from counselhub.statements.documents import queries
from counselhub.statements.documents.pdf import pdf as write_pdf
from counselhub.statements.documents.sheet import Sheet
from counselhub.statements.documents.xlsx import xlsx as write_xlsx
from counselhub.statements.models import Statement

bp = Blueprint("documents", __name__)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/statements/<uuid:statement_id>/statement.pdf")
@require(Permission.STATEMENT_READ, Permission.REVIEW_READ)
def pdf(statement_id: UUID) -> ResponseReturnValue:
    """Show the statement as A4."""
    sheet = _sheet(statement_id)
    return _file(write_pdf(sheet), sheet, "pdf", "application/pdf", as_attachment=False)


@bp.get("/statements/<uuid:statement_id>/statement.xlsx")
@require(Permission.STATEMENT_READ, Permission.REVIEW_READ)
def xlsx(statement_id: UUID) -> ResponseReturnValue:
    """Give the statement as Excel."""
    sheet = _sheet(statement_id)
    return _file(write_xlsx(sheet), sheet, "xlsx", EXCEL, as_attachment=True)


def _sheet(statement_id: UUID) -> Sheet:
    options = joinedload(Statement.street), joinedload(Statement.firm)
    return queries.sheet(fetch(Statement, statement_id, None, *options))


def _file(
    content: bytes, sheet: Sheet, ending: str, mimetype: str, *, as_attachment: bool
) -> ResponseReturnValue:
    number = sheet.number.replace("/", "-")
    answer = send_file(
        BytesIO(content),
        mimetype=mimetype,
        as_attachment=as_attachment,
        download_name=f"结算单-{number}.{ending}",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
