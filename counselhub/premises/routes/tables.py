"""The list of issues that a bureau asks for: on the page, as a workbook, on A4."""

from typing import Any

from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.premises import document, lists, pages, sheet
from counselhub.premises.kinds import IssueKind
from counselhub.premises.routes.blueprint import bp
from counselhub.premises.rows import TITLE, Line, lines

P = Permission


@bp.get("/premises/issues")
@require(P.PREMISES_READ, P.BUREAU_READ)
def issues() -> ResponseReturnValue:
    """List the issues in sight: a street's for its office, a district's for its bureau."""
    asked, sort = pages.asked(), sorting.asked_sort(lists.ISSUE_SORTS)
    page = paging.paged(lists.issues(asked, sort))
    return htmx.show(
        "premises/issues.html",
        page=page,
        notes=lists.progress(list(page.items)),
        tallies=lists.tallies(),
        waiting=lists.waiting(),
        streets=lists.streets(),
        kinds=IssueKind.choices(),
        asked=asked,
        sort=sort,
        **pages.words(),
    )


def _exported() -> tuple[list[Line], dict[str, Any]]:
    asked, today = pages.asked(), clock.today()
    found = lists.exported(asked)
    names = {one.community.street.name for one in found}
    street = names.pop() if len(names) == 1 else current_member().title
    told = {"scope": pages.scope_words(asked, street), "today": today}
    return lines(found, lists.progress(found), today), told


@bp.get("/premises/issues.xlsx")
@require(P.PREMISES_READ, P.BUREAU_READ)
def issues_xlsx() -> ResponseReturnValue:
    """Hand out what is asked for as a workbook."""
    found, told = _exported()
    return attachment(sheet.xlsx(found, **told), f"{TITLE}-{clock.today():%Y%m%d}.xlsx", XLSX)


@bp.get("/premises/issues.pdf")
@require(P.PREMISES_READ, P.BUREAU_READ)
def issues_pdf() -> ResponseReturnValue:
    """Show what is asked for on A4 across."""
    found, told = _exported()
    name = f"{TITLE}-{clock.today():%Y%m%d}.pdf"
    return attachment(document.table(found, **told), name, "application/pdf", is_shown=True)
