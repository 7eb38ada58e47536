"""Mail over TLS, and with a password."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from counselhub.notices.kinds import DeliveryState
from tests.notices.conftest import Reader, states
from tests.notices.server import Post, running
from tests.tls import certified

S = DeliveryState


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for 127.0.0.1, and the file of who vouches for it."""
    return certified(tmp_path, ["127.0.0.1"])


@pytest.mark.parametrize(
    ("login", "is_known", "outcome"),
    [
        pytest.param("sender:p%3Aw%2Fd%20%401", True, (S.SENT, ""), id="signed in over TLS"),
        pytest.param("sender:wrong", True, (S.WAITING, "smtp_535"), id="a wrong password"),
        pytest.param("sender:p%3Aw%2Fd%20%401", False, (S.WAITING, "tls"), id="an unknown server"),
    ],
)
def test_passwords_go_over_tls_to_a_known_server_only(
    app: Flask,
    reader: Reader,
    post: Post,
    send: Callable[[], int],
    certificate: tuple[ssl.SSLContext, Path],
    monkeypatch: pytest.MonkeyPatch,
    login: str,
    is_known: bool,
    outcome: tuple[DeliveryState, str],
) -> None:
    context, public = certificate
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with running(post, context) as port:
        app.config["SMTP_URL"] = f"smtp://{login}@127.0.0.1:{port}"
        reader.told()
        send()
    ((state, _tries, problem),) = states(reader)
    assert (state, problem) == outcome
    assert all(post.secure)
