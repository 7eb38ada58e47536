"""Commands of duty: judge the slots of days past, end requests that nobody took."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

import click
from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.cover import actions
from counselhub.duty import settling
from counselhub.people.commands import for_firm
from counselhub.people.queries import every_firm
from counselhub.roster.settling import Settled

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def duty() -> None:
    """Duty on site."""


@command(duty, "settle")
@click.option("--until", type=DAY, default=None, help="last day, 2026-10-08; yesterday if none")
@click.option("--firm", "code", default=None, help="short code of one firm; every firm if none")
@click.option("--json", "as_json", is_flag=True)
def settle(until: datetime | None, code: str | None, as_json: bool) -> None:
    """Judge the planned slots of days past by the sessions on record; run it every night.

    Requests for cover that nobody took before their slot began end with it.
    """
    last = until.date() if until else clock.today()
    firms = [{"firm": one} | asdict(_settled(one, last)) for one in _codes(code)]
    lines = [
        _(
            "%(firm)s：判定 %(changed)d 个班次，不变 %(same)d 个，放假未计 %(off)d 个，"
            "已封存月份 %(closed)d 个",
            **one,
        )
        for one in firms
    ]
    emit({"until": last.isoformat(), "firms": firms}, as_json, "\n".join(lines))


def _codes(code: str | None) -> Iterable[str]:
    return [code] if code else [one for _firm_id, one in every_firm()]


def _settled(code: str, last: date) -> Settled:
    """Settle one firm and keep it: what comes later cannot undo it."""
    with for_firm(code) as member:
        done = settling.settle_past(last, by=member)
        actions.expire(by=member)
        db.session.commit()
    return done
