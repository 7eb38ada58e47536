"""A mail server on this machine, which says what a test wants it to say."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

OK = "250 OK"
PASSWORD = LoginPassword(b"sender", b"p:w/d @1")


@dataclass
class Post:
    """What arrived, and how the server answers. hangs: it takes the letter and says no more."""

    recipient: str = OK
    data: str = OK
    drops: bool = False
    hangs: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    arrived: Event = field(default_factory=Event)

    async def handle_RCPT(  # noqa: N802  # the library's names
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.recipient == OK:
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the library's name
        if self.drops:
            server.transport.abort()
            return OK
        if self.data == OK:
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            self.letters.append(parsed)
            self.secure.append(session.ssl is not None)
            self.arrived.set()
        if self.hangs:
            await server.loop.create_future()
        return self.data

    def numbers(self) -> list[str]:
        """The Message-ID of each letter that was taken, in order."""
        return [str(one["Message-ID"]) for one in self.letters]


def _sign_in(_server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
    is_right = mechanism in ("PLAIN", "LOGIN") and data == PASSWORD
    return AuthResult(success=is_right, handled=is_right)  # the library answers a wrong one


def free_port() -> int:
    """Return a port where nobody answers at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(post: Post, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve on 127.0.0.1, with `tls` only after STARTTLS and sign-in; yield the port."""
    port = free_port()
    secured = {"tls_context": tls, "require_starttls": True, "auth_required": True}
    serving = Controller(
        post,
        hostname="127.0.0.1",
        port=port,
        authenticator=_sign_in,
        **(secured if tls else {}),
    )
    serving.start()
    try:
        yield port
    finally:
        serving.stop(no_assert=True)
