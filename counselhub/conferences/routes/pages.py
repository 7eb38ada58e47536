"""The list of conferences with what is left to do, and one conference."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from counselhub.conferences import queries, rules
from counselhub.conferences.routes.blueprint import KINDS, PAGE, bp, fetched, shown
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import require
from counselhub.core.permissions import Permission


@bp.get("/conferences")
@require(Permission.REFERRAL_USE)
def conferences() -> ResponseReturnValue:
    """List the conferences in sight, or those of a `?service=`, and the tasks that are open."""
    tab, words = request.args.get("tab", "open"), request.args.get("q", "").strip()
    tab = tab if tab in queries.TABS else "open"
    sort = sorting.asked_sort(queries.SORTS)
    counts = queries.tallies()
    service = request.args.get("service", type=UUID)
    found = queries.listed(tab, words, sort, service)
    page = paging.paged(found, total=None if words or service else counts[tab])
    today = clock.today()
    due = queries.due(today)
    states = [rules.task_state(one.due_on, one.done_on, today) for one in due.tasks]
    return htmx.show(
        "conferences/list.html",
        page=page,
        tab=tab,
        counts=counts,
        q=words,
        sort=sort,
        due=due,
        tasks=list(zip(due.tasks, states, strict=True)),
        **KINDS,
    )


@bp.get("/conferences/<uuid:conference_id>")
@require(Permission.REFERRAL_USE)
def conference(conference_id: UUID) -> ResponseReturnValue:
    """Show one conference: who is called, what each one thinks, what came of it."""
    return htmx.show(PAGE, **shown(fetched(conference_id)))
