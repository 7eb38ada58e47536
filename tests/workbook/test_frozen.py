"""What a submitted statement has frozen stays; what lies after it may change."""

from datetime import date

import pytest
from sqlalchemy import select

from counselhub.closing.actions import close
from counselhub.core.db import db
from counselhub.core.errors import FaultsError
from counselhub.core.ids import uuid7
from counselhub.duty.models import DutySession
from counselhub.workbook.actions import import_workbook, try_workbook
from tests.factories import Town
from tests.workbook.books import Rows, book, small
from tests.workbook.firms import Newcomer
from tests.workbook.test_faults import Change, add, put

NUMBER = "某所-202610"


@pytest.fixture
def closed(inside: Newcomer, town: Town) -> Newcomer:
    """The firm of `books.small`, whose October of the first community is submitted."""
    import_workbook(book(small(town)), by=inside.manager)
    close_october(inside, town)
    return inside


def close_october(firm: Newcomer, town: Town) -> None:
    """Submit the first community's October."""
    places = [town.communities[0], town.street_code]
    october = date(2026, 10, 1)
    close(firm.firm_id, town.street_code, october, places, statement_id=uuid7(), number=NUMBER)


def scheme_from(day: str) -> Change:
    """Return the change that pays more from a day on."""

    def change(sheets: dict[str, Rows], _town: Town) -> None:
        header, row = sheets["补贴方案"]
        sheets["补贴方案"] = [[*header, "生效日期"], [*row, None], [*row, day]]
        sheets["补贴方案"][2][2] = 30000

    return change


def test_the_same_file_still_goes_in(closed: Newcomer, town: Town) -> None:
    plan = import_workbook(book(small(town)), by=closed.manager)
    assert {n["changed"] + n["new"] for n in plan.counts().values()} == {0}


FROZEN = [
    pytest.param(put("现场值班", 1, 4, "10:20"), "现场值班!A2", id="a visit made shorter"),
    pytest.param(
        add("现场值班", "A001", "here", "2026-10-31", "9:00", "10:00"),
        "现场值班!A5",
        id="a new visit",
    ),
    pytest.param(put("线上值班", 1, 4, "x"), "线上值班!A2", id="an online shift"),
    pytest.param(
        add("线上值班", "A002", "street", "2026-09-30 20:00", "2026-10-01 08:00"),
        "线上值班!A3",
        id="M7 a new shift that reaches into the month",
    ),
    pytest.param(
        add("线上值班", "A002", "street", "2026-09-30 20:00", "2026-11-10 08:00"),
        "线上值班!A3",
        id="M7 a new shift that lasts from before the month until after it",
    ),
    pytest.param(put("服务记录", 1, 7, 3), "服务记录!A2", id="a service"),
    pytest.param(put("以案定补", 1, 8, "否"), "以案定补!A2", id="a case"),
    pytest.param(put("合同", 1, 6, 30000), "合同!A2", id="a contract's amount"),
    pytest.param(put("合同", 1, 4, "2026-10-30"), "合同!A2", id="a contract cut short"),
    pytest.param(put("指派", 1, 4, "2026-10-30"), "指派!A2", id="an assignment cut short"),
    pytest.param(put("补贴方案", 1, 2, 30000), "补贴方案!A2", id="a scheme's amount"),
    pytest.param(scheme_from("2026-10-01"), "补贴方案!A3", id="a version inside"),
]


def test_a_shift_that_ends_as_the_month_begins_is_of_the_month_before(
    closed: Newcomer, town: Town
) -> None:
    sheets = small(town)
    add("线上值班", "A002", "street", "2026-09-30 20:00", "2026-10-01 00:00")(sheets, town)
    assert import_workbook(book(sheets), by=closed.manager).counts()["线上值班"]["new"] == 1


@pytest.mark.parametrize(("change", "cell"), FROZEN)
def test_what_the_statement_rests_on_is_refused_by_its_number(
    closed: Newcomer, town: Town, change: Change, cell: str
) -> None:
    sheets = small(town)
    change(sheets, town)
    with pytest.raises(FaultsError) as refused:
        import_workbook(book(sheets), by=closed.manager)
    assert [fault["cell"] for fault in refused.value.faults] == [cell]
    assert NUMBER in refused.value.faults[0]["message"]


def dated(sheets: dict[str, Rows], *days: str) -> None:
    """Give the scheme a version from each day on."""
    header, row = sheets["补贴方案"]
    sheets["补贴方案"] = [[*header, "生效日期"], *([*row, day] for day in days)]


@pytest.mark.parametrize(
    ("days", "amounts"),
    [
        pytest.param(["2026-11-15"], [24000], id="the only version, from later on"),
        pytest.param(["2026-11-15", "2026-12-01"], [24000, "20,000.00"], id="the first of two"),
        pytest.param(["2026-11-15"], ["20,000.00", 24000], id="a version put before it"),
    ],
)
def test_before_its_first_day_the_first_version_is_what_the_statement_rests_on(
    inside: Newcomer, town: Town, days: list[str], amounts: list[object]
) -> None:
    sheets = small(town)
    dated(sheets, *days)
    import_workbook(book(sheets), by=inside.manager)
    close_october(inside, town)
    if len(amounts) > len(days):
        sheets["补贴方案"].append([*sheets["补贴方案"][1][:-1], "2026-10-01"])
    for row, amount in zip(sheets["补贴方案"][1:], amounts, strict=True):
        row[2] = amount
    with pytest.raises(FaultsError) as refused:
        import_workbook(book(sheets), by=inside.manager)
    assert NUMBER in refused.value.faults[0]["message"]


def test_a_later_version_than_the_first_may_change(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    dated(sheets, "2026-11-15", "2026-12-01")
    import_workbook(book(sheets), by=inside.manager)
    close_october(inside, town)
    sheets["补贴方案"][2][2] = 24000
    assert import_workbook(book(sheets), by=inside.manager).counts()["补贴方案"]["changed"] == 1


FREE = [
    pytest.param(put("合同", 1, 4, "2026-11-15"), id="a contract ends after it"),
    pytest.param(put("指派", 1, 4, "2026-10-31"), id="an assignment ends with it"),
    pytest.param(put("现场值班", 2, 4, "11:30"), id="another community"),
    pytest.param(
        add("现场值班", "A001", "here", "2026-11-02", "9:00", "10:00"), id="the month after"
    ),
    pytest.param(put("补贴方案", 1, 1, "新名称"), id="a scheme's name"),
    pytest.param(scheme_from("2026-11-01"), id="a version after it"),
    pytest.param(put("律师", 1, 3, "13900000000"), id="a lawyer's phone"),
]


@pytest.mark.parametrize("change", FREE)
def test_what_it_does_not_rest_on_may_change(closed: Newcomer, town: Town, change: Change) -> None:
    sheets = small(town)
    change(sheets, town)
    plan = import_workbook(book(sheets), by=closed.manager)
    assert sum(n["changed"] + n["new"] for n in plan.counts().values()) == 1


def test_visits_may_change_places_in_one_file(inside: Newcomer, town: Town) -> None:
    """The second visit grows into the time that the first one gives up."""
    import_workbook(book(small(town)), by=inside.manager)
    sheets = small(town)
    sheets["现场值班"][1][4] = "9:00"
    sheets["现场值班"][2][4] = "12:00"
    assert import_workbook(book(sheets), by=inside.manager).counts()["现场值班"]["changed"] == 2
    assert try_workbook(book(sheets)).counts()["现场值班"]["same"] == 3


def test_a_past_visit_without_sign_out_is_not_open(inside: Newcomer, town: Town) -> None:
    import_workbook(book(small(town)), by=inside.manager)
    rows = db.session.scalars(select(DutySession).where(DutySession.signed_out_at.is_(None)))
    assert [row.status for row in rows] == ["closed"]
