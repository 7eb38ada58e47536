"""What cannot be swept, of one class, one firm, one street or one file, holds up nothing else."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.job_faults import SomeFailedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.retention import actions as retention
from counselhub.retention.kinds import Kept
from counselhub.retention.sweeping import Sweep, in_firms, through_firms, through_streets
from counselhub.work import actions as works
from counselhub.work import files
from counselhub.work.models import LongWork
from tests import factories
from tests.factories import Tenant
from tests.retention.test_command import NOW, YEARS, client, is_wiped, noon

__all__ = ["noon"]
pytestmark = pytest.mark.sweeping


def a_sweep(kept: Kept) -> Sweep:
    return Sweep(kept, 1095, (NOW - YEARS).date())


def fault() -> None:
    db.session.execute(text("select 1 / 0"))


def test_a_class_that_cannot_be_swept_leaves_the_others(
    app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = client(app, tenant)
    monkeypatch.setitem(retention.SWEEPS, Kept.NOTICE, lambda _sweep: fault())
    with app.app_context(), pytest.raises(SomeFailedError) as failed:
        retention.sweep(a_sweep(Kept.NOTICE), a_sweep(Kept.CLIENT))
    assert [one.whose for one in failed.value.faults] == ["notice"]
    assert is_wiped(app, tenant, due)


def test_a_class_that_cannot_be_swept_in_one_firm_goes_in_all_others(
    app: Flask, tenant: Tenant, outsider: Tenant
) -> None:
    first, last = sorted((tenant, outsider), key=lambda one: one.code)
    fails, goes = a_sweep(Kept.CLIENT), a_sweep(Kept.LEAVE)
    done: dict[Kept, list[UUID]] = {Kept.CLIENT: [], Kept.LEAVE: []}

    def end(_ids: Sequence[UUID], by: Member) -> int:
        if by.firm_id == first.firm_id:
            fault()
        done[Kept.CLIENT].append(by.firm_id)
        return 1

    def end_other(_ids: Sequence[UUID], by: Member) -> int:
        done[Kept.LEAVE].append(by.firm_id)
        return 1

    in_firms(fails, select(Adviser.id), end)
    in_firms(goes, select(Adviser.id), end_other)
    with app.app_context(), pytest.raises(SomeFailedError) as failed:
        through_firms([fails, goes])
    assert [one.whose for one in failed.value.faults] == [f"firm:{first.firm_id} client"]
    assert last.firm_id in done[Kept.CLIENT]
    assert first.firm_id not in done[Kept.CLIENT]
    assert {first.firm_id, last.firm_id} <= set(done[Kept.LEAVE])


def test_a_street_that_cannot_be_swept_leaves_the_others(app: Flask) -> None:
    first, last = sorted(factories.town(app).street_code for _each in range(2))
    sweep = a_sweep(Kept.SPOT_PHOTO)

    def end(code: str) -> list[UUID]:
        if code == first:
            fault()
        return [uuid4()] if code == last else []

    with app.app_context(), pytest.raises(SomeFailedError) as failed:
        through_streets(sweep, end)
    assert [one.whose for one in failed.value.faults] == [f"office:{first}"]
    assert (list(sweep.ids), sweep.done) == ([last], 1)


def test_a_file_that_cannot_be_deleted_stays_with_its_row_and_all_others_go(
    app: Flask, tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    remove, until = files.remove, NOW - timedelta(days=30)
    with app.app_context(), clock.frozen(until - timedelta(days=1)), as_platform():
        rows = [_work(tenant, subject) for subject in "ab"]
        db.session.add_all(rows)
        db.session.commit()
        stays, goes = (row.id for row in rows)
    for work_id in (stays, goes):
        files.path_of(work_id, ".zip").parent.mkdir(exist_ok=True)
        files.path_of(work_id, ".zip").touch()

    def refuse_one(work_id: UUID) -> int:
        if work_id == stays:
            raise PermissionError
        return remove(work_id)

    monkeypatch.setattr(files, "remove", refuse_one)
    for _night in range(2):
        with app.app_context(), pytest.raises(SomeFailedError) as failed:
            works.expire(until, dry=False)
        assert [one.error for one in failed.value.faults] == ["PermissionError"]
        assert str(tenant.firm_id) in failed.value.place
        with app.app_context(), as_platform():
            query = select(LongWork.id).where(LongWork.id.in_([stays, goes]))
            assert set(db.session.scalars(query)) == {stays}
        assert files.path_of(stays, ".zip").exists()
        assert not files.path_of(goes, ".zip").exists()


def _work(tenant: Tenant, subject: str) -> LongWork:
    return LongWork(
        kind="firm",
        key=str(tenant.firm_id),
        task="export_workbook",
        subject=subject,
        asked_by_name="某某甲",
        asked_at=clock.now(),
        ended_at=clock.now(),
        outcome="done",
        locale="zh_CN",
    )
