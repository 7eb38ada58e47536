"""The office's first page, and the year's budget that it measures against."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.core.permissions import Permission
from counselhub.officeday import actions, queries, rules
from counselhub.officeday.forms import BudgetForm, budget_form
from counselhub.officeday.queries import Standing
from counselhub.overdue.queries import count_asked
from counselhub.review.inbox import MINE
from counselhub.statements.states import StatementStatus

bp = Blueprint("officeday", __name__)
P = Permission
BUDGET = "officeday/budget.html"
FIRST_YEAR = 2014


@bp.get("/office")
@require(P.REVIEW_READ)
def day() -> ResponseReturnValue:
    """Show the office its street: what waits, what is due, what the year costs."""
    member, today = current_member(), clock.today()
    street, year = member.street_code, today.year
    found = queries.statements(street, year)
    bases = queries.bases(street, year)
    granted = queries.granted(queries.appropriation(street, year))
    waiting = [one for one in found if one.status in MINE.get(member.role, ())]
    places = queries.places(street, today)
    return htmx.show(
        "officeday/day.html",
        today=today,
        year=year,
        places=places,
        gaps=[one for one in places if not (one.has_contract and one.has_lead)],
        firms=len({one.firm for one in bases}),
        waiting=len(waiting),
        oldest=max((one.age_days(today) for one in waiting), default=0),
        states=_by_state(found, today),
        due=queries.due(street, today),
        late=count_asked(street),
        budgets=rules.budgets(granted, queries.used(found, year)),
        granted_fen=sum(fen or 0 for fen in granted.values()),
        forecast=rules.forecast(queries.signed_facts(found, year), bases),
    )


def _by_state(found: Sequence[Standing], today: date) -> list[tuple[StatementStatus, int, int]]:
    """Return each state that a statement is in, with how many and the days of the oldest."""
    ages: defaultdict[StatementStatus, list[int]] = defaultdict(list)
    for one in found:
        ages[one.status].append(one.age_days(today))
    return [
        (status, len(ages[status]), max(ages[status]))
        for status in StatementStatus
        if status in ages
    ]


@bp.get("/office/budget/<int:year>")
@require(P.REVIEW_READ)
def budget(year: int) -> ResponseReturnValue:
    """Show what was entered for a year."""
    row = queries.appropriation(current_member().street_code, _known(year))
    return htmx.show(BUDGET, **_budget(year, budget_form(row, fresh=True)))


@bp.post("/office/budget/<int:year>")
@require(P.REVIEW_CHECK)
def create_budget(year: int) -> ResponseReturnValue:
    """Keep the year's budget."""
    form = budget_form(None)
    if not form.validate_on_submit():
        return htmx.invalid(BUDGET, **_budget(_known(year), form))
    member = current_member()
    try:
        actions.set_budget(_known(year), form.grant, form.seen, by=member)
    except ConflictError as conflict:
        row = queries.appropriation(member.street_code, year)
        shown = _budget(year, budget_form(row, fresh=True), conflict.message)
        return htmx.refused(BUDGET, **shown)
    flash(_("%(year)d 年预算已保存", year=year), "success")
    return htmx.gone_to(url_for(".day"))


def _budget(year: int, form: BudgetForm, refusal: str = "") -> dict[str, Any]:
    return {"year": year, "form": form, "refusal": refusal}


def _known(year: int) -> int:
    """Return a year that may have a budget: until the next one. Raises NotFoundError."""
    if not FIRST_YEAR <= year <= clock.today().year + 1:
        raise NotFoundError()
    return year
