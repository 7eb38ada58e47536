"""Whatever may come in between while year files are made, and their end."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.notices.models import Notice
from counselhub.retention.actions import SWEEPS
from counselhub.retention.kinds import Kept
from counselhub.retention.sweeping import Sweep
from counselhub.work import running
from counselhub.work.models import LongWork
from counselhub.yearfiles import actions, making
from counselhub.yearfiles.kinds import TASK
from tests.factories import Tenant
from tests.work.meanwhile import at_part
from tests.yearfiles.conftest import Works
from tests.yearfiles.made import VOLUME, files, made_by, words_of

STOP = re.compile(r'action="(/year-files/files/[0-9a-f-]+/cancellation)"')


def test_one_that_cannot_be_made_says_so_and_the_others_go_on(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first file meets a disk that is full: nothing else could make it fail on purpose."""
    whole, calls = making.make, []

    def once_full(*args: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise OSError("no space left on device")
        return whole(*args)  # type: ignore[arg-type]  # the arguments of make

    monkeypatch.setattr(actions, "make", once_full)
    as_checker.post("/year-files", data={"year": 2026})
    works()
    page = as_checker.get("/year-files?year=2026").text
    assert "没有做成" in page
    assert len(VOLUME.findall(page)) == 1
    (failed,) = [one for one in files(app, furnished) if one.fault]
    shown = as_checker.get(f"/year-files/{failed.detail['code']}/2026").text
    assert "系统出错，已经记录" in shown
    refused = as_checker.get(f"/year-files/files/{failed.id}/volume.pdf")
    assert refused.status_code == 404
    assert "没有做成" in refused.text


def test_one_that_kills_its_worker_ends_and_the_others_go_on(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    """Begun again so often and no more: the first of the queue kills every worker."""
    as_checker.post("/year-files", data={"year": 2026})
    first = files(app, furnished)[0]
    with app.app_context(), as_platform():
        often = {"attempts": running.MOST_ATTEMPTS, "parts": 9, "done": 4, "doing": "制作中"}
        killed = update(LongWork).where(LongWork.id == first.id)
        db.session.execute(killed.values(started_at=clock.now(), **often))
        db.session.commit()
    assert "制作中 4/9" in as_checker.get(f"/year-files/{first.detail['code']}/2026").text
    works()
    assert [one.outcome for one in files(app, furnished)] == ["failed", "done"]
    shown = as_checker.get(f"/year-files/{first.detail['code']}/2026").text
    assert "中断过多次，已停止" in shown


def test_one_that_is_given_up_leaves_nothing(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    data: Path,
) -> None:
    """Given up in the middle: the worker stops at the next part, and goes on with the next file."""
    as_checker.post("/year-files", data={"year": 2026})
    first, second = files(app, furnished)
    page = f"/year-files/{first.detail['code']}/2026"

    def give_up(_parts: int) -> None:
        stop = STOP.search(as_checker.get(page).text)
        assert stop is not None
        assert as_checker.post(stop[1]).status_code == 303

    at_part(monkeypatch, first.id, 3, give_up)
    works()
    assert [one.outcome for one in files(app, furnished)] == ["cancelled", "done"]
    assert "已取消" in as_checker.get(page).text
    assert "还没有制作" in as_checker.get("/year-files?year=2026").text
    kept = {one.name for one in (data / "work").iterdir()}
    assert kept == {f"{second.id}.pdf", f"{second.id}.zip"}
    late = as_checker.post(f"/year-files/files/{second.id}/cancellation")
    assert late.status_code == 409
    assert "已经结束" in late.text


def test_others_works_go_first_and_who_asked_is_told_once(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A click asks for many: an archive that is asked for later waits for none of them."""
    monkeypatch.setattr(running, "PATIENCE", timedelta())
    as_checker.post("/year-files", data={"year": 2026})
    as_checker.post("/office/export")
    works()
    street = furnished.town.street_code
    with app.app_context(), as_platform():
        own = select(LongWork.task).where(LongWork.key == street)
        in_order = db.session.scalars(own.order_by(LongWork.ended_at)).all()
        assert in_order == ["office_archive", TASK, TASK]
        told = select(Notice.kind, Notice.path).where(Notice.place_key == street)
        assert set(db.session.execute(told.order_by(Notice.id)).all()) == {
            ("archive_ready", "/office/export"),
            ("work_ended", "/year-files?year=2026"),
        }


def test_a_file_is_in_chinese_whoever_asks(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    chinese, _originals = made_by(as_checker, furnished, works)
    page = f"/year-files/{furnished.town.communities[0]}/2026"
    as_checker.post(page)
    with app.app_context(), as_platform():
        asked = update(LongWork).where(LongWork.ended_at.is_(None), LongWork.task == TASK)
        db.session.execute(asked.values(locale="en"))
        db.session.commit()
    works()
    found = VOLUME.search(as_checker.get(page).text)
    assert found is not None
    with as_checker.get(found[1]) as volume:
        english = volume.data
    assert words_of(english)[1:] == words_of(chinese)[1:]  # the cover tells the minute


def test_files_go_after_their_time(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient, data: Path
) -> None:
    """By their own period: that of other works does not touch them."""
    as_checker.post(f"/year-files/{furnished.town.communities[0]}/2026")
    works()
    (own,) = files(app, furnished)

    def swept(kept: Kept, days: int, *, dry: bool) -> bool:
        sweep = Sweep(kept, days, clock.today() - timedelta(days=days), dry)
        SWEEPS[kept](sweep)
        return str(own.id) in sweep.ids.get("", [])

    with app.app_context():
        assert not swept(Kept.YEAR_FILE, 1, dry=False)
        assert not swept(Kept.LONG_WORK, -2, dry=False)
        assert swept(Kept.YEAR_FILE, -2, dry=True)
        assert len(list((data / "work").iterdir())) == 2
        assert swept(Kept.YEAR_FILE, -2, dry=False)
    assert files(app, furnished) == []
    assert list((data / "work").iterdir()) == []
