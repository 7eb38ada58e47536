"""Pictures and scans of premises go when their time is over; what was done about rooms stays."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import as_office, as_platform, as_scope
from counselhub.premises.models import Premises, PremisesFile, PremisesIssue, PremisesReport
from counselhub.retention import actions
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import due_before, periods
from tests.factories import Tenant

pytestmark = pytest.mark.sweeping

DAYS = {kept: periods("")[kept] or 0 for kept in (Kept.ROOM_PHOTO, Kept.ROOM_REPORT_PHOTO)}


def run(kept: Kept, *, dry: bool = False) -> actions.Sweep:
    sweep = actions.Sweep(kept, DAYS[kept], due_before(clock.today(), DAYS[kept]), dry)
    actions.sweep(sweep)
    return sweep


def report(tenant: Tenant, kind: str, *, ago: int | None) -> UUID:
    """A report with a photo, answered `ago` days before today; none: not answered."""
    answered = None if ago is None else clock.now() - timedelta(days=ago)
    row = PremisesReport(
        street_code=tenant.town.street_code, community_code=tenant.town.communities[0],
        adviser_id=tenant.adviser_id, kind=kind, sent_at=clock.now() - timedelta(days=2000),
        sent_by_name="某", has_photo=True, photo=b"jpeg", answered_at=answered,
        status="sent" if ago is None else "declined",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


def issue(tenant: Tenant, kind: str, status: str, solved_on: date | None) -> UUID:
    long_ago = clock.today() - timedelta(days=3000)
    row = PremisesIssue(
        street_code=tenant.town.street_code, community_code=tenant.town.communities[0],
        kind=kind, status=status, reported_on=long_ago, letter_due_on=long_ago,
        solved_on=solved_on, cause="没有空房", responsible_body="居委会", responsible_person="某",
        planned_on=long_ago, explained_on=long_ago,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


def file(tenant: Tenant, name: str, *, ago: int, **of: UUID) -> UUID:
    row = PremisesFile(
        street_code=tenant.town.street_code, kind="room" if "premises_id" in of else "letter",
        digest=name, arrived_at=clock.now() - timedelta(days=ago), by_name="某",
        is_photo=True, content=b"jpeg", thumb=b"jpeg", **of,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


def test_photos_of_reports_go_a_year_after_the_answer(app: Flask, tenant: Tenant) -> None:
    most = DAYS[Kept.ROOM_REPORT_PHOTO]
    with app.app_context(), as_scope(tenant.scope):
        over = report(tenant, "no_room", ago=most + 2)
        kept = [report(tenant, "no_room", ago=most - 1), report(tenant, "no_room", ago=None)]
        db.session.commit()
    with app.app_context():
        assert run(Kept.ROOM_REPORT_PHOTO, dry=True).ids[tenant.code] == [str(over)]
        assert run(Kept.ROOM_REPORT_PHOTO).ids[tenant.code] == [str(over)]
        assert tenant.code not in run(Kept.ROOM_REPORT_PHOTO).ids
    with app.app_context(), as_scope(tenant.scope):
        query = select(PremisesReport.id).where(PremisesReport.photo.is_not(None))
        assert set(db.session.scalars(query)) == set(kept)


def test_files_of_ended_issues_and_replaced_photos_go(app: Flask, tenant: Tenant) -> None:
    most, street = DAYS[Kept.ROOM_PHOTO], tenant.town.street_code
    old = clock.today() - timedelta(days=most + 2)
    with app.app_context(), as_office(street):
        room = Premises(street_code=street, community_code=tenant.town.communities[0])
        db.session.add(room)
        db.session.flush()
        solved = issue(tenant, "no_room", "solved", old)
        lately = issue(tenant, "no_room", "solved", clock.today())
        live = issue(tenant, "no_room", "explained", None)
        over = {
            file(tenant, "solved", ago=2000, issue_id=solved),
            file(tenant, "replaced", ago=2000, premises_id=room.id),
        }
        kept = {
            file(tenant, "lately", ago=2000, issue_id=lately),
            file(tenant, "live", ago=2000, issue_id=live),
            file(tenant, "newest", ago=1900, premises_id=room.id),
        }
        db.session.commit()
    with app.app_context():
        assert set(run(Kept.ROOM_PHOTO, dry=True).ids[street]) == set(map(str, over))
        assert run(Kept.ROOM_PHOTO).done >= len(over)
        assert street not in run(Kept.ROOM_PHOTO).ids
        with as_office(street):
            assert set(db.session.scalars(select(PremisesFile.id))) == kept
        with as_platform():
            noted = select(func.count()).where(
                AccountEvent.act == "retention_sweep",
                AccountEvent.key == street,
                AccountEvent.detail["what"].astext == Kept.ROOM_PHOTO.value,
            )
            assert db.session.scalar(noted) == 1
