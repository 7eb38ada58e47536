"""Hands one letter to the mail server. A fault is told as a code, for a server's words may name us.

Passwords and letters go over TLS alone, but to this machine.
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app

from counselhub.notices.channels import NotNowError, RefusedError

SECONDS = 30
"""How long the server may take for one step; a letter has five of them."""
PORTS = {"smtp": 587, "smtps": 465}
PERMANENT = 500
"""Replies from here on: the server will not change its mind."""
OWN = ("localhost", "127.0.0.1")


class BouncedError(RefusedError):
    """The address takes no mail, whatever the letter."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in. is_tls: from the first byte, else by STARTTLS."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str = field(repr=False)


def server_of(url: str) -> Server:
    """Return the server of SMTP_URL, which `core.config` has checked."""
    parts = urlsplit(url)
    return Server(
        host=parts.hostname or "",
        port=parts.port or PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def post(letter: EmailMessage) -> None:
    """Hand a letter to the server. Raises BouncedError, RefusedError, NotNowError."""
    try:
        with _opened(server_of(current_app.config["SMTP_URL"])) as connection:
            connection.send_message(letter)
    except (smtplib.SMTPException, OSError) as fault:
        raise _told(fault) from fault


def _told(fault: Exception) -> Exception:
    """Return what a fault means: for this letter, for its address, or for all letters."""
    match fault:
        case smtplib.SMTPRecipientsRefused():
            code = max(code for code, _words in fault.recipients.values())
            told = f"smtp_{code}"
            return BouncedError(told) if code >= PERMANENT else NotNowError(told)
        case smtplib.SMTPDataError():
            told = f"smtp_{fault.smtp_code}"
            return RefusedError(told) if fault.smtp_code >= PERMANENT else NotNowError(told)
        case smtplib.SMTPResponseException():  # greeting, sign-in, sender: of any letter
            return NotNowError(f"smtp_{fault.smtp_code}", is_whole=True)
        case smtplib.SMTPNotSupportedError():
            return NotNowError("not_supported", is_whole=True)
        case ssl.SSLError():
            return NotNowError("tls", is_whole=True)
        case _:
            return NotNowError("connection", is_whole=True)


def _opened(server: Server) -> smtplib.SMTP:
    """Return a connection that is encrypted and signed in."""
    context = ssl.create_default_context()
    if server.is_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        connection.ehlo_or_helo_if_needed()
        if not server.is_tls and not _is_own(server, connection):
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        with suppress(smtplib.SMTPException, OSError):
            connection.close()
        raise
    return connection


def _is_own(server: Server, connection: smtplib.SMTP) -> bool:
    """Tell whether the server is on this machine and offers no TLS."""
    return server.host in OWN and not connection.has_extn("starttls")
