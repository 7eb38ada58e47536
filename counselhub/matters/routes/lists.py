"""The list of matters, and those that name a party."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from counselhub.core import htmx, paging, sorting
from counselhub.core.access import current_member, require
from counselhub.core.forms import text
from counselhub.core.permissions import Permission
from counselhub.matters import queries
from counselhub.matters.forms import FindForm
from counselhub.matters.kinds import TONES, MatterKind, MatterStatus
from counselhub.matters.routes.blueprint import bp

PAGE = "matters/matters.html"


def words() -> dict[str, Any]:
    """What every page of matters words its codes with."""
    return {"Status": MatterStatus, "Kind": MatterKind, "tones": TONES}


@bp.get("/matters")
@require(Permission.MATTER_WORK)
def matters() -> ResponseReturnValue:
    """List the matters that the member works on; manager and clerk see all."""
    tab, q = request.args.get("tab", "open"), request.args.get("q", "").strip()
    sort = sorting.asked_sort(queries.SORTS)
    return htmx.show(
        PAGE,
        page=paging.paged(queries.matter_list(tab, q, sort)),
        tallies=queries.tallies(),
        tab=tab if tab in queries.TABS else "all",
        q=q,
        sort=sort,
        form=FindForm(formdata=None),
        found=None,
        **words(),
    )


@bp.post("/matters/search")
@require(Permission.MATTER_WORK)
def search() -> ResponseReturnValue:
    """Find matters by a whole name, phone or number, which no address and no log is to hold."""
    form = FindForm()
    is_valid = form.validate_on_submit()
    found = queries.by_mark(text(form.mark), current_member().firm_id) if is_valid else []
    context: dict[str, Any] = {"tab": "", "q": "", "sort": "-opened", "page": None}
    context |= {"tallies": queries.tallies(), "form": form, "found": found, **words()}
    return htmx.show(PAGE, **context) if is_valid else htmx.invalid(PAGE, **context)
