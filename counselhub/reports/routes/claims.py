"""The claim table of a month, and the cover of one dossier."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from counselhub.claims import dossier_queries as dossiers
from counselhub.claims.models import CaseClaim
from counselhub.core import clock, paging
from counselhub.core.access import fetch, require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.reports import claim_queries as queries
from counselhub.reports.documents import claims as documents
from counselhub.reports.routes.blueprint import bp


@bp.get("/claims/table.pdf")
@require(Permission.SERVICE_LOG)
def claim_table() -> ResponseReturnValue:
    """Show the month's claims as A4, in the columns of the form."""
    month, firm = paging.asked_month(), queries.firm_name()
    content = documents.table_pdf(queries.table(month), firm, month, clock.now())
    name = f"{documents.TITLE}-{month:%Y-%m}.pdf"
    return attachment(content, name, "application/pdf", is_shown=True)


@bp.get("/claims/table.xlsx")
@require(Permission.SERVICE_LOG)
def claim_workbook() -> ResponseReturnValue:
    """Give the month's claims as Excel."""
    month, firm = paging.asked_month(), queries.firm_name()
    content = documents.table_xlsx(queries.table(month), firm, month, clock.now())
    return attachment(content, f"{documents.TITLE}-{month:%Y-%m}.xlsx", XLSX)


@bp.get("/claims/<uuid:claim_id>/cover.pdf")
@require(Permission.SERVICE_LOG)
def dossier_cover(claim_id: UUID) -> ResponseReturnValue:
    """Show cover and table of contents of a dossier."""
    names = joinedload(CaseClaim.community), joinedload(CaseClaim.adviser)
    claim = fetch(CaseClaim, claim_id, Permission.SERVICE_LOG, *names)
    parties, held = queries.parties_of(claim.id), dossiers.holding(claim.id)
    content = documents.cover_pdf(claim, held, parties, queries.firm_name(), clock.now())
    return attachment(content, f"卷宗封面-{claim.number}.pdf", "application/pdf", is_shown=True)
