"""The very records behind a line: who was there when, what was held, what was settled.

Only what the firm shares with the street: never clients' data, never what was said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from counselhub.assignments.models import Assignment
from counselhub.claims.models import CaseClaim
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.services.kinds import ServiceKind
from counselhub.services.models import ServiceRecord
from counselhub.statements.lines import LineKind
from counselhub.statements.models import StatementLine


@dataclass(frozen=True, slots=True)
class Presence:
    """A session on site; `uncounted` says why it counts for nothing, '' when it counts (M3)."""

    session: DutySession
    uncounted: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The records behind one line. kind: `sessions`, `lectures`, `shifts`, `claims`, `contract`,
    or '' when the trace alone explains the line.
    """

    kind: str
    rows: Sequence[Any] = ()


def evidence_of(line: StatementLine) -> Evidence:
    """Return the records that a line was computed from, with one statement at most."""
    match line.kind:
        case LineKind.SHORTFALL:
            return Evidence("sessions", sessions(line))
        case LineKind.LECTURE:
            return Evidence("lectures", lectures(line))
        case LineKind.ONLINE:
            return Evidence("shifts", shifts(line))
        case LineKind.CASE:
            return Evidence("claims", claims(line))
        case LineKind.BASE if line.warnings:
            return Evidence("sessions", sessions(line))
        case LineKind.BASE:
            return Evidence("contract", contracts(line))
    return Evidence("")


def sessions(line: StatementLine) -> list[Presence]:
    """Return the community's sessions of the days that the line is about, by time."""
    first, last = days_of(line)
    standing = aliased(Assignment)
    assigned = exists().where(
        standing.firm_id == DutySession.firm_id,
        standing.community_code == DutySession.community_code,
        or_(
            standing.adviser_id == DutySession.adviser_id,
            standing.adviser_id == DutySession.substitute_for_id,
        ),
        standing.starts_on <= DutySession.day,
        or_(standing.ends_on.is_(None), standing.ends_on >= DutySession.day),
    )
    query = (
        select(DutySession, assigned)
        .where(
            DutySession.firm_id == line.firm_id,
            DutySession.community_code == line.community_code,
            DutySession.day.between(first, last),
        )
        .options(joinedload(DutySession.adviser), joinedload(DutySession.substitute_for))
        .order_by(DutySession.signed_in_at, DutySession.id)
    )
    counted = counted_days(line)
    return [
        Presence(session, why_uncounted(session, is_assigned, counted))
        for session, is_assigned in db.session.execute(query)
    ]


def days_of(line: StatementLine) -> tuple[date, date]:
    """Return the first and the last day of the line: a base line's period (M1), else its month."""
    period = next((step["inputs"] for step in line.trace if step["name"] == "period"), None)
    if period is None:
        return line.month, clock.last_day(line.month)
    return date.fromisoformat(period["first"]), date.fromisoformat(period["last"])


def counted_days(line: StatementLine) -> frozenset[str] | None:
    """Return the days (`2026-10-08`) that the line's trace counts as visits, None without (M3)."""
    steps = [step for step in line.trace if step["name"] == "presence"]
    if not steps:
        return None
    return frozenset(str(day) for step in steps for day, _minutes in step["inputs"]["days"])


def why_uncounted(session: DutySession, is_assigned: bool, counted: frozenset[str] | None) -> str:
    """Say why a session counts for nothing, '' when it counts (M3)."""
    if session.status == SessionStatus.VOIDED:
        return str(_("已作废"))
    if session.signed_out_at is None:
        return str(_("没有签退"))
    if not is_assigned:
        return str(_("当日未指派到本社区"))
    if counted is not None and session.day.isoformat() not in counted:
        return str(_("当日不足最短到岗时长"))
    return ""


def lectures(line: StatementLine) -> list[ServiceRecord]:
    """Return the community's lectures from the quarter's first month on: the cap counts them."""
    quarter = line.month.replace(month=(line.month.month - 1) // 3 * 3 + 1)
    query = (
        select(ServiceRecord)
        .where(
            ServiceRecord.firm_id == line.firm_id,
            ServiceRecord.community_code == line.community_code,
            ServiceRecord.kind == ServiceKind.LECTURE,
            ServiceRecord.day.between(quarter, clock.last_day(line.month)),
        )
        .options(joinedload(ServiceRecord.adviser))
        .order_by(ServiceRecord.day, ServiceRecord.id)
    )
    return list(db.session.scalars(query))


def shifts(line: StatementLine) -> list[OnlineShift]:
    """Return the firm's online shifts for the street that touch the line's month, by time."""
    query = (
        select(OnlineShift)
        .where(
            OnlineShift.firm_id == line.firm_id,
            OnlineShift.street_code == line.street_code,
            OnlineShift.starts_at < midnight(clock.next_month(line.month)),
            OnlineShift.ends_at > midnight(line.month),
        )
        .options(joinedload(OnlineShift.adviser))
        .order_by(OnlineShift.starts_at, OnlineShift.id)
    )
    return list(db.session.scalars(query))


def midnight(day: date) -> datetime:
    """Return the instant at which a day of Shanghai begins."""
    return clock.instant(day, datetime.min.time())


def claims(line: StatementLine) -> list[CaseClaim]:
    """Return the community's claims closed in the line's month, in the order they are paid."""
    query = (
        select(CaseClaim)
        .where(
            CaseClaim.firm_id == line.firm_id,
            CaseClaim.community_code == line.community_code,
            CaseClaim.closed_on.between(line.month, clock.last_day(line.month)),
        )
        .options(joinedload(CaseClaim.adviser))
        .order_by(CaseClaim.closed_on, CaseClaim.number)
    )
    return list(db.session.scalars(query))


def contracts(line: StatementLine) -> list[Contract]:
    """Return the contract that pays the line, with its scheme."""
    query = (
        select(Contract)
        .where(and_(Contract.firm_id == line.firm_id, Contract.number == line.contract_number))
        .options(joinedload(Contract.scheme))
    )
    return list(db.session.scalars(query))
