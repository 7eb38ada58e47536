"""The notice of a year comes in by a command, whole or not at all."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete

from counselhub.cli import cli
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.roster import hits
from counselhub.roster.holiday_queries import calendar
from counselhub.roster.models import DutySlot, HolidayNotice
from tests.factories import Tenant

YEAR = 2093
"""No other test plans in it: notices are everybody's."""


@pytest.fixture
def run(app: Flask) -> Iterator[Callable[..., Result]]:
    """Call `counselhub holidays import` on this worker's database."""

    @contextmanager
    def opened() -> Iterator[Flask]:
        with app.app_context():
            yield app

    yield lambda *args: CliRunner().invoke(cli, ["holidays", "import", *map(str, args)], obj=opened)
    with app.app_context(), as_platform():
        db.session.execute(delete(HolidayNotice).where(HolidayNotice.year == YEAR))
        db.session.commit()


def notice(folder: Path, **days: bool) -> Path:
    path = folder / "notice.json"
    entries: list[dict[str, Any]] = [
        {"name": "某节", "date": f"{YEAR}-{day[1:3]}-{day[3:]}", "isOffDay": off}
        for day, off in days.items()
    ]
    path.write_text(json.dumps({"year": YEAR, "days": entries}), encoding="utf-8")
    return path


def stored(app: Flask) -> list[tuple[date, bool]]:
    with app.app_context(), as_platform():
        found = calendar(date(YEAR, 1, 1), date(YEAR, 12, 31))
        return [(day, one.is_off) for day, one in sorted(found.notices.items())]


def test_it_is_loaded_again_without_a_change(
    app: Flask, run: Callable[..., Result], tmp_path: Path
) -> None:
    path = notice(tmp_path, d0101=True, d0103=False)
    tried = run(path, "--dry-run", "--json")
    assert json.loads(tried.output)["new"] == 2
    assert stored(app) == []
    assert "新增2天" in run(path).output
    assert stored(app) == [(date(YEAR, 1, 1), True), (date(YEAR, 1, 3), False)]
    assert json.loads(run(path, "--json").output) == {
        "year": YEAR, "new": 0, "changed": 0, "removed": 0, "same": 2, "dry_run": False,
    }  # fmt: skip


def test_a_corrected_notice_replaces_its_year(
    app: Flask, run: Callable[..., Result], tmp_path: Path
) -> None:
    run(notice(tmp_path, d0101=True, d0103=False))
    done = json.loads(run(notice(tmp_path, d0103=True, d0104=True), "--json").output)
    assert (done["new"], done["changed"], done["removed"], done["same"]) == (1, 1, 1, 0)
    assert stored(app) == [(date(YEAR, 1, 3), True), (date(YEAR, 1, 4), True)]


def test_a_notice_that_comes_after_the_roster_proposes_moves(
    app: Flask, run: Callable[..., Result], tmp_path: Path, tenant: Tenant
) -> None:
    monday = date(YEAR, 1, 5)

    def proposed() -> list[tuple[date, date | None]]:
        with app.app_context(), as_scope(tenant.scope):
            return [(one.slot.day, one.to.day if one.to else None) for one in hits.hits()]

    with clock.frozen(datetime(YEAR - 1, 12, 20, 4, tzinfo=UTC)):
        with app.app_context(), as_scope(tenant.scope):
            slot = DutySlot(
                turn=1, month=monday.replace(day=1), day=monday, starts=time(9), ends=time(12),
                adviser_id=tenant.adviser_id, community_code=tenant.town.communities[0],
                street_code=tenant.town.street_code,
            )  # fmt: skip
            db.session.add(slot)
            db.session.commit()
        assert proposed() == []
        run(notice(tmp_path, d0105=True, d0106=True))
        assert proposed() == [(monday, date(YEAR, 1, 7))]
        run(notice(tmp_path, d0106=True))
        assert proposed() == [], "the notice was corrected: the slot stands where it was"


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_no_file_is_wrong_usage(run: Callable[..., Result], tmp_path: Path, name: str) -> None:
    done = run(tmp_path / name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert str(tmp_path / name) in done.stderr


def test_every_fault_is_told_and_nothing_is_written(
    app: Flask, run: Callable[..., Result], tmp_path: Path
) -> None:
    path = notice(tmp_path, d0101=True, d0230=True, d1301=False)
    answer = run(path)
    assert answer.exit_code == 1
    assert "days[1]" in answer.output
    assert "days[2]" in answer.output
    assert stored(app) == []
