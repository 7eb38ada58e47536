"""Pages of communities: the firm's own and all others."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.assignments import actions as assigning
from counselhub.assignments import queries as assignments
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.contracts import queries as contracts
from counselhub.contracts.kinds import AGREED, ContractKind, ContractStatus
from counselhub.contracts.models import Contract
from counselhub.core import clock, htmx, paging
from counselhub.core.access import can, require
from counselhub.core.errors import NotFoundError
from counselhub.core.permissions import Permission
from counselhub.places import queries
from counselhub.places.models import Community

bp = Blueprint("places", __name__)

SOON = timedelta(days=90)


@bp.get("/communities")
@require(Permission.FIRM_READ)
def communities() -> ResponseReturnValue:
    """List the communities the firm serves, or all of them."""
    own = request.args.get("all") != "1"
    order = request.args.get("sort", "name")
    direction = request.args.get("direction", "asc")
    words = request.args.get("q")
    query = queries.communities(words, own=own, order=order, descending=direction == "desc")
    page = paging.paged(query)
    codes = [community.code for community, _mine in page.items]
    return htmx.show(
        "places/communities.html",
        page=page,
        leads=assignments.leads_on(codes, clock.today()),
        until={code: (number, day) for code, number, day in queries.last_days(codes)},
        own=own,
        order=order,
        direction=direction,
        filtered=bool(words),
        soon=clock.today() + SOON,
    )


@bp.get("/communities/<code>")
@require(Permission.FIRM_READ)
def community(code: str) -> ResponseReturnValue:
    """Show one community: who leads, contracts, the line of assignments, what to do next."""
    row = queries.by_code(code)
    if row is None:
        raise NotFoundError()
    under, served = contracts.of_community(code), assignments.of_community(code)
    today = clock.today()
    return htmx.show(
        "places/community.html",
        community=row,
        contracts=under,
        assignments=served,
        lead=_leading(served, today),
        backups=[one for one in served if one.role == AssignmentRole.BACKUP and _on(one, today)],
        steps=_steps(row, under, served),
        role_word=AssignmentRole,
        kinds=ContractKind,
        statuses=ContractStatus,
        days_of=assigning.days_of,
        today=today,
    )


def _on(one: Assignment, day: date) -> bool:
    return one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)


def _leading(served: list[Assignment], day: date) -> Assignment | None:
    return next((o for o in served if o.role == AssignmentRole.LEAD and _on(o, day)), None)


def _steps(row: Community, under: list[Contract], served: list[Assignment]) -> list[dict[str, Any]]:
    """Return what is to be done about a community: a sentence, and a link for who may do it."""
    today, steps = clock.today(), []
    agreed = [one for one in under if one.status in AGREED and one.last_on >= today]
    lead = _leading(served, today)
    if not agreed:
        link = url_for("contracts.new_contract", community=row.code)
        steps.append(_step(_("没有在期的合同。"), link, _("登记合同"), Permission.CONTRACT_MANAGE))
    if agreed and max(one.last_on for one in agreed) <= today + SOON:
        last = max(agreed, key=lambda one: one.last_on)
        words = _("合同 %(number)s 到 %(day)s 结束。", number=last.number, day=last.last_on)
        link = url_for("contracts.new_contract", renews=last.id)
        steps.append(_step(words, link, _("续签下一期"), Permission.CONTRACT_MANAGE))
    if agreed and lead is None:
        link = url_for("assignments.new_assignment", code=row.code)
        steps.append(_step(_("今天没有主责律师。"), link, _("指派主责"), Permission.ASSIGN))
    elif agreed and lead and lead.ends_on and lead.ends_on <= today + SOON:
        start = lead.ends_on + assigning.ONE_DAY
        if _leading(served, start) is None:
            words = _("%(name)s的主责到 %(day)s 结束。", name=lead.adviser.name, day=lead.ends_on)
            link = url_for("assignments.new_assignment", code=row.code, starts_on=start)
            steps.append(_step(words, link, _("安排接任"), Permission.ASSIGN))
    return steps


def _step(words: str, link: str, label: str, needed: Permission) -> dict[str, Any]:
    return {"words": words, "href": link if can(needed) else None, "label": label}
