"""Whatever a firm has, its export brings into an empty firm; the work grows with no statement."""

from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.money import LARGEST_GIVEN_FEN
from counselhub.core.tenancy import as_scope
from counselhub.workbook.actions import import_workbook
from counselhub.workbook.export import write_book
from tests.factories import Town
from tests.workbook.books import NOW, rows_of
from tests.workbook.firms import Newcomer, exported, newcomer

Values = dict[str, Any]
FIRST = date(2026, 1, 5)
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
CODES = st.text("0123456789AZ-", min_size=1, max_size=20)
FEN = st.none() | st.integers(0, LARGEST_GIVEN_FEN)
COUNTS = st.none() | st.integers(0, 10**6)


def lawyer(licence: str) -> st.SearchStrategy[Values]:
    """Any lawyer with this licence."""
    fields = {
        "licence_number": st.just(licence),
        "name": st.text("张王李赵=+-@", min_size=1, max_size=6),
        "category": st.sampled_from(["lawyer", "legal_worker", "trainee"]),
        "phone": st.none() | st.text("0123456789", min_size=1, max_size=11),
        "specialties": st.lists(st.text("婚姻劳动", min_size=1, max_size=4), max_size=3),
        "joined_on": st.none() | st.dates(date(1990, 1, 1), FIRST),
    }
    return st.fixed_dictionaries(fields)


def visit(number: int) -> st.SearchStrategy[Values]:
    """Any visit on the day of this number; `who` and `where` are positions."""
    fields = {
        "who": st.integers(0, 2),
        "where": st.integers(0, 3),
        "day": st.just(FIRST + timedelta(days=number)),
        "time_in": st.times(time(0, 0), time(12, 0)).map(
            lambda at: at.replace(second=0, microsecond=0)
        ),
        "time_out": st.none() | st.just(time(23, 59)),
        "source": st.sampled_from(["phone", "qr", "dingtalk", "manual"]),
        "community_confirmed": st.none() | st.booleans(),
        "remark": TEXTS,
    }
    return st.fixed_dictionaries(fields)


def service(number: int) -> st.SearchStrategy[Values]:
    """Any service; every third has no number of its own."""
    fields = {
        "number": st.just(f"00{number}" if number % 3 else None),
        "day": st.just(FIRST + timedelta(days=number)),
        "who": st.integers(0, 2),
        "where": st.integers(0, 3),
        "kind": st.sampled_from(["consultation", "lecture"]),
        "count": COUNTS,
        "persons": COUNTS,
        "recovered_fen": FEN,
        "content": TEXTS,
        "outcome": TEXTS,
    }
    return st.fixed_dictionaries(fields)


@st.composite
def firms(draw: st.DrawFn) -> dict[str, list[Values]]:
    """Any firm's data without a fault."""
    licences = draw(st.lists(CODES, min_size=3, max_size=3, unique=True))
    return {
        "律师": [draw(lawyer(licence)) for licence in licences],
        "现场值班": [draw(visit(number)) for number in range(draw(st.integers(0, 5)))],
        "服务记录": [draw(service(number)) for number in range(draw(st.integers(0, 5)))],
    }


def written(sheets: dict[str, list[Values]], town: Town) -> bytes:
    """Return the workbook of `sheets`, positions made codes."""
    licences = [one["licence_number"] for one in sheets["律师"]]

    def rows(sheet: Any) -> list[Values]:
        found = sheets.get(sheet.name, [])
        return [
            one
            | {"licence": licences[one["who"]], "community_code": town.communities[one["where"]]}
            if "who" in one
            else one
            for one in found
        ]

    target = BytesIO()
    write_book(target, rows)
    return target.getvalue()


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sheets=firms())
def test_export_and_import_again_is_the_same(
    app: Flask, town: Town, sheets: dict[str, list[Values]]
) -> None:
    one, other = newcomer(app), newcomer(app)
    with app.test_request_context(), clock.frozen(NOW):
        with as_scope(one.scope):
            import_workbook(written(sheets, town), by=one.manager)
            first = exported()
            again = import_workbook(first, by=one.manager).counts()
        with as_scope(other.scope):
            import_workbook(first, by=other.manager)
            second = exported()
        db.session.rollback()
    assert {n["new"] + n["changed"] for n in again.values()} == {0}
    assert rows_of(second) == rows_of(first)


def many(town: Town, rows: int) -> bytes:
    """Return a workbook of one lawyer with so many visits and services."""
    days = [FIRST + timedelta(days=number) for number in range(rows)]
    place = {"who": 0, "where": 0}
    visits = [
        place | {"day": day, "time_in": time(9), "time_out": time(10), "remark": "x"}
        for day in days
    ]
    services = [
        place | {"number": f"N{day}", "day": day, "kind": "consultation", "content": "x"}
        for day in days
    ]
    person = {"name": "张", "licence_number": "L1", "category": "lawyer"}
    return written({"律师": [person], "现场值班": visits, "服务记录": services}, town)


def test_the_number_of_statements_does_not_grow(app: Flask, inside: Newcomer, town: Town) -> None:
    counts = []
    for rows in (3, 300):
        firm, data, asked = newcomer(app), many(town, rows), []
        event.listen(db.engine, "before_cursor_execute", lambda *args, to=asked: to.append(args[2]))
        with as_scope(firm.scope):
            import_workbook(data, by=firm.manager)
            written_at_once = len(asked)
            asked.clear()
            import_workbook(data, by=firm.manager)
            asked_again = len(asked)
            asked.clear()
            exported()
            counts.append((written_at_once, asked_again, len(asked)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 40
