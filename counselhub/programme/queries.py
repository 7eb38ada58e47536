"""Templates that a reader has, and the names of the lines of a report."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from counselhub.advisers.models import Adviser
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.i18n import page_text
from counselhub.core.tenancy import ScopeKind, current_scope
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street, short_name
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.figures import Report
from counselhub.programme.models import ReportTemplate
from counselhub.programme.periods import Period
from counselhub.programme.rules import Template

Named = tuple[str, str, str]
"""Name, what stands below it, pinyin."""


def own_templates() -> list[ReportTemplate]:
    """Return the firm's own templates by name; a street or district has none."""
    scope = current_scope()
    if scope is None or scope.kind is not ScopeKind.FIRM:
        return []
    return list(db.session.scalars(select(ReportTemplate).order_by(ReportTemplate.name)))


def choices(own: Iterable[ReportTemplate]) -> dict[str, str]:
    """Return the name of every template by what an address calls it: a code, or an own one's id."""
    built_in = {code: page_text(one.name) for code, one in BUILT_IN.items()}
    return built_in | {str(one.id): one.name for one in own}


def by_key(key: str, own: Iterable[ReportTemplate]) -> Template | None:
    """Return the template that an address names, by code, id or name; None for nonsense."""
    if key in BUILT_IN:
        return BUILT_IN[key]
    found = next((one for one in own if key in (str(one.id), one.name)), None)
    return found.template if found else None


def names_of(report: Report, street: str = "", *, everywhere: bool) -> dict[str, Named]:
    """Return the names of a report's lines by their key; one statement.

    everywhere: with every community under a contract in the period, so that one where nothing was
    done stands in the report too. street: of these only this street's, '' for all.
    """
    keys = [line.key for line in report.lines]
    if report.by == "firm":
        query = select(Firm.id, Firm.name, Firm.code, Firm.name)
        return _named(query.where(among(Firm.id, map(UUID, keys))))
    if report.by == "adviser":
        query = select(Adviser.id, Adviser.name, Firm.name, Adviser.pinyin)
        query = query.join(Firm, Firm.id == Adviser.firm_id)
        return _named(query.where(among(Adviser.id, map(UUID, keys))))
    wanted = [Community.code.in_(keys)]
    if everywhere:
        wanted.append(Community.code.in_(_served(report.period, street)))
    query = select(Community.code, Community.name, Street.name, Community.pinyin)
    query = query.join(Community.street).where(or_(*wanted))
    return {key: (short_name(name), *more) for key, (name, *more) in _named(query).items()}


def _named(query: Select[*tuple[Any, ...]]) -> dict[str, Any]:
    return {str(key): tuple(more) for key, *more in db.session.execute(query)}


def _served(period: Period, street: str) -> Select[str]:
    """Select the codes of communities under an agreed contract on some day of the period."""
    query = (
        select(ContractCommunity.community_code)
        .join(
            Contract,
            (Contract.firm_id == ContractCommunity.firm_id)
            & (Contract.id == ContractCommunity.contract_id),
        )
        .where(
            Contract.status.in_(AGREED),
            ContractCommunity.starts_on <= period.last,
            ContractCommunity.last_on >= period.first,
        )
    )
    return query.where(ContractCommunity.street_code == street) if street else query


def streets_served() -> list[tuple[str, str]]:
    """Return (code, name) of the streets where the firm has contracts: each office gets its own."""
    served = select(ContractCommunity.street_code)
    query = select(Street.code, Street.name).where(Street.code.in_(served))
    return [(code, name) for code, name in db.session.execute(query.order_by(Street.code))]
