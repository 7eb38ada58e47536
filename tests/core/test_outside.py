"""Another service is asked within limits; what it does wrong once harms no later question."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from urllib3.exceptions import HTTPError

from counselhub.core.outside import Answer, Service
from tests.serving import NOWHERE, serving

MOST = 1000
SHORT = b"short"


class Handler(BaseHTTPRequestHandler):
    """Answers with as many bytes as are asked for, keeps connections, leads elsewhere on demand."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        data = b"x" * int(self.path[1:]) if self.path[1:].isdecimal() else SHORT
        self.send_response(302 if self.path == "/moved" else 200)
        if self.path == "/moved":
            self.send_header("Location", NOWHERE)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Handler) as found:
        yield found


@pytest.fixture
def service() -> Service:
    return Service(read_seconds=5, most_bytes=MOST, connections=1)


@pytest.mark.parametrize(("many", "kept"), [(MOST, b"x" * MOST), (MOST + 1, None)])
def test_an_answer_is_read_up_to_its_bound(
    service: Service, address: str, many: int, kept: bytes | None
) -> None:
    assert service.ask("GET", f"{address}/{many}").raw == kept


def test_the_rest_of_a_long_answer_is_no_part_of_the_next(service: Service, address: str) -> None:
    assert service.ask("GET", f"{address}/{MOST * 1000}").raw is None
    assert service.ask("GET", f"{address}/").raw == SHORT


def test_no_redirect_is_followed(service: Service, address: str) -> None:
    found: Answer = service.ask("GET", f"{address}/moved")
    assert found.status == 302
    assert found.headers["Location"] == NOWHERE


def test_nobody_there_is_an_error(service: Service) -> None:
    with pytest.raises(HTTPError):
        service.ask("GET", NOWHERE)
