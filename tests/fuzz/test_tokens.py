"""Forged and worn-out cookies, tokens and links; files that mean harm."""

import warnings
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from counselhub import create_app
from counselhub.core import clock
from counselhub.core.postgres import DatabaseUrls
from tests import factories
from tests import world as worlds
from tests.fuzz.judge import Judge, judging
from tests.workbook.books import book
from tests.world import World

HEADER = ["姓名", "执业证号", "人员类别"]
LAWYERS = book({"律师": [HEADER, ["张", "A1", "律师"]]})


@pytest.fixture(scope="module")
def here(app: Flask) -> World:
    """Two firms with one of everything."""
    return worlds.make(app)


@pytest.fixture
def judge(here: World, caplog: pytest.LogCaptureFixture) -> Iterator[Judge]:
    with judging(here, caplog) as made:
        yield made


def serializer(app: Flask, key: str | None = None) -> URLSafeTimedSerializer:
    """Return what signs the session's cookie, with our key or a guessed one."""
    if key is not None:
        app = Flask("forger")
        app.secret_key = key
    made = SecureCookieSessionInterface().get_signing_serializer(app)
    assert made is not None
    return made


def test_a_forged_cookie_is_nobody(app: Flask, here: World, judge: Judge) -> None:
    person = next(iter(here.clients["manager"]._cookies.values())).value
    forged = [
        serializer(app, key).dumps({"_user_id": str(uuid4()), "_fresh": True})
        for key in ("", "secret", "dev", "changeme", "counselhub", "a" * 32)
        if key
    ]
    head, _dot, rest = person.partition(".")
    forged += [person[:-2], head + "." + rest[::-1], "." + person, head, "", "=", "a.b.c", "\x7f"]
    forged += [person + "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbb", "x" * 4_000, "é"]
    for value in forged:
        client = app.test_client()
        client.set_cookie("session", value)
        for method, path in (("GET", "/people"), ("POST", "/people"), ("GET", "/sign-in")):
            answer = judge.judge(client.open(path, method=method), "zh-CN", value[:80])
            assert answer.status_code == (200 if path == "/sign-in" else 303)
    assert judge.done == 0


@pytest.mark.parametrize(
    "content",
    [
        {"_user_id": "not an id"},
        {"_user_id": ""},
        {"_user_id": 7},
        {"_user_id": None},
        {"_user_id": ["x"]},
        {"_user_id": {"$ne": None}},
        {"_user_id": "0190a000-0000-7000-8000-000000000000"},
        {"_user_id": "00000000-0000-0000-0000-000000000000", "membership": "x"},
        {"locale": ["en"]},
        {"locale": {"x": 1}},
        {"locale": "../../etc"},
        {"_flashes": [["danger", "<zq1>"]]},
        {"csrf_token": 5},
        {},
    ],
    ids=str,
)
def test_a_cookie_of_an_older_release_is_no_fault(
    app: Flask, judge: Judge, content: dict[str, object]
) -> None:
    """Rightly signed, yet of a shape that this release does not write."""
    client = app.test_client()
    client.set_cookie("session", serializer(app).dumps(content))
    for path in ("/people", "/sign-in", "/", "/nowhere"):
        answer = judge.judge(client.get(path), "zh-CN", content)
        assert answer.status_code in (200, 303, 404)


def test_another_key_ends_every_session(
    urls: DatabaseUrls, here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNSELHUB_SECRET_KEY", "another key, quite another one, of 32 bytes")
    client = create_app(urls).test_client()
    for cookie in here.clients["manager"]._cookies.values():
        client.set_cookie(cookie.key, cookie.value)
    assert client.get("/people").status_code == 303


def test_a_link_is_good_once_and_for_some_days(app: Flask, here: World, judge: Judge) -> None:
    used, late = here.link(), here.link()
    judge.watch.taken()
    new = {"password": "Neu-Geheim-2026", "again": "Neu-Geheim-2026"}
    first = app.test_client().post(f"/welcome/{used}", data=new)
    assert first.status_code < 500
    judge.watch.taken()
    spent = app.test_client()
    if first.status_code == 303:
        for method in ("GET", "POST"):
            answer = judge.judge(spent.open(f"/welcome/{used}", method=method, data=new), "zh-CN")
            assert answer.status_code == 410
    with clock.frozen(clock.now() + timedelta(days=8)):
        answer = judge.judge(spent.post(f"/welcome/{late}", data=new), "zh-CN")
    assert answer.status_code == 410
    for bent in (late[:-1], late + "=", late.swapcase(), late[::-1], "'" + late):
        answer = judge.judge(spent.get(f"/welcome/{bent}"), "zh-CN")
        assert answer.status_code == 410
    assert judge.done == 0


def files() -> Iterator[tuple[str, bytes]]:
    """Yield uploads that no spreadsheet program makes."""
    for name in (
        "",
        "x",
        "x.xlsx.exe",
        "../../x.xlsx",
        "x.xls",
        "x.xlsm",
        "x\x00.xlsx",
        "长" * 300,
    ):
        yield name, LAWYERS
    for name in ("con.xlsx", "x.xlsx", "\u202exslx.xlsx", "a\r\nb.xlsx", "<zq1>.xlsx", "=1+1.xlsx"):
        yield name, b"PK\x03\x04" + b"\x00" * 100
    yield (
        "bomb.xlsx",
        packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(2**25)}),
    )
    yield "nested.xlsx", packed({"xl/workbook.xml": packed({"x": bytes(2**22)})})
    yield "parts.xlsx", packed({f"xl/worksheets/sheet{n}.xml": b"x" for n in range(2_500)})
    yield "way-out.xlsx", packed({"../../../tmp/zq1": b"x", "xl/workbook.xml": b"<x/>"})
    yield "macro.xlsx", packed({"xl/vbaProject.bin": b"x", "xl/workbook.xml": b"<x/>"})
    yield "entity.xlsx", packed({"xl/workbook.xml": ENTITY, "[Content_Types].xml": b"<x/>"})
    yield "half.xlsx", LAWYERS[: len(LAWYERS) // 2]
    for cut in range(0, len(LAWYERS), len(LAWYERS) // 12):
        yield "bent.xlsx", LAWYERS[:cut] + bytes([LAWYERS[cut] ^ 0xFF]) + LAWYERS[cut + 1 :]
    for start in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7", b"\x89PNG", b"MZ", b"<html>"):
        yield "renamed.xlsx", start + b"x" * 600


ENTITY = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'">]><x>' + b"&a;" * 1000 + b"</x>"


def packed(parts: dict[str, bytes]) -> bytes:
    data = BytesIO()
    with warnings.catch_warnings(), ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_every_file(here: World, judge: Judge) -> None:
    """Uploads are refused in a sentence, or tried; nothing is imported, nothing breaks."""
    for name, data in files():
        answer = judge.fire(
            "manager", "POST", "/workbook/trials", data={"file": (BytesIO(data), name)}
        )
        assert answer.status_code in (303, 400, 422), name
        if answer.status_code == 303:
            page = judge.fire("manager", "GET", answer.location)
            assert page.status_code == 200
    assert judge.done == 0
    assert judge.refused > 15


def test_a_client_of_nobody_may_sign_in_again(app: Flask, here: World) -> None:
    """After all that, the right password still opens the right door."""
    email = factories.account(app, here.home.scope, factories.Role.MANAGER)
    client = app.test_client()
    given = {"email": email, "password": factories.PASSWORD}
    assert client.post("/sign-in", data=given).status_code == 303
    assert client.get("/people").status_code == 200
