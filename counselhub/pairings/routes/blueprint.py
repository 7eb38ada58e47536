"""The blueprint of pairings, and what several of its pages share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx
from counselhub.core.access import fetch
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, NotFoundError, RefusedError
from counselhub.core.forms import Form
from counselhub.core.permissions import Permission
from counselhub.pairings import kinds, queries, work_queries
from counselhub.pairings.models import Pairing

bp = Blueprint("pairings", __name__)
P = Permission


def fetch_pairing(pairing_id: UUID, act: Permission | None = None) -> Pairing:
    """Return an agreement with the names that its pages show."""
    return fetch(Pairing, pairing_id, act, *queries.NAMES)


def part_of(model: type[Any], row_id: UUID, pairing: Pairing) -> Any:
    """Return a row under an agreement. Raises NotFoundError for one of another."""
    row = fetch(model, row_id)
    if row.pairing_id != pairing.id:
        raise NotFoundError()
    return row


def words() -> dict[str, Any]:
    """Return the codes that every page of an agreement words."""
    return {
        "Status": kinds.PairingStatus,
        "Topic": kinds.Topic,
        "Side": kinds.Side,
        "tones": kinds.TONES,
        "today": clock.today(),
    }


def asked_year(pairing: Pairing) -> int:
    """Return the year that the address asks for; this year for none, else the nearest there is."""
    years = work_queries.years_of(pairing)
    year = request.args.get("year", clock.today().year, type=int)
    return min(max(year, years[0]), years[-1])


def done(
    act: Callable[[], object],
    *,
    toast: str,
    back_to: str | Callable[[], str],
    template: str,
    again: Callable[[str], dict[str, Any]],
) -> ResponseReturnValue:
    """Do an act and leave; a refusal is told on the thing as it now is.

    back_to: an address, or what makes it after the act. again: makes the page anew around the
    sentence of the refusal.
    """
    try:
        act()
    except (ConflictError, RefusedError) as refusal:
        return refused(refusal, template, again)
    flash(toast, "success")
    return htmx.gone_to(back_to if isinstance(back_to, str) else back_to())


def refused(
    refusal: DomainError, template: str, again: Callable[[str], dict[str, Any]]
) -> ResponseReturnValue:
    """Undo what was begun, and show the page anew with the sentence, 409 or 422."""
    db.session.rollback()
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return answer(template, **again(refusal.message))


def first_error(form: Form) -> str:
    """Return the first sentence against a form, for a page that has many of it."""
    return str(next(iter(form.errors.values()))[0])
