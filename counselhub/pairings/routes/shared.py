"""What government sees: the agreements of its street or district, plans, shared activities."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import require
from counselhub.pairings import queries, work_queries
from counselhub.pairings.kinds import ITEM_TONES, PROJECT_TONES, ItemStatus, ProjectStatus
from counselhub.pairings.routes.blueprint import P, asked_year, bp, fetch_pairing, words


@bp.get("/shared-pairings")
@require(P.REVIEW_READ, P.BUREAU_READ)
def shared() -> ResponseReturnValue:
    """List the agreements with how each stands this year by what was shared."""
    sought = request.args.get("q", "").strip()
    sort = sorting.asked_sort(queries.SHARED_SORTS)
    page = paging.paged(queries.shared_list(sought, sort))
    year = clock.today().year
    return htmx.show(
        "pairings/shared.html",
        page=page,
        progress=work_queries.progress_of([row for row, _firm in page.items], year),
        q=sought,
        sort=sort,
        **words(),
    )


@bp.get("/shared-pairings/<uuid:pairing_id>")
@require(P.REVIEW_READ, P.BUREAU_READ)
def shared_pairing(pairing_id: UUID) -> ResponseReturnValue:
    """Show one agreement with its lists, a year's plan and the activities that were shared."""
    found = fetch_pairing(pairing_id)
    return htmx.show(
        "pairings/shared_pairing.html",
        pairing=found,
        lists=work_queries.lists_of(found),
        year=work_queries.year_of(found, asked_year(found)),
        years=work_queries.years_of(found),
        studios=work_queries.studios_of(found.community_code, found.firm_id),
        ItemStatus=ItemStatus,
        ProjectStatus=ProjectStatus,
        item_tones=ITEM_TONES,
        project_tones=PROJECT_TONES,
        **words(),
    )
