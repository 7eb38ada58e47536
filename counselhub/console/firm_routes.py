"""The operator's pages of firms and of the platform's health."""

import shutil
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from counselhub.billing.kinds import STANDING_TONES, Standing
from counselhub.console import firm_queries, queries
from counselhub.console.firm_queries import SORTS, State, state_of
from counselhub.core import clock, config, htmx, paging, sorting
from counselhub.core.access import require
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.jobs import workers
from counselhub.core.permissions import Permission
from counselhub.joining.kinds import Text
from counselhub.joining.queries import acceptances
from counselhub.people.kinds import ROLE_WORDS
from counselhub.people.models import Firm
from counselhub.people.queries import firm_by_code

bp = Blueprint("console_firms", __name__, url_prefix="/console")
DATABASE = text(
    "SELECT current_setting('server_version'), pg_database_size(current_database()),"
    " count(*) FROM pg_stat_activity WHERE datname = current_database()"
)


@bp.get("/firms")
@require(Permission.OPERATE)
def firms() -> ResponseReturnValue:
    """List the firms: found by name or code, filtered by trial, by plan and by standing."""
    words, plan = request.args.get("q", "").strip(), request.args.get("plan", "")
    state = State.of_asked(request.args.get("state", ""))
    standing = Standing.of_asked(request.args.get("standing", ""))
    sort = sorting.asked_sort(SORTS)
    query = sorting.ordered(firm_queries.firms(words, state, standing, plan), SORTS, sort)
    page: Any = paging.paged(query)
    today = clock.today()
    return htmx.show(
        "console/firms.html",
        page=page,
        rows=[(*row, _state(row[0], today)) for row in page.items],
        words=words,
        local=clock.local,
        state=state,
        State=State,
        standing=standing,
        Standing=Standing,
        tones=STANDING_TONES,
        plan=plan,
        plans=[(one.code, one.name) for one in db.session.scalars(firm_queries.plans())],
        sort=sort.removeprefix("-"),
        direction="desc" if sort.startswith("-") else "asc",
    )


@bp.get("/firms/<firm_code>")
@require(Permission.OPERATE)
def firm(firm_code: str) -> ResponseReturnValue:
    """Show who a firm is, and how many people it has: nothing of its work."""
    found = firm_by_code(firm_code)
    if found is None:
        raise NotFoundError()
    return render_template(
        "console/firm.html",
        firm=found,
        state=_state(found, clock.today()),
        counts=db.session.execute(firm_queries.roles_of(found)).all(),
        words=ROLE_WORDS,
        accepted=acceptances(found.id),
        Text=Text,
    )


def _state(firm: Firm, today: date) -> State:
    return state_of(firm.trial_ends_on, today, is_closed=firm.closed_at is not None)


@bp.get("/health")
@require(Permission.OPERATE)
def health() -> ResponseReturnValue:
    """Show the database, the room on the disk, each worker, and how many tenants there are."""
    version, size, connections = db.session.execute(DATABASE).one()
    disk = shutil.disk_usage(config.from_environment().data_dir)
    return render_template(
        "console/health.html",
        version=version,
        size_bytes=size,
        connections=connections,
        disk=disk,
        overview=queries.overview(),
        workers=workers(),
    )
