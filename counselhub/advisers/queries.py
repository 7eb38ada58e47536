"""The roll of advisers."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core import clock, pinyin
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey


def led_communities(day: date) -> ColumnElement[int]:
    """Return the number of communities that the selected adviser leads on a day."""
    return (
        select(func.count(Assignment.community_code.distinct()))
        .where(
            Assignment.firm_id == Adviser.firm_id,
            Assignment.adviser_id == Adviser.id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.starts_on <= day,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
        )
        .scalar_subquery()
        .label("led")
    )


def here(day: date) -> ColumnElement[bool]:
    """Return the condition that an adviser has not left before a day."""
    return or_(Adviser.left_on.is_(None), Adviser.left_on >= day)


def roll(
    words: str | None = None,
    *,
    with_left: bool = False,
    order: str = "name",
    descending: bool = False,
) -> Select[Adviser, int]:
    """Select (adviser, communities led today) by name, pinyin initials or licence number."""
    led = led_communities(clock.today())
    query = select(Adviser, led).where(
        pinyin.finds(Adviser.search, words), not_our_honey(Adviser, Adviser.licence_number)
    )
    if not with_left:
        query = query.where(here(clock.today()))
    columns: dict[str, SQLColumnExpression[Any]] = {
        "led": led,
        "licence": Adviser.licence_number,
        "category": Adviser.category,
    }
    column = columns.get(order, Adviser.pinyin)
    return query.order_by(column.desc() if descending else column.asc(), Adviser.pinyin, Adviser.id)


def by_licence(number: str) -> Adviser | None:
    """Return the firm's adviser with this 执业证号, None when there is none."""
    return db.session.scalar(select(Adviser).where(Adviser.licence_number == number))


def choices(day: date) -> list[tuple[str, str]]:
    """Return (id, name and communities led) of advisers who have not left before a day."""
    query = select(Adviser.id, Adviser.name, led_communities(day)).where(
        here(day), not_our_honey(Adviser, Adviser.licence_number)
    )
    rows = db.session.execute(query.order_by(Adviser.pinyin, Adviser.id))
    return [
        (str(adviser_id), _("%(name)s（主责 %(led)s）", name=name, led=led))
        for adviser_id, name, led in rows
    ]
