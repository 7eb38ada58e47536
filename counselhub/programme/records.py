"""The very records behind one figure of a report, with what each adds to it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all

from counselhub.advisers.models import Adviser
from counselhub.core import sorting
from counselhub.core.db import db
from counselhub.duty.models import DutySession
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.programme.figures import (
    DUTIES,
    LOG,
    Logged,
    Reach,
    counts,
    feeding,
    in_total,
    logged,
    measured,
    once,
)
from counselhub.programme.periods import Period
from counselhub.programme.rules import Column, Template
from counselhub.roster.models import DutySlot
from counselhub.services.models import ServiceRecord

SORTS: sorting.Sorts = dict.fromkeys(("day", "community", "adviser"), ())
"""What a list of records can be ordered by; the columns are the list's own."""
Asked = Callable[[type[Any]], ColumnElement[bool]]


def behind(
    template: Template, column: Column | None, period: Period, reach: Reach, asked: Asked
) -> Select[Any]:
    """Select (id, day, kind, mode, outcome, value, community, adviser, firm) of what a figure sums.

    column: None for the total. value is what the record adds, amounts in fen. Of duty: (id, day,
    starts, ends, community, adviser, firm), each adding 1.
    """
    if column is not None and column.is_of_duty:
        return _of_duty(DUTIES[column.measure], period, reach, asked)
    parts = (_of_log(template, column, period, model, reach, asked) for model in LOG)
    return select(union_all(*parts).subquery())


def _of_log(
    template: Template,
    column: Column | None,
    period: Period,
    model: Logged,
    reach: Reach,
    asked: Asked,
) -> Select[Any]:
    r = ServiceRecord
    feeds = in_total(template) if column is None else feeding(template, column)
    value = once(template, model) if column is None else measured(column, model)
    named = (Community.name.label("community"), Adviser.name.label("adviser"))
    pinyin = (Community.pinyin.label("community_pinyin"), Adviser.pinyin.label("adviser_pinyin"))
    columns = (r.id, model.day, r.kind, r.mode, model.outcome, value.label("value"), *named)
    every: list[Any] = [*columns, Firm.name.label("firm"), *pinyin]
    return (
        logged(select(*every), period, model)
        .join(r.community)
        .join(r.adviser)
        .join(Firm, Firm.id == r.firm_id)
        .where(feeds, reach(r), asked(r), value > 0)
    )


def _of_duty(model: type[Any], period: Period, reach: Reach, asked: Asked) -> Select[Any]:
    is_session = model is DutySession
    starts, ends = ("signed_in_at", "signed_out_at") if is_session else ("starts", "ends")
    named = (Community.name.label("community"), Adviser.name.label("adviser"))
    columns = (model.id, model.day, getattr(model, starts), getattr(model, ends), *named)
    return (
        select(*columns, Firm.name.label("firm"))
        .select_from(model)
        .join(model.community)
        .join(model.adviser)
        .join(Firm, Firm.id == model.firm_id)
        .where(counts(model, period), reach(model), asked(model))
    )


def in_order(query: Select[Any], column: Column | None, sort: str) -> Select[Any]:
    """Return `behind` in an order of SORTS as `sorting.asked_sort` gives it."""
    if column is None or not column.is_of_duty:
        c = query.selected_columns
        return sorting.ordered(
            query, _sorts((c.day, c.id), c.community_pinyin, c.adviser_pinyin), sort
        )
    model = DUTIES[column.measure]
    begins = DutySlot.starts if model is DutySlot else model.signed_in_at
    in_time = (model.day, begins, model.id)
    return sorting.ordered(query, _sorts(in_time, Community.pinyin, Adviser.pinyin), sort)


def _sorts(in_time: tuple[Any, ...], place: Any, person: Any) -> sorting.Sorts:
    return {"day": in_time, "community": (place, *in_time), "adviser": (person, *in_time)}


def counted(query: Select[Any], column: Column | None) -> tuple[int, int]:
    """Return how many records stand behind a figure, and the figure."""
    rows = query.order_by(None).subquery()
    is_duty = column is not None and column.is_of_duty
    value = func.count() if is_duty else func.coalesce(func.sum(rows.c.value), 0)
    number, figure = db.session.execute(select(func.count(), value).select_from(rows)).one()
    return number, int(figure)
