"""Whose records a report may count, and which of them an address asks for."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, cast

from counselhub.core.access import current_member, in_sight
from counselhub.core.db import db
from counselhub.core.tenancy import ScopeKind, current_scope
from counselhub.duty.models import DutySession
from counselhub.reports.queries import sees_everybody
from counselhub.roster.models import DutySlot
from counselhub.services.models import ServiceRecord

Model = TypeVar("Model", ServiceRecord, DutySession, DutySlot)
FILTERS = ("community", "adviser", "firm", "street")
NOTHING_ASKED: Mapping[str, str] = dict.fromkeys(FILTERS, "")


def of_scope(model: type[Model]) -> ColumnElement[bool]:
    """Name the scope, so that its indexes serve: a firm's rows, a street's, a district's."""
    scope = current_scope()
    if scope is None or scope.kind is ScopeKind.FIRM:
        return and_(True)  # the session adds the firm, and raises without a scope
    if scope.kind is ScopeKind.OFFICE:
        return model.street_code == scope.key
    return model.street_code.between(f"{scope.key}000", f"{scope.key}999")


def of_reader(model: type[Model]) -> ColumnElement[bool]:
    """Keep to what the present member sees of the scope: a lawyer only what he did."""
    own = in_sight(model)
    if model is DutySlot and not sees_everybody():
        own = model.adviser_id == current_member().adviser_id
    return and_(of_scope(model), own)


def asked_for(model: type[Model], asked: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    """Keep to the asked community, street (codes), adviser and firm (ids); '' asks for all."""
    for name in ("community", "street"):
        if asked[name]:
            yield getattr(model, f"{name}_code") == asked[name]
    for name in ("adviser", "firm"):
        if asked[name]:
            yield cast(getattr(model, f"{name}_id"), db.Text) == asked[name]
