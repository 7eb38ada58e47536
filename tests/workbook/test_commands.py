"""The commands: what they print, and how they end."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from counselhub.cli import cli
from counselhub.core import clock
from counselhub.core.errors import RefusedError
from tests.factories import Town
from tests.workbook.books import NOW, book, rows_of, small
from tests.workbook.firms import Newcomer


@pytest.fixture
def run(app: Flask) -> Any:
    """Run a command on the database of the tests, in November 2026."""

    @contextmanager
    def application() -> Iterator[None]:
        with app.app_context(), clock.frozen(NOW):
            yield

    def runner(*arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(one) for one in arguments], obj=application)

    return runner


@pytest.fixture
def file(tmp_path: Path, town: Town) -> Path:
    """A sound workbook."""
    path = tmp_path / "某所.xlsx"
    path.write_bytes(book(small(town)))
    return path


def test_import_tells_what_it_did(run: Any, firm: Newcomer, file: Path, town: Town) -> None:
    dry = run("workbook", "import", file, "--firm", firm.code, "--dry-run", "--json")
    done = run("workbook", "import", file, "--firm", firm.code, "--json")
    again = run("workbook", "import", file, "--firm", firm.code, "--json")
    assert [one.exit_code for one in (dry, done, again)] == [0, 0, 0]
    assert json.loads(dry.stdout) == json.loads(done.stdout) | {"dry_run": True}
    assert json.loads(done.stdout)["sheets"]["律师"] == {
        "rows": 2,
        "new": 2,
        "changed": 0,
        "same": 0,
    }
    assert json.loads(again.stdout)["sheets"]["服务记录"]["same"] == 3


def test_faults_end_with_one_and_a_document(
    run: Any, firm: Newcomer, file: Path, town: Town
) -> None:
    sheets = small(town)
    sheets["律师"][1][2] = "法师"
    file.write_bytes(book(sheets))
    told = run("workbook", "import", file, "--firm", firm.code, "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["faults"][0]["cell"] == "律师!C2"
    assert told.stderr.startswith("律师!C2: “法师”不在可选范围内")


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
@pytest.mark.parametrize(
    ("is_broken", "first"),
    [
        pytest.param(False, "律师!C2: “法师”不在可选范围内", id="a fault"),
        pytest.param(True, "文件: 这不是 Excel 工作簿", id="no workbook"),
    ],
)
def test_a_reader_is_told_that_nothing_went_in(
    run: Any, firm: Newcomer, file: Path, town: Town, is_broken: bool, first: str, more: list[str]
) -> None:
    sheets = small(town)
    sheets["律师"][1][2] = "法师"
    file.write_bytes(b"x" if is_broken else book(sheets))
    told = run("workbook", "import", file, "--firm", firm.code, *more)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(first)
    assert told.stderr.splitlines()[-1] == "文件有 1 处错误，没有导入任何数据。"


def test_export_writes_the_same_format(
    run: Any, firm: Newcomer, file: Path, tmp_path: Path
) -> None:
    run("workbook", "import", file, "--firm", firm.code)
    out = tmp_path / "out.xlsx"
    assert run("workbook", "export", "--firm", firm.code, out).exit_code == 0
    assert [row[0] for row in rows_of(out.read_bytes())["合同"]] == ["合同编号", "H1"]


def test_an_export_that_cannot_be_written_names_the_folder(
    run: Any, firm: Newcomer, tmp_path: Path
) -> None:
    told = run("workbook", "export", "--firm", firm.code, tmp_path / "nowhere" / "out.xlsx")
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(f"文件夹 {tmp_path}/nowhere 不存在")


def test_a_broken_export_leaves_the_file_before(
    run: Any, firm: Newcomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(target: Any) -> None:
        target.write(b"half")
        raise RefusedError("too long")

    monkeypatch.setattr("counselhub.workbook.commands.export_workbook", broken)
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"before")
    assert run("workbook", "export", "--firm", firm.code, out).exit_code == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"before"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["import", "nowhere.xlsx", "--firm", "x"], 2, id="no such file"),
        pytest.param(["export", "out.xlsx"], 2, id="no firm named"),
        pytest.param(["export", "out.xlsx", "--firm", "nobody"], 1, id="no such firm"),
    ],
)
def test_wrong_use(
    run: Any, arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("workbook", *arguments).exit_code == code
    assert list(tmp_path.iterdir()) == []
