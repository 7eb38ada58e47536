"""What the operator sees of firms: who they are and how many people they have, never their work."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from counselhub.billing.kinds import Standing
from counselhub.billing.models import Plan, Subscription
from counselhub.billing.queries import standing_on
from counselhub.core import clock
from counselhub.core.columns import containing
from counselhub.core.labels import N_, Labelled
from counselhub.core.permissions import Role
from counselhub.people.models import Firm, Membership, SignInSession


class State(Labelled):
    """How a firm stands with the platform, by its trial, unless the operator closed it."""

    TRIAL = "trial", N_("试用中")
    OVER = "over", N_("试用已到期")
    OPENED = "opened", N_("平台开通")
    CLOSED = "closed", N_("已关闭")


def state_of(trial_ends_on: date | None, today: date, *, is_closed: bool = False) -> State:
    """Return the state; the last day of a trial still belongs to it."""
    if is_closed:
        return State.CLOSED
    if trial_ends_on is None:
        return State.OPENED
    return State.TRIAL if today <= trial_ends_on else State.OVER


def _of_firm(count: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return (
        select(count)
        .select_from(Membership)
        .where(Membership.firm_id == Firm.id, Membership.ended_at.is_(None), *conditions)
        .correlate(Firm)
        .scalar_subquery()
    )


PEOPLE = _of_firm(func.count()).label("people")
ADVISERS = _of_firm(func.count(), Membership.role.in_([Role.ADVISER, Role.TEAM_LEADER])).label(
    "advisers"
)
LAST = (
    select(func.max(SignInSession.created_at))
    .join(Membership, Membership.person_id == SignInSession.person_id)
    .where(Membership.firm_id == Firm.id, Membership.ended_at.is_(None))
    .correlate(Firm)
    .scalar_subquery()
    .label("signed_in_at")
)
SORTS: Mapping[str, list[Any]] = {
    "created": [Firm.created_at, Firm.id],
    "name": [Firm.name, Firm.id],
    "code": [Firm.code],
    "trial": [Firm.trial_ends_on, Firm.id],
    "people": [PEOPLE, Firm.id],
    "last": [LAST, Firm.id],
}


def firms(
    words: str, state: State | None, standing: Standing | None = None, plan: str = ""
) -> Select[Any]:
    """Select (firm, people, advisers' accounts, last sign-in, plan or none, standing).

    words: name or either code. plan: a plan's code, '' for all.
    """
    paying = standing_on(clock.today())
    query = (
        select(Firm, PEOPLE, ADVISERS, LAST, Plan.name.label("plan"), paying.label("standing"))
        .outerjoin(Subscription, Subscription.firm_id == Firm.id)
        .outerjoin(Plan, Plan.id == Subscription.plan_id)
    )
    if standing:
        query = query.where(paying == standing.value)
    if plan:
        query = query.where(Plan.code == plan)
    query = query.where(containing(words, Firm.name, Firm.code, Firm.credit_code))
    today, ends = clock.today(), Firm.trial_ends_on
    if state:
        is_closed = Firm.closed_at.is_not(None)
        query = query.where(is_closed if state is State.CLOSED else ~is_closed)
    match state:
        case State.TRIAL:
            query = query.where(ends >= today)
        case State.OVER:
            query = query.where(ends < today)
        case State.OPENED:
            query = query.where(ends.is_(None))
    return query


def plans() -> Select[Plan]:
    """Select what the operator may filter by."""
    return select(Plan).order_by(Plan.code)


def roles_of(firm: Firm) -> Select[str, int]:
    """Select how many people a firm has in each role."""
    return (
        select(Membership.role, func.count())
        .where(Membership.firm_id == firm.id, Membership.ended_at.is_(None))
        .group_by(Membership.role)
        .order_by(Membership.role)
    )
