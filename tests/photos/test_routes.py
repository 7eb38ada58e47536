"""Photos sent, queued, looked at, taken away; who may not."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty import evidence
from counselhub.duty.grades import Proof
from counselhub.photos import pictures, rules
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.retention import actions as retention
from counselhub.retention.kinds import Kept
from tests import factories
from tests.billing.test_read_only import let_read
from tests.duty.conftest import DAY, STATEMENT, MakeSession, load
from tests.duty.tapping import as_sent, at, ms, post
from tests.factories import Tenant
from tests.photos.cameras import picture

pytestmark = pytest.mark.usefixtures("noon")
TEN = datetime.combine(DAY, time(10))
COLOURS = ("red", "green", "blue", "white")
"""One photo more than a session takes."""


def send(client: FlaskClient, session_id: UUID, sent: bytes) -> Any:
    file = {"photo": (BytesIO(sent), "IMG_0001.JPG")}
    return client.post(f"/duty/sessions/{session_id}/photos", data=file)


def queue(client: FlaskClient, of: object, sent: bytes) -> Any:
    file = {"of": str(of), "photo": (BytesIO(sent), "photo.jpg")}
    return client.post("/duty/photos", data=file)


def photos(app: Flask, tenant: Tenant) -> list[SessionPhoto]:
    with app.app_context(), as_scope(tenant.scope):
        query = select(SessionPhoto).order_by(SessionPhoto.arrived_at, SessionPhoto.id)
        return list(db.session.scalars(query))


def test_a_photo_proves_and_is_seen_by_the_firm_and_the_street(
    app: Flask,
    tenant: Tenant,
    as_adviser: FlaskClient,
    as_checker: FlaskClient,
    make_session: MakeSession,
) -> None:
    session_id = make_session()
    assert send(as_adviser, session_id, picture(TEN)).status_code == 303
    page = as_adviser.get(f"/duty/sessions/{session_id}").text
    assert "拍摄时间在值班时段内" in page
    assert "10-08 10:00 拍摄" in page
    [photo] = photos(app, tenant)
    for client in (as_adviser, as_checker):
        for address in (f"/duty/photos/{photo.id}", f"/duty/photos/{photo.id}/thumb"):
            answer = client.get(address)
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    with app.test_request_context(), as_scope(tenant.scope):
        assert evidence.of([load(session_id)])[session_id].proofs == [Proof.PHOTO]


def test_others_neither_see_nor_touch_it(
    app: Flask,
    tenant: Tenant,
    as_adviser: FlaskClient,
    as_outsider: FlaskClient,
    make_session: MakeSession,
) -> None:
    session_id = make_session()
    send(as_adviser, session_id, picture(TEN))
    [photo] = photos(app, tenant)
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    for client in (as_outsider, colleague):
        assert client.get(f"/duty/photos/{photo.id}").status_code == 404
        assert client.post(f"/duty/photos/{photo.id}/removal").status_code == 404
    assert send(colleague, session_id, picture(TEN)).status_code == 404
    manager = factories.signed_in(app, tenant.scope, Role.MANAGER)
    assert manager.get(f"/duty/photos/{photo.id}").status_code == 200
    assert manager.post(f"/duty/photos/{photo.id}/removal").status_code == 403


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param(picture(), "照片里没有拍摄时间", id="no time"),
        pytest.param(picture(TEN + timedelta(hours=5)), "不在值班时段内", id="another time"),
    ],
)
def test_what_proves_nothing_is_kept_and_says_so(
    as_adviser: FlaskClient, make_session: MakeSession, sent: bytes, words: str
) -> None:
    session_id = make_session()
    assert send(as_adviser, session_id, sent).status_code == 303
    assert words in as_adviser.get(f"/duty/sessions/{session_id}").text


def test_the_same_picture_for_another_session_is_told(
    as_adviser: FlaskClient, make_session: MakeSession
) -> None:
    first, second = make_session(), make_session(time(7), time(8))
    sent = picture(TEN)
    for session_id in (first, first, second):
        assert send(as_adviser, session_id, sent).status_code == 303
    page = as_adviser.get(f"/duty/sessions/{second}").text
    assert "与另一次值班的照片相同" in page
    assert f"/duty/sessions/{first}" in page
    assert as_adviser.get(f"/duty/sessions/{first}").text.count("/thumb") == 1


def test_three_are_enough(as_adviser: FlaskClient, make_session: MakeSession) -> None:
    session_id = make_session()
    answers = [send(as_adviser, session_id, picture(TEN, colour=one)) for one in COLOURS]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 422]
    assert "最多 3 张照片" in answers[-1].text


def test_a_bad_file_is_refused_on_the_page(
    as_adviser: FlaskClient, make_session: MakeSession
) -> None:
    refused = send(as_adviser, make_session(), b"<html>")
    assert refused.status_code == 422
    assert "这不是 JPEG 或 PNG 照片" in refused.text


def test_a_voided_session_and_a_closed_month_take_none(
    app: Flask,
    tenant: Tenant,
    as_adviser: FlaskClient,
    make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:
    voided = make_session(time(7), time(8), status="voided")
    assert send(as_adviser, voided, picture(TEN)).status_code == 409
    session_id = make_session()
    send(as_adviser, session_id, picture(TEN))
    close_october()
    refused = send(as_adviser, session_id, picture(TEN, colour="red"))
    assert (refused.status_code, STATEMENT in refused.text) == (409, True)
    [photo] = photos(app, tenant)
    kept = as_adviser.post(f"/duty/photos/{photo.id}/removal")
    assert (kept.status_code, STATEMENT in kept.text) == (409, True)


def test_a_photo_goes_with_its_picture_and_the_act_stays(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, make_session: MakeSession
) -> None:
    session_id = make_session()
    send(as_adviser, session_id, picture(TEN))
    [photo] = photos(app, tenant)
    assert as_adviser.post(f"/duty/photos/{photo.id}/removal").status_code == 303
    assert photos(app, tenant) == []
    assert "删除照片" in as_adviser.get(f"/duty/sessions/{session_id}").text
    assert as_adviser.get(f"/duty/photos/{photo.id}").status_code == 404


def test_a_photo_of_the_queue_follows_its_tap(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient
) -> None:
    tap = as_sent(tenant)
    early = queue(as_adviser, tap["key"], picture(TEN))
    assert early.status_code == 425
    post(as_adviser, [tap])
    sent = queue(as_adviser, tap["key"], picture(TEN))
    assert (sent.status_code, sent.json["words"]) == (200, "拍摄时间在值班时段内")
    assert queue(as_adviser, tap["key"], picture(TEN)).status_code == 200  # the answer was lost
    assert len(photos(app, tenant)) == 1


def test_a_photo_of_a_tap_that_was_refused_is_given_up(
    tenant: Tenant, as_adviser: FlaskClient
) -> None:
    tap = as_sent(tenant, place=tenant.town.communities[2], tapped=ms(at(8)))
    post(as_adviser, [tap])
    refused = queue(as_adviser, tap["key"], picture(TEN))
    assert refused.status_code == 422
    assert "没有指派" in refused.json["words"]


def test_a_firm_that_only_reads_keeps_its_photos(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, make_session: MakeSession
) -> None:
    session_id = make_session()
    let_read(app, tenant, DAY)
    sent = queue(as_adviser, session_id, picture(TEN))
    let_read(app, tenant, None)
    assert (sent.status_code, len(photos(app, tenant))) == (200, 1)


def test_the_phone_lets_go_of_what_never_can_be_taken_and_of_nothing_else(
    app: Flask,
    tenant: Tenant,
    as_adviser: FlaskClient,
    make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:
    session_id, later = make_session(), make_session(time(14), time(15))
    voided = make_session(time(7), time(8), status="voided")
    stranger = factories.signed_in(app, tenant.scope, Role.ADVISER)
    answers = [
        queue(as_adviser, session_id, b"no picture"),
        queue(as_adviser, voided, picture(TEN)),
        queue(stranger, session_id, picture(TEN)),
        *(queue(as_adviser, session_id, picture(TEN, colour=one)) for one in COLOURS),
    ]
    close_october()
    answers.append(queue(as_adviser, later, picture(TEN, colour="white")))
    told = [(one.status_code, one.json["again"]) for one in answers if one.status_code != 200]
    never, not_yet = [(422, False), (409, False)], [(403, False), (422, True), (409, True)]
    assert told == never + not_yet
    assert all(one.json["words"] for one in answers)


@pytest.mark.parametrize("of", [uuid4(), "nonsense"])
def test_a_photo_of_nothing_is_not_kept(as_adviser: FlaskClient, of: object) -> None:
    assert queue(as_adviser, of, picture(TEN)).status_code in (404, 425)


def test_the_phone_knows_the_limits_of_the_server() -> None:
    page = Path("templates/photos/_queue.html").read_text()
    assert f'data-largest="{pictures.LARGEST_BYTES}"' in page
    assert f'data-most="{rules.MOST}"' in page


def test_pictures_go_in_time_and_the_grade_stays(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, make_session: MakeSession
) -> None:
    session_id = make_session()
    send(as_adviser, session_id, picture(TEN))
    sweep = retention.Sweep(Kept.PHOTO, 730, DAY + timedelta(days=1))
    with app.app_context():
        retention.sweep(sweep)
    with app.test_request_context(), as_scope(tenant.scope):
        assert db.session.scalars(select(PhotoContent)).all() == []
        assert evidence.of([load(session_id)])[session_id].proofs == [Proof.PHOTO]
    assert "图像已按期清除" in as_adviser.get(f"/duty/sessions/{session_id}").text
    [photo] = photos(app, tenant)
    assert as_adviser.get(f"/duty/photos/{photo.id}").status_code == 404
