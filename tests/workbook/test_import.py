"""What an import writes, once and again, and what comes out again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.core.errors import FaultsError
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from counselhub.schemes.models import SchemeVersion
from counselhub.workbook.actions import import_workbook, try_workbook
from tests.factories import Town
from tests.workbook.books import Rows, book, rows_of, small
from tests.workbook.firms import Newcomer, exported, newcomer

SAME = {"new": 0, "changed": 0}


def test_a_trial_writes_nothing(inside: Newcomer, town: Town) -> None:
    plan = try_workbook(book(small(town)))
    assert plan.findings.faults == []
    assert plan.counts()["现场值班"] == {"rows": 3, "new": 3, "changed": 0, "same": 0}
    assert db.session.scalars(select(DutySession)).all() == []


def test_the_same_file_again_changes_nothing(inside: Newcomer, town: Town) -> None:
    data = book(small(town))
    import_workbook(data, by=inside.manager)
    again = import_workbook(data, by=inside.manager).counts()
    assert {(n["new"], n["changed"]) for n in again.values()} == {(0, 0)}
    assert {name: n["same"] for name, n in again.items()}["服务记录"] == 3


def test_export_into_an_empty_firm_is_the_same_data(
    app: Flask, inside: Newcomer, town: Town
) -> None:
    import_workbook(book(small(town)), by=inside.manager)
    first = exported()
    other = newcomer(app)
    with as_scope(other.scope):
        plan = import_workbook(first, by=other.manager)
        assert plan.findings.warnings == []
        assert rows_of(exported()) == rows_of(first)


def test_texts_stay_as_they_were_typed(inside: Newcomer, town: Town) -> None:
    import_workbook(book(small(town)), by=inside.manager)
    out = rows_of(exported())
    assert out["以案定补"][1][0] == "007"
    assert out["律师"][2][3] == "13800138000"
    assert out["现场值班"][2][8] == "=1+1"
    assert out["服务记录"][3][11] == "邻里漏水\n两户"
    assert out["指派"][1][0] == town.communities[0]


JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)


def dated(sheets: dict[str, Rows], *versions: tuple[date | None, int]) -> bytes:
    """Return the file with 生效日期, a row of the scheme for each day and amount."""
    header, row = sheets["补贴方案"]
    rows = [[*row, day] for day, _yuan in versions]
    for made, (_day, yuan) in zip(rows, versions, strict=True):
        made[2] = yuan
    return book(sheets | {"补贴方案": [[*header, "生效日期"], *rows]})


def versions_of() -> list[tuple[date | None, int]]:
    """The days and amounts of the firm's only scheme."""
    asked = select(SchemeVersion.effective_from, SchemeVersion.annual_fen)
    found = db.session.execute(asked.order_by(SchemeVersion.effective_from.nulls_first()))
    return [(day, annual_fen // 100) for day, annual_fen in found]


@pytest.mark.parametrize(
    ("stored", "yuan", "after"),
    [
        pytest.param([(JANUARY, 12000)], 24000, [(JANUARY, 24000)], id="the only one, dated"),
        pytest.param([(None, 12000)], 24000, [(None, 24000)], id="the only one, from ever"),
        pytest.param(
            [(None, 12000), (JULY, 24000)],
            24000,
            [(None, 12000), (JULY, 24000)],
            id="of two the one that it repeats",
        ),
    ],
)
def test_a_file_without_the_first_day_updates_the_version_that_it_means(
    inside: Newcomer,
    town: Town,
    stored: Sequence[tuple[date | None, int]],
    yuan: int,
    after: Sequence[tuple[date | None, int]],
) -> None:
    """The file is as workbook.md describes it: keyed by 方案代码 alone."""
    sheets = small(town)
    import_workbook(dated(sheets, *stored), by=inside.manager)
    sheets["补贴方案"][1][2] = yuan
    counts = import_workbook(book(sheets), by=inside.manager).counts()["补贴方案"]
    assert counts["new"] == 0
    assert versions_of() == after


def test_a_file_without_the_first_day_does_not_say_which_of_two_it_changes(
    inside: Newcomer, town: Town
) -> None:
    sheets: dict[str, Any] = small(town)
    stored = [(None, 12000), (JULY, 24000)]
    import_workbook(dated(sheets, *stored), by=inside.manager)
    sheets["补贴方案"][1][2] = 36000
    with pytest.raises(FaultsError) as refused:
        import_workbook(book(sheets), by=inside.manager)
    (fault,) = refused.value.faults
    assert (fault["cell"], versions_of()) == ("补贴方案!A2", stored)
    assert "2 个版本" in fault["message"]
    assert "生效日期" in fault["message"]


def test_a_date_left_blank_is_the_version_from_the_beginning(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    import_workbook(dated(sheets, (JANUARY, 12000)), by=inside.manager)
    counts = try_workbook(dated(sheets, (None, 12000))).counts()["补贴方案"]
    assert (counts["new"], counts["changed"]) == (1, 0)


@pytest.mark.parametrize(
    ("status", "warned"),
    [
        pytest.param("draft", ["合同!A2"], id="a draft"),
        pytest.param("sent", ["合同!A2"], id="one that waits for the other signature"),
        pytest.param("filed", ["合同!A2"], id="one that has not begun"),
        pytest.param("active", [], id="one in force"),
        pytest.param("expired", [], id="one whose days are over"),
    ],
)
def test_a_contract_that_does_not_count_is_told(
    inside: Newcomer, town: Town, status: str, warned: list[str]
) -> None:
    import_workbook(book(small(town)), by=inside.manager)
    db.session.execute(update(Contract).values(status=status))
    plan = import_workbook(book(small(town)), by=inside.manager)
    assert plan.counts()["合同"]["same"] == 1
    assert [one.cell for one in plan.findings.warnings] == warned
    assert all("还不计入结算" in one.message for one in plan.findings.warnings)
    assert db.session.scalars(select(Contract.status)).all() == [status]
