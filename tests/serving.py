"""Servers of ours on this machine, each as long as its block; what answers in JSON as a vendor."""

import json
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

NOWHERE = "http://127.0.0.1:9/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # an answer that never ends holds up no test


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Let `handler` answer on a free port of 127.0.0.1, over TLS if given; give the address."""
    with _Server(("127.0.0.1", 0), handler) as server:
        if tls:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Vendor(ABC):
    """Another firm's interface; `says` is answered once each, before all that it works out."""

    address: str = ""
    says: list[tuple[int, bytes]] = field(default_factory=list)
    requests: int = 0

    def say(self, document: object, status: int = 200) -> None:
        """Let the next call be answered with this."""
        self.says.append((status, json.dumps(document).encode()))

    @abstractmethod
    def answer(self, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        """Return what its documentation says of such a call."""

    def next_answer(
        self, path: str, query: dict[str, str], body: dict[str, Any]
    ) -> tuple[int, bytes]:
        """Return status and bytes of the answer to one call."""
        self.requests += 1
        if self.says:
            return self.says.pop(0)
        return 200, json.dumps(self.answer(path, query, body)).encode()


Known = TypeVar("Known", bound=Vendor)


@contextmanager
def answering(known: Known) -> Iterator[Known]:
    """Serve a vendor's interface; a status of 3xx leads nowhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _serve(self, body: dict[str, Any]) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, data = known.next_answer(parts.path, query, body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", NOWHERE)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    with serving(Handler) as known.address:
        yield known
