"""Assign, end and replace: an assignment is never overwritten."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.advisers.models import Adviser
from counselhub.assignments import queries
from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.assignments.models import Assignment
from counselhub.closing import actions as closing
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.places.models import Community

ONE_DAY = timedelta(days=1)
ONE_LEAD = "ex_assignment_one_lead"


class LeadTakenError(RefusedError):
    """Another lawyer leads on some of the days (422). `row` is that assignment."""

    row: Assignment

    def __init__(self, message: object, *, row: Assignment, replaceable: bool) -> None:
        super().__init__(message, row=row)
        self.replaceable = replaceable
        """Whether ending `row` the day before would clear the way."""


def assign(
    community: Community,
    adviser: Adviser,
    role: AssignmentRole,
    starts_on: date,
    ends_on: date | None = None,
    *,
    by: Member,
    reason: str = "",
) -> Assignment:
    """Assign an adviser to a community, both days included, `ends_on` blank being open.

    Raises LeadTakenError naming the lawyer and days in the way, RefusedError, FrozenError.
    """
    _refuse_days(adviser, starts_on, ends_on)
    _refuse_twice(community, adviser, role, starts_on, ends_on)
    closing.protect([community.code], [(starts_on, ends_on)])
    row = Assignment(
        community_code=community.code,
        street_code=community.street_code,
        adviser_id=adviser.id,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _add(row, community)
    words = {"adviser": adviser.name, "reason": reason}
    history.record(row, "assign", by=by, street_code=row.street_code, **words)
    return row


def _add(row: Assignment, community: Community) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) == ONE_LEAD:
            raise _lead_taken(community, row.starts_on, row.ends_on) from error
        raise


def _refuse_days(adviser: Adviser, starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(_("结束日期不能早于开始日期。"), at="ends_on")
    left_on = adviser.left_on
    if left_on is not None and (ends_on is None or ends_on > left_on):
        raise RefusedError(
            _(
                "%(name)s于 %(day)s 离职，指派最晚到这一天结束。",
                name=adviser.name,
                day=left_on,
            ),
            at="ends_on",
        )


def _refuse_twice(
    community: Community,
    adviser: Adviser,
    role: AssignmentRole,
    starts_on: date,
    ends_on: date | None,
) -> None:
    same = queries.same_between(community.code, adviser.id, role, starts_on, ends_on)
    if same is not None:
        raise RefusedError(
            _(
                "%(name)s已是%(community)s的%(role)s（%(days)s）。",
                name=adviser.name,
                days=days_of(same),
                community=community.short_name,
                role=role.label,
            )
        )


def days_of(assignment: Assignment) -> str:
    """Write the days of an assignment: `2026-01-01 至 2026-12-31`, open ones `… 起`."""
    if assignment.ends_on is None:
        return str(_("%(day)s 起", day=assignment.starts_on))
    return str(_("%(first)s 至 %(last)s", first=assignment.starts_on, last=assignment.ends_on))


def _lead_taken(community: Community, starts_on: date, ends_on: date | None) -> RefusedError:
    others = queries.leads_between(community.code, starts_on, ends_on)
    if not others:  # it left the way since
        return RefusedError(_("同一天已有另一名主责，请重试。"))
    words = listed(
        _("%(name)s（%(days)s）", name=other.adviser.name, days=days_of(other)) for other in others
    )
    return LeadTakenError(
        _(
            "%(community)s同一天只能有一名主责，这段日期已有：%(others)s。",
            community=community.short_name,
            others=words,
        ),
        row=others[0],
        replaceable=len(others) == 1 and others[0].starts_on < starts_on,
    )


def end(
    assignment: Assignment,
    last_on: date,
    reason: str,
    *,
    by: Member,
    cause: EndCause | None = None,
) -> None:
    """End an assignment on a day within it. Raises RefusedError, FrozenError."""
    before = assignment.ends_on
    if last_on < assignment.starts_on:
        raise RefusedError(
            _("结束日期不能早于开始日期 %(day)s。", day=assignment.starts_on), row=assignment
        )
    if before is not None and last_on > before:
        raise RefusedError(
            _("这项指派到 %(day)s 已经结束；要延长请另作指派。", day=before), row=assignment
        )
    if before is None or last_on < before:
        closing.protect([assignment.community_code], [(last_on + ONE_DAY, before)])
    assignment.ends_on, assignment.end_reason = last_on, reason
    assignment.end_cause = cause
    history.record(
        assignment,
        "end",
        by=by,
        street_code=assignment.street_code,
        last_on=str(last_on),
        reason=reason,
    )


def replace(
    old: Assignment,
    adviser: Adviser,
    starts_on: date,
    ends_on: date | None = None,
    *,
    reason: str,
    by: Member,
    cause: EndCause | None = None,
) -> Assignment:
    """End the old assignment the day before and begin another, in one act.

    Raises what `end` and `assign` raise; then nothing has changed.
    """
    if old.starts_on >= starts_on:
        raise RefusedError(
            _(
                "%(name)s从 %(day)s 才开始，不能在此之前替换。请把开始日期改到其后。",
                name=old.adviser.name,
                day=old.starts_on,
            ),
            row=old,
        )
    with db.session.begin_nested():
        end(old, starts_on - ONE_DAY, reason, by=by, cause=cause)
        role = AssignmentRole(old.role)
        return assign(old.community, adviser, role, starts_on, ends_on, by=by, reason=reason)


def withdraw(assignment: Assignment, *, by: Member) -> None:
    """Take back an assignment that has not begun. Raises RefusedError once it has."""
    if assignment.starts_on <= clock.today():
        raise RefusedError(_("指派已经开始，不能撤回；请填写结束日期。"), row=assignment)
    closing.protect([assignment.community_code], [(assignment.starts_on, assignment.ends_on)])
    history.record(assignment, "withdraw", by=by, street_code=assignment.street_code)
    db.session.delete(assignment)


def end_all_of(adviser: Adviser, last_on: date, reason: str, *, by: Member) -> int:
    """End every assignment of an adviser on a day, withdraw later ones; return how many."""
    rows = queries.of_adviser(adviser.id, after=last_on)
    for row in rows:
        if row.starts_on > last_on:
            closing.protect([row.community_code], [(row.starts_on, row.ends_on)])
            history.record(row, "withdraw", by=by, street_code=row.street_code, reason=reason)
            db.session.delete(row)
        else:
            end(row, last_on, reason, by=by)
    return len(rows)
