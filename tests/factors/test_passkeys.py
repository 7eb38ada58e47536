"""Answers of passkeys that are none: malformed, of another place, used, too old."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from webauthn.helpers import bytes_to_base64url

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.factories import Tenant
from tests.factors.people import Guarded, guarded, sign_in

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)
PARTS = st.sampled_from(["", "AA", "!!", "e30", "A" * 400, None, 7, {}, []])


@pytest.fixture
def client(app: Flask, tenant: Tenant) -> FlaskClient:
    return sign_in(app, factories.account(app, tenant.scope, Role.CLERK))


@pytest.fixture
def clerk(app: Flask, tenant: Tenant) -> Guarded:
    return guarded(app, tenant.scope)


def told(challenge: str, origin: str, kind: str) -> str:
    """What a browser says of itself, as base64url."""
    data = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": origin}
    return bytes_to_base64url(json.dumps(data).encode())


def answer_to(options: Any, origin: str = "http://localhost", kind: str = "create") -> str:
    """An answer of the right shape whose signature is worth nothing."""
    response = {
        "clientDataJSON": told(options["challenge"], origin, kind),
        "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVgA",
        "authenticatorData": "AA",
        "signature": "AA",
    }
    return json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": response})


def test_options_ask_for_this_host_and_a_fresh_challenge(client: FlaskClient) -> None:
    first, second = (client.post("/factors/passkeys/options").json for _time in range(2))
    assert first is not None
    assert second is not None
    assert first["rp"]["id"] == "localhost"
    assert first["challenge"] != second["challenge"]
    headers = client.get("/factors").headers["Permissions-Policy"]
    assert "publickey-credentials-create=(self)" in headers
    assert "publickey-credentials-get=(self)" in headers


def test_a_challenge_is_spent_by_a_wrong_answer(client: FlaskClient) -> None:
    options = client.post("/factors/passkeys/options").json
    given = {"name": "钥匙", "answer": answer_to(options)}
    first = client.post("/factors/passkeys", data=given)
    assert first.status_code == 422
    assert "没有生成有效的通行密钥" in first.text
    assert "钥匙" in first.text
    assert "已经过期或用过了" in client.post("/factors/passkeys", data=given).text


def test_a_challenge_counts_for_five_minutes(client: FlaskClient) -> None:
    given = {"name": "钥匙", "answer": answer_to(client.post("/factors/passkeys/options").json)}
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=5, seconds=1)):
        assert "已经过期或用过了" in client.post("/factors/passkeys", data=given).text


def test_a_challenge_of_another_is_none(app: Flask, tenant: Tenant, client: FlaskClient) -> None:
    other = sign_in(app, factories.account(app, tenant.scope, Role.CLERK))
    given = {"name": "钥匙", "answer": answer_to(client.post("/factors/passkeys/options").json)}
    assert "已经过期或用过了" in other.post("/factors/passkeys", data=given).text


def test_a_challenge_of_another_purpose_is_none(client: FlaskClient) -> None:
    given = {"answer": answer_to(client.post("/factors/passkeys/options").json, kind="get")}
    assert client.post("/sign-in/passkey", data=given).location == "/sign-in"
    assert "已经过期或用过了" in client.get("/sign-in").text


def test_an_unknown_passkey_is_told_so(app: Flask) -> None:
    client = app.test_client()
    given = {"answer": answer_to(client.post("/sign-in/passkey/options").json, kind="get")}
    assert client.post("/sign-in/passkey", data=given).location == "/sign-in"
    assert "没有在您的账号下登记" in client.get("/sign-in").text


def test_who_has_no_passkey_is_asked_for_none(clerk: Guarded) -> None:
    refused = clerk.password().post("/sign-in/second/options")
    assert refused.status_code == 404
    assert refused.json == {"say": "在这个网址上没有登记过通行密钥。"}


def test_another_persons_passkey_is_not_found(client: FlaskClient) -> None:
    path = "/factors/passkeys/018f0000-0000-7000-8000-000000000000/removal"
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@given(
    sent=st.one_of(
        st.text(st.characters(exclude_characters="\0"), max_size=60),  # NUL: every form refuses it
        JSON.map(json.dumps),
        st.fixed_dictionaries(
            {
                "id": PARTS,
                "rawId": PARTS,
                "type": st.sampled_from(["public-key", "x", None]),
                "response": st.fixed_dictionaries(
                    {
                        "clientDataJSON": PARTS,
                        "attestationObject": PARTS,
                        "authenticatorData": PARTS,
                        "signature": PARTS,
                        "userHandle": PARTS,
                    }
                ),
            }
        ).map(json.dumps),
        st.just("[" * 15_000),
        st.just("{" + " " * 30_000),
    )
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_malformed_answers_end_in_a_sentence(client: FlaskClient, sent: str) -> None:
    answer = client.post("/factors/passkeys", data={"name": "钥匙", "answer": sent})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    with client.application.test_client() as stranger:
        assert stranger.post("/sign-in/passkey", data={"answer": sent}).location == "/sign-in"


@given(part=st.sampled_from(["attestationObject", "clientDataJSON", "id"]), bytes_=st.binary())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_broken_bytes_with_a_live_challenge_end_in_a_sentence(
    client: FlaskClient, part: str, bytes_: bytes
) -> None:
    sent = json.loads(answer_to(client.post("/factors/passkeys/options").json))
    holder = sent if part == "id" else sent["response"]
    holder[part] = bytes_to_base64url(bytes_)
    answer = client.post("/factors/passkeys", data={"name": "钥匙", "answer": json.dumps(sent)})
    assert answer.status_code == 422
    assert "field-error" in answer.text
