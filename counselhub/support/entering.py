"""From the operator's session to the account that a visit acts under; a visit that is over ends."""

from dataclasses import replace
from uuid import UUID

from flask import Flask, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, visiting
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.people import session
from counselhub.support import actions, queries, rules
from counselhub.support.kinds import ConsentState, VisitEnd
from counselhub.support.models import SupportVisit


def member_of(visit_id: str, session_id: UUID, host: Member) -> Member | None:
    """Return as whom the visit of this session acts, None when there is none (any more).

    It has never an administrator's duty, and never more than its account has at present.
    """
    visit = queries.running(UUID(visit_id), session_id)
    if visit is None or host.role is not Role.OPERATOR:
        return None
    consent = visit.consent
    state = rules.state(consent.expires_at, consent.revoked_at, clock.now())
    if state is not ConsentState.LIVE:
        actions.end_over(visit, rules.ENDS[state])
        return None
    member = _account(visit)
    if member is None:
        actions.end_over(visit, VisitEnd.ACCOUNT)
        return None
    return _in_place_of(member, visit, host)


def _in_place_of(member: Member, visit: SupportVisit, host: Member) -> Member:
    return replace(
        member,
        duties=frozenset(),
        factor_due=None,
        alarms=0,
        visit=visiting.Visit(
            id=visit.id,
            operator_id=visit.operator_id,
            operator_membership_id=host.membership_id,
            operator_name=visit.operator_name,
            why=visit.consent.why,
            until=visit.consent.expires_at,
        ),
    )


def _account(visit: SupportVisit) -> Member | None:
    person_id = queries.person_of(visit.membership_id)
    members = session.members_of(person_id) if person_id else ()
    return next((one for one in members if one.membership_id == visit.membership_id), None)


def go_back() -> ResponseReturnValue | None:
    """Do nothing of a request that came within a visit which is over; lead back to the console."""
    if not visiting.is_over():
        return None
    flash(_("支持访问已经结束：到期，或对方收回了同意。刚才的操作没有执行。"), "warning")
    return htmx.gone_to(url_for("console_support.consents"))


def init_app(app: Flask) -> None:
    """Let sessions carry visits. To be called after the session's `init_app`."""
    visiting.init_app(app, member_of)
    app.before_request(go_back)
