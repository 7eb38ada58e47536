"""The command: what it prints, and how it ends."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from counselhub.cli import cli
from counselhub.core import clock
from tests.attendance.conftest import NOW, ZHANG, export, wall
from tests.factories import Tenant


@pytest.fixture
def run(app: Flask) -> Any:
    """Run a command on the database of the tests, in October 2026."""

    @contextmanager
    def application() -> Iterator[None]:
        with app.app_context(), clock.frozen(NOW):
            yield

    def runner(*arguments: object) -> Result:
        return CliRunner().invoke(cli, [str(one) for one in arguments], obj=application)

    return runner


def test_a_file_is_tried_then_imported_then_known(run: Any, tenant: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "某所_原始记录.xlsx"
    path.write_bytes(export((ZHANG, wall(9, 2)), (ZHANG, wall(11), {"at": "上午"})))
    command = ("punches", "import", path, "--firm", tenant.code, "--json")
    found = [run(*command, *more) for more in (("--dry-run",), (), ())]
    assert [one.exit_code for one in found] == [0, 0, 0]
    told = [json.loads(one.stdout) for one in found]
    assert told[0] == {
        "rows": 2,
        "matched": 0,
        "new": 1,
        "unmatched": [{"name": "张三丰", "userid": "0012345", "rows": 2}],
        "faults": [
            {
                "cell": "原始记录!I5",
                "message": "“上午”不是日期时间，可写 2026-07-01 9:00",
            }
        ],
    }
    assert told[1] == told[0]
    assert told[2] == told[0] | {"new": 0}


@pytest.mark.sweeping
def test_punches_go_when_their_time_is_over(
    app: Flask, run: Any, tenant: Tenant, tmp_path: Path
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(export((ZHANG, wall(9, 2)), (ZHANG, wall(9, 2, date(2024, 5, 6)))))
    command = ("punches", "import", path, "--firm", tenant.code, "--json")
    assert json.loads(run(*command).stdout)["new"] == 2
    swept = json.loads(run("retention", "--json").stdout)
    (done,) = (one for one in swept["classes"] if one["class"] == "punch")
    assert [one["firm"] for one in done["rows"]] == [tenant.code]
    assert json.loads(run(*command).stdout)["new"] == 1


def test_what_is_no_export_ends_with_a_sentence(run: Any, tenant: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"x")
    result = run("punches", "import", path, "--firm", tenant.code, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "不是 Excel 工作簿" in result.stderr
