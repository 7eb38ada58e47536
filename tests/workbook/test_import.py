"""What an import writes, once and again, and what comes out again."""

from flask import Flask
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from counselhub.workbook.actions import import_workbook, try_workbook
from tests.factories import Town
from tests.workbook.books import book, rows_of, small
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
