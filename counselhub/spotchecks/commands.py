"""The command that repeats a draw."""

from datetime import datetime

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import as_office
from counselhub.spotchecks import draw_actions
from counselhub.spotchecks.draw_actions import Order

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def spotcheck() -> None:
    """Spot checks of planned duty."""


@command(spotcheck, "draw")
@click.option("--street", required=True, help="the street's code, nine digits")
@click.option("--from", "first", type=DAY, required=True)
@click.option("--to", "last", type=DAY, required=True)
@click.option("--count", type=click.IntRange(1), required=True)
@click.option("--seed", type=click.IntRange(0), required=True)
@click.option("--json", "as_json", is_flag=True)
def draw(
    street: str, first: datetime, last: datetime, count: int, seed: int, as_json: bool
) -> None:
    """Repeat a draw from the list it kept and say whether it is the same; nothing is written.

    One that was never made is drawn from what is planned now.
    """
    order = Order(first.date(), last.date(), count, seed)
    with as_office(street):
        repeated = draw_actions.rehearse(order, street)
    if repeated.is_same is False:
        raise RefusedError(_("重算的结果与保存的抽签不一致。"))
    told = _("与保存的抽签一致") if repeated.is_same else _("没有这次抽签，按现在的排班试算")
    lines = [f"{told}  SHA-256 {repeated.sha256}"]
    lines += [f"{one.community}  {one.slot}" for one in repeated.picks]
    emit(repeated.document(), as_json, "\n".join(lines))
