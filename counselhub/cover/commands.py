"""Commands of duty: judge the slots of days past, end requests that nobody took."""

from dataclasses import asdict
from datetime import datetime

import click
from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.commands import command, emit
from counselhub.cover import nightly

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
    firms = [{"firm": one} | asdict(done) for one, done in nightly.settle(code, last)]
    lines = [
        _(
            "%(firm)s：判定 %(changed)d 个班次，不变 %(same)d 个，放假未计 %(off)d 个，"
            "已封存月份 %(closed)d 个",
            **one,
        )
        for one in firms
    ]
    emit({"until": last.isoformat(), "firms": firms}, as_json, "\n".join(lines))
