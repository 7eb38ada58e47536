"""Commands of paying: what a plan costs, events handled again, Stripe compared."""

from datetime import UTC, datetime

import click
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from counselhub.billing import events, nightly, queries
from counselhub.billing.kinds import Interval
from counselhub.billing.models import Plan, PlanPrice
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.money import AmountError, parse_yuan
from counselhub.core.tenancy import as_platform

JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def billing() -> None:
    """How firms pay."""


@command(billing, "price")
@click.option("--plan", "code", default="standard")
@click.option("--name", default="标准套餐")
@click.option("--free-seats", type=click.IntRange(0, 10000), default=3)
@click.option("--interval", type=click.Choice([one.value for one in Interval]), required=True)
@click.option("--yuan", required=True, help="Of one charged seat and one interval.")
@click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), required=True)
@JSON
def price(
    code: str,
    name: str,
    free_seats: int,
    interval: str,
    yuan: str,
    valid_from: datetime,
    as_json: bool,
) -> None:
    """Set what a seat costs from a day on; the plan is made when it is new."""
    try:
        seat_fen = parse_yuan(yuan)
    except AmountError as error:
        raise RefusedError(_("请填写金额，最多两位小数，如 297.00。")) from error
    with as_platform():
        made = {"id": uuid7(), "code": code, "name": name, "free_seats": free_seats}
        db.session.execute(insert(Plan).values(made).on_conflict_do_nothing())
        plan = db.session.scalars(db.select(Plan).where(Plan.code == code)).one()
        key = {"plan_id": plan.id, "interval": interval, "valid_from": valid_from.date()}
        row = insert(PlanPrice).values(id=uuid7(), seat_fen=seat_fen, **key)
        db.session.execute(
            row.on_conflict_do_update(index_elements=[*key], set_={"seat_fen": seat_fen})
        )
        db.session.commit()
    document = {"plan": code, "interval": interval, "seat_fen": seat_fen}
    emit(document | {"from": f"{valid_from:%Y-%m-%d}"}, as_json, _("已设置价格"))


@command(billing, "replay")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="UTC.")
@click.option("--event", "event_id", help="One event of Stripe by its id.")
@JSON
def replay(since: datetime | None, event_id: str | None, as_json: bool) -> None:
    """Handle events of Stripe again: all, those received since, or one."""
    _need_keys()
    begun = since.replace(tzinfo=UTC) if since else None
    found = events.replay(begun, event_id)
    if event_id is not None and not found:
        raise RefusedError(_("没有编号为 %(event)s 的通知。", event=event_id))
    emit({"events": found}, as_json, _("已重新处理 %(count)s 条通知", count=len(found)))


@command(billing, "reconcile")
@JSON
def reconcile(as_json: bool) -> None:
    """Compare every firm with Stripe and take over what differs."""
    _need_keys()
    found = nightly.reconcile()
    document = [
        {"firm_id": str(one.firm_id), "what": one.what, "ours": one.ours, "theirs": one.theirs}
        for one in found
    ]
    lines = [f"{one.firm_id} {one.what}: {one.ours} -> {one.theirs}" for one in found]
    emit({"differences": document}, as_json, "\n".join(lines) or _("没有发现不一致。"))


def _need_keys() -> None:
    if not queries.takes_cards():
        raise RefusedError(
            _("请先设置 COUNSELHUB_STRIPE_KEY 和 COUNSELHUB_STRIPE_WEBHOOK_SECRET。")
        )
