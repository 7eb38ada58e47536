"""The one plan that all tests of a database share."""

from datetime import date

from sqlalchemy.dialects.postgresql import insert

from counselhub.billing.models import Plan, PlanPrice
from counselhub.core.db import db
from counselhub.core.ids import uuid7

SEAT_FEN = {"month": 9_900, "year": 99_000}


def add_plan() -> None:
    """Offer it, unless it is offered already. Needs the platform's scope."""
    values = {"id": uuid7(), "code": "standard", "name": "标准套餐", "free_seats": 3}
    db.session.execute(insert(Plan).values(values).on_conflict_do_nothing())
    plan = db.session.scalars(db.select(Plan).where(Plan.code == "standard")).one()
    for interval, fen in SEAT_FEN.items():
        price = {"plan_id": plan.id, "interval": interval, "seat_fen": fen, "id": uuid7()}
        db.session.execute(
            insert(PlanPrice)
            .values(price | {"valid_from": date(2026, 1, 1)})
            .on_conflict_do_nothing()
        )
