"""A receiver's certificate: the host's whose address was judged, and vouched for."""

import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from counselhub.hooks import posting
from counselhub.hooks.kinds import Fault
from tests.hooks.receiver import receiving
from tests.tls import certified

HOST = "events.example.test"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the host's name lead to this machine."""
    usual = socket.getaddrinfo

    def lookup(host: str, *rest: object, **options: object) -> object:
        return usual("127.0.0.1" if host == HOST else host, *rest, **options)  # type: ignore[call-overload]  # passed on as it came

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


@pytest.mark.parametrize(
    ("names", "over", "is_known", "status", "fault"),
    [
        pytest.param([HOST], None, True, 204, None, id="the host's own"),
        pytest.param(["other.example.test"], None, True, None, Fault.CERTIFICATE, id="another's"),
        pytest.param(["127.0.0.1"], None, True, None, Fault.CERTIFICATE, id="the address's"),
        pytest.param([HOST], None, False, None, Fault.CERTIFICATE, id="of an unknown authority"),
        pytest.param([HOST], DAY, True, None, Fault.CERTIFICATE, id="run out"),
    ],
)
def test_only_the_hosts_certificate_will_do(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    over: timedelta | None,
    is_known: bool,
    status: int | None,
    fault: Fault | None,
) -> None:
    context, authority = certified(tmp_path, names, over=over)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    monkeypatch.setattr(posting, "_trust", posting._trust.__wrapped__)
    with receiving(context) as receiver:
        port = urlsplit(receiver.base).port
        outcome = posting.post(f"https://{HOST}:{port}/events", b"{}", {}, inside=True)
    assert (outcome.status, outcome.fault) == (status, fault)
    assert len(receiver.arrived) == (1 if status else 0)


def test_a_receiver_that_speaks_no_tls_is_told_as_one_that_refuses() -> None:
    with receiving() as receiver:
        port = urlsplit(receiver.base).port
        outcome = posting.post(f"https://{HOST}:{port}/events", b"{}", {}, inside=True)
    assert (outcome.status, outcome.fault, receiver.arrived) == (None, Fault.REFUSED, [])
