"""A firm signs up: what is asked, what comes of it, and what a stranger is never told."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from stdnum.cn import uscc

from counselhub.core import clock, sender
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.sender import WaitingLink
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.joining import rules, texts
from counselhub.joining.kinds import Text
from counselhub.joining.models import Acceptance, SignUp
from counselhub.people.models import Firm
from tests import counting, factories
from tests.factories import PASSWORD

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SAME = ["credit_code", "licence_number", "firm_name", "email"]
"""What a firm has to itself."""


def code_of(number: int) -> str:
    """A law firm's credit code, right to its check character."""
    stem = f"31440000MD{number:07d}"
    return stem + str(uscc.calc_check_digit(stem))


def form(**more: str) -> dict[str, str]:
    number = factories.number()
    return {
        "firm_name": f"广东某测{number}律师事务所",
        "credit_code": code_of(number),
        "licence_number": code_of(number),
        "contact_name": "林某某",
        "email": f"join-{number}@example.test",
        "phone": "13800000000",
        "terms": "y",
        "data": "y",
        **more,
    }


def link_for(app: Flask, sent: dict[str, str]) -> str:
    """Show the link that waits for a firm, as the operator does."""
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    page = operator.get("/console/links").text
    row = page.partition(sent["firm_name"])[2]
    path = re.search(r"/console/links/[0-9a-f-]+/showing", row)
    assert path
    shown = operator.post(path[0]).text
    assert sent["email"] in shown
    link = re.search(r"/welcome/[\w-]+", shown)
    assert link
    return link[0]


def count(app: Flask, model: type[Any], *conditions: Any) -> int:
    with app.app_context(), as_platform():
        return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_a_firm_signs_up_and_its_manager_comes_in(app: Flask) -> None:
    sent = form()
    answer = app.test_client().post("/join", data=sent)
    assert (answer.status_code, answer.location) == (303, "/join/received")
    client = app.test_client()
    client.post(link_for(app, sent), data={"password": PASSWORD, "again": PASSWORD})
    page = client.get("/accepted-terms").text
    assert texts.current(Text.TERMS) in page
    assert texts.digest(Text.DATA, texts.current(Text.DATA))[:16] in page
    assert "林某某" in page
    with app.app_context(), as_platform():
        firm = db.session.scalars(select(Firm).filter_by(credit_code=sent["credit_code"])).one()
        assert firm.trial_ends_on is not None
        assert (firm.trial_ends_on - clock.today()).days == 30


@pytest.mark.parametrize("same", SAME)
def test_a_stranger_never_learns_who_is_known(app: Flask, same: str) -> None:
    known = form()
    assert app.test_client().post("/join", data=known).status_code == 303
    firms, links = count(app, Firm), count(app, WaitingLink)
    again = form(**{same: known[same]})
    answer = app.test_client().post("/join", data=again)
    assert (answer.status_code, answer.location) == (303, "/join/received")
    assert (count(app, Firm), count(app, WaitingLink)) == (firms, links)
    said = "known_person" if same == "email" else "known_firm"
    assert count(app, SignUp, SignUp.outcome == said, SignUp.firm_name == again["firm_name"]) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("credit_code", code_of(1)[:-1] + "?", id="no check character"),
        pytest.param("credit_code", "91110000600037341L", id="a company's code"),
        pytest.param("licence_number", "1440320111012345", id="no licence"),
        pytest.param("email", "nobody", id="no address"),
        pytest.param("phone", "12345", id="no phone"),
        pytest.param("terms", "", id="terms refused"),
        pytest.param("data", "", id="data agreement refused"),
        pytest.param("firm_name", "", id="no name"),
    ],
)
def test_what_is_wrong_comes_back(app: Flask, field: str, value: str) -> None:
    before = count(app, SignUp)
    answer = app.test_client().post("/join", data=form(**{field: value}))
    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    assert count(app, SignUp) == before


@pytest.mark.parametrize("same", [SAME, *([one] for one in SAME)], ids="+".join)
def test_of_two_at_once_the_first_is_opened_and_both_hear_the_same(
    app: Flask, same: list[str]
) -> None:
    first = form()
    second = form(**{name: first[name] for name in same})
    firms, start = count(app, Firm), Barrier(2)

    def send(sent: dict[str, str]) -> tuple[int, str]:
        client = app.test_client()
        start.wait()
        answer = client.post("/join", data=sent)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, (first, second))) == [(303, "/join/received")] * 2
    assert count(app, Firm) == firms + 1
    entries = SignUp.firm_name.in_([first["firm_name"], second["firm_name"]])
    assert count(app, SignUp, entries, SignUp.outcome == "made") == 1
    assert count(app, SignUp, entries, SignUp.outcome != "made") == 1


def test_what_waits_is_sealed(app: Flask) -> None:
    sent = form()
    app.test_client().post("/join", data=sent)
    with app.app_context(), as_platform():
        rows = list(db.session.scalars(select(WaitingLink))) + list(
            db.session.scalars(select(SignUp))
        )
        told = [str(getattr(one, c.name)) for one in rows for c in one.__table__.c]
    assert told
    for secret in (sent["email"], sent["phone"], "/welcome/"):
        assert not any(secret in one for one in told)


def test_a_dead_link_is_not_shown(app: Flask) -> None:
    app.test_client().post("/join", data=form())
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    with app.app_context(), as_platform():
        row = db.session.scalars(sender.waiting()).first()
        assert row is not None
        row_id, row.expires_at = row.id, clock.now()
        db.session.commit()
    assert operator.post(f"/console/links/{row_id}/showing").status_code == 404


def test_links_and_contacts_follow_a_change_of_keys(app: Flask) -> None:
    from counselhub.core.sealing import KeyRing, new_key, parse
    from counselhub.joining import resealing

    app.test_client().post("/join", data=form())
    with app.app_context():
        old: KeyRing = app.extensions["data_keys"]
        fresh = parse(new_key("later"))
        both = KeyRing({**fresh.keys, **old.keys})
        app.extensions["data_keys"] = both
        try:
            assert sender.reseal(both)[0] >= 1
            assert resealing.reseal(both)[0] >= 1
            back = KeyRing({**old.keys, **fresh.keys})
            assert sender.reseal(back)[1] == set()
            assert resealing.reseal(back)[1] == set()
        finally:
            app.extensions["data_keys"] = old


def test_the_operator_reads_of_it(app: Flask) -> None:
    sent = form()
    app.test_client().post("/join", data=sent)
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    with counting.statements() as asked:
        page = operator.get(f"/console/sign-ups?q={sent['credit_code']}&outcome=made").text
    assert len(asked) <= 8
    assert sent["phone"] in page
    assert "还没有律所" not in operator.get("/console/sign-ups?q=无此律所").text


def test_a_firm_made_by_command_accepts_later(app: Flask, as_manager: FlaskClient) -> None:
    assert "还没有同意记录" in as_manager.get("/accepted-terms").text
    before = count(app, Acceptance)
    assert as_manager.post("/accepted-terms").status_code == 303
    assert as_manager.post("/accepted-terms").status_code == 303
    assert count(app, Acceptance) == before + len(Text)
    assert "还没有同意记录" not in as_manager.get("/accepted-terms").text


def test_only_a_manager_keeps_the_firm(as_adviser: FlaskClient, as_checker: FlaskClient) -> None:
    for client in (as_adviser, as_checker):
        assert client.get("/accepted-terms").status_code == 403
        assert client.post("/accepted-terms").status_code == 403
        assert client.get("/console/links").status_code == 403


@pytest.mark.parametrize("address", ["/terms", "/data-processing"])
def test_the_texts_are_public_in_both_languages(app: Flask, address: str) -> None:
    client = app.test_client()
    chinese = client.get(address).text
    client.post("/language", data={"language": "en"})
    assert "SHA-256" in chinese
    assert client.get(address).text != chinese
    assert client.get(f"{address}?version=2020-01-01").status_code == 404


@given(st.text(LETTERS, min_size=9, max_size=9), st.text("0123456789", min_size=6, max_size=6))
def test_one_wrong_letter_is_always_found(organisation: str, region: str) -> None:
    stem = f"31{region}{organisation}"
    code = stem + str(uscc.calc_check_digit(stem))
    assert rules.credit_code(code.lower()) == code
    for place in range(2, 18):
        for letter in "0123456789" if place < 8 else LETTERS:
            wrong = code[:place] + letter + code[place + 1 :]
            assert letter == code[place] or rules.credit_code(wrong) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("24403201110123456", "24403201110123456", id="seventeen digits"),
        pytest.param(" 24403 20111 0123456 ", "24403201110123456", id="with blanks"),
        pytest.param(code_of(7), code_of(7), id="the credit code"),
        pytest.param("14403201110123456", None, id="a lawyer's own"),
    ],
)
def test_a_licence(typed: str, kept: str | None) -> None:
    assert rules.licence_number(typed) == kept
