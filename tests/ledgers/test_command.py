"""The command: its JSON and nothing else, faults by cell, exit status."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from counselhub.cli import cli
from counselhub.core.db import db
from counselhub.core.tenancy import as_office
from counselhub.ledgers.models import LedgerImport, LedgerLine
from tests.factories import Tenant, Town
from tests.ledgers.books import AGREED, agreeing, book, row
from tests.review import factories as review


@pytest.fixture
def submitted(app: Flask, tenant: Tenant) -> review.Made:
    """The statement of October, at the office."""
    return review.statement(app, tenant, until=("certify", "submit"))


def run(
    app: Flask, town: Town, folder: Path, data: bytes, *more: str, in_words: bool = False
) -> Result:
    file = folder / "ledger.xlsx"
    file.write_bytes(data)
    words = ["ledger", "import", str(file), "--street", town.street_code, *more]
    words += [] if in_words else ["--json"]
    with app.test_request_context():
        month = [] if "--month" in more else ["--month", "2026-10"]
        return CliRunner().invoke(cli, [*words, *month], obj=nullcontext)


def told(result: Result) -> dict[str, Any]:
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return dict(json.loads(result.stdout))


def kept(app: Flask, town: Town, model: Any) -> list[Any]:
    with app.app_context(), as_office(town.street_code):
        return list(db.session.scalars(db.select(model)))


@pytest.mark.usefixtures("submitted")
def test_it_counts_and_keeps(app: Flask, tenant: Tenant, town: Town, tmp_path: Path) -> None:
    first, second, third = town.communities[:3]
    rows = [row(first, *AGREED), row(second, 3, 6, 1, 1, 1180), row(third, 1, 2, 0, 0, 5)]
    result = run(app, town, tmp_path, book(rows), "--firm", tenant.code)
    assert told(result) == {
        "rows": 3, "matched": 1, "amount_differs": 1, "count_differs": 0,
        "only_statement": 0, "only_ledger": 1, "faults": [],
    }, result.stderr  # fmt: skip
    assert result.exit_code == 0
    assert len(kept(app, town, LedgerLine)) == 3
    assert [one.status for one in kept(app, town, LedgerImport)] == ["applied"]


@pytest.mark.usefixtures("submitted")
def test_faults_are_told_and_nothing_is_kept(
    app: Flask, tenant: Tenant, town: Town, tmp_path: Path
) -> None:
    rows = [*agreeing(tenant), row(town.communities[2], 1, 1, 1, 1, "若干")]
    result = run(app, town, tmp_path, book(rows))
    assert result.exit_code == 1
    assert [one["cell"] for one in told(result)["faults"]] == ["台账!H4"]
    assert "台账!H4" in result.stderr
    assert kept(app, town, LedgerImport) == kept(app, town, LedgerLine) == []


@pytest.mark.usefixtures("submitted")
def test_a_reader_is_told_that_nothing_went_in(app: Flask, town: Town, tmp_path: Path) -> None:
    data = book([row(town.communities[2], 1, 1, 1, 1, "若干")])
    result = run(app, town, tmp_path, data, in_words=True)
    assert (result.exit_code, result.stdout) == (1, "")
    first, last = result.stderr.splitlines()
    assert first.startswith("台账!H2")
    assert last == "台账有错误，没有导入任何数据。"


@pytest.mark.usefixtures("submitted")
@pytest.mark.parametrize("rows", [[], [["合计", "", "", 0, 0, 0, 0, 0, ""]]])
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_ledger_without_a_row_is_refused(
    app: Flask, tenant: Tenant, town: Town, tmp_path: Path, rows: list[list[Any]], more: list[str]
) -> None:
    run(app, town, tmp_path, book(agreeing(tenant)))
    result = run(app, town, tmp_path, book(rows), *more)
    assert result.exit_code == 1
    assert "文件: 台账没有一行数据" in result.stderr
    assert [one["cell"] for one in told(result)["faults"]] == ["文件"]
    assert {many for name, many in told(result).items() if name != "faults"} == {0}
    assert [one.outcome for one in kept(app, town, LedgerLine)] == ["matched", "matched"]


@pytest.mark.usefixtures("submitted")
def test_a_dry_run_keeps_nothing(app: Flask, tenant: Tenant, town: Town, tmp_path: Path) -> None:
    result = run(app, town, tmp_path, book(agreeing(tenant)), "--dry-run")
    assert told(result)["matched"] == 2
    assert kept(app, town, LedgerImport) == []


@pytest.mark.usefixtures("submitted")
def test_the_same_once_more_changes_nothing(
    app: Flask, tenant: Tenant, town: Town, tmp_path: Path
) -> None:
    first, again = (run(app, town, tmp_path, book(agreeing(tenant))) for _ in range(2))
    assert told(first) == told(again)
    assert [one.revision for one in kept(app, town, LedgerLine)] == [1, 1]


def test_a_statement_not_submitted_is_only_compared(
    app: Flask, tenant: Tenant, town: Town, tmp_path: Path
) -> None:
    review.statement(app, tenant, until=())
    for more in ([], ["--firm", tenant.code]):
        result = run(app, town, tmp_path, book(agreeing(tenant)), *more)
        assert told(result)["matched"] == 2
        assert "没有保存" in result.stderr
        assert run(app, town, tmp_path, book([]), *more).exit_code == 1
    assert kept(app, town, LedgerLine) == []


@pytest.mark.parametrize(
    ("data", "more", "status", "words"),
    [
        pytest.param(b"x", [], 1, "不是 Excel 工作簿", id="no workbook"),
        pytest.param(book([]), ["--firm", "NOBODY"], 1, "NOBODY", id="unknown firm"),
        pytest.param(book([]), ["--month", "2026-13"], 2, "2026-10", id="no month"),
    ],
)
def test_what_is_wrong_is_said_on_standard_error(
    app: Flask, town: Town, tmp_path: Path, data: bytes, more: list[str], status: int, words: str
) -> None:
    result = run(app, town, tmp_path, data, *more)
    assert result.exit_code == status
    assert words in result.stderr


def test_an_unknown_street(app: Flask, tmp_path: Path) -> None:
    result = run(app, Town("999999999", []), tmp_path, book([]))
    assert result.exit_code == 1
    assert "999999999" in result.stderr
