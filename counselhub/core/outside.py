"""Ask another service by HTTP: no redirects, within a time, an answer of bounded length."""

from collections.abc import Mapping
from dataclasses import dataclass

import urllib3

CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said. raw: None when it is longer than agreed."""

    status: int
    headers: Mapping[str, str]
    raw: bytes | None


class Service:
    """Connections to one service, kept open; whoever asks decides whether to ask again."""

    def __init__(self, *, read_seconds: float, most_bytes: int, connections: int = 4) -> None:
        """read_seconds: how long it may stay silent. most_bytes: of one answer."""
        limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
        self._pool = urllib3.PoolManager(retries=False, timeout=limits, maxsize=connections)
        self._most = most_bytes

    def ask(
        self,
        method: str,
        address: str,
        *,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and return the answer. Raises urllib3's HTTPError when none comes."""
        found = self._pool.request(
            method, address, body=body, headers=headers, redirect=False, preload_content=False
        )
        try:
            raw = found.read(self._most + 1)
        finally:
            found.release_conn()
        return Answer(found.status, found.headers, raw if len(raw) <= self._most else None)
