"""What an import writes, once and again, and what comes out again."""

from datetime import date

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


def versions(town: Town, *days: date | None) -> dict[str, Rows]:
    """Return the firm's data whose scheme has versions from these days on."""
    header, row = small(town)["补贴方案"]
    dated = [[*row, day] for day in days]
    return small(town, 补贴方案=[[*header, "生效日期"], *dated])


def annual_amounts() -> dict[date | None, int]:
    """Return the stored annual amount of each version by its first day."""
    query = select(SchemeVersion.effective_from, SchemeVersion.annual_fen)
    return {row.effective_from: row.annual_fen for row in db.session.execute(query)}


def test_without_dates_a_scheme_is_its_only_version(inside: Newcomer, town: Town) -> None:
    import_workbook(book(versions(town, date(2026, 1, 1))), by=inside.manager)
    sheets = small(town)
    sheets["补贴方案"][1][2] = 24000
    counts = import_workbook(book(sheets), by=inside.manager).counts()["补贴方案"]
    assert (counts["new"], counts["changed"]) == (0, 1)
    assert annual_amounts() == {date(2026, 1, 1): 2_400_000}


def test_without_dates_one_of_two_versions_is_a_fault(inside: Newcomer, town: Town) -> None:
    import_workbook(book(versions(town, None, date(2026, 7, 1))), by=inside.manager)
    with pytest.raises(FaultsError) as refused:
        import_workbook(book(small(town)), by=inside.manager)
    assert [fault["cell"] for fault in refused.value.faults] == ["补贴方案!A2"]
    assert "有 2 个版本；请加上“生效日期”一列" in refused.value.faults[0]["message"]


def test_a_date_left_blank_is_the_version_from_the_beginning(inside: Newcomer, town: Town) -> None:
    import_workbook(book(versions(town, date(2026, 1, 1))), by=inside.manager)
    counts = try_workbook(book(versions(town, None))).counts()["补贴方案"]
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
