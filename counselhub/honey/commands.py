"""Commands of honey rows."""

import click
from sqlalchemy import select

from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.honey import actions
from counselhub.people.models import Firm


@click.group()
def honey() -> None:
    """Marked rows that raise an alarm when another tenant reads them."""


@command(honey, "plant")
@click.option("--firm", "code", help="Short code of one firm; every firm without it.")
@click.option("--json", "as_json", is_flag=True)
def plant(code: str | None, as_json: bool) -> None:
    """Plant the honey rows that firms still lack; doing it again changes nothing."""
    with as_platform():
        codes = [code] if code else list(db.session.scalars(select(Firm.code).order_by(Firm.code)))
    made = {one: actions.plant(one) for one in codes}
    db.session.commit()
    emit(made, as_json, "\n".join(f"{one}: {', '.join(new) or '-'}" for one, new in made.items()))
