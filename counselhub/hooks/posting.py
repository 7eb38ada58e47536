"""One POST to an address that somebody gave us: over the open network, to whom it says, and soon.

The name is resolved here and what it leads to is judged before anything is sent; the connection
goes to that very address, so that a second answer of the name service changes nothing. Redirects
are not followed, proxies of the environment not asked.
"""

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from threading import Timer

from counselhub.hooks import rules
from counselhub.hooks.kinds import Fault
from counselhub.hooks.rules import AddressError, Target

CONNECT_SECONDS = 5.0
SECONDS = 10.0
"""For all of it, from the first word of the handshake to the last of the answer."""
READ_BYTES = 2048
KEPT_LETTERS = 500
DONE, REDIRECT = range(200, 300), range(300, 400)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt went: the status, or why there is none; the first letters of the answer."""

    status: int | None
    fault: Fault | None
    milliseconds: int
    answer: str = ""


class _Pinned(HTTPConnection):
    """A connection to one address, which it may not leave for another."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.target, self.address = target, address
        self.is_over = False

    def connect(self) -> None:
        """Connect to the judged address; the certificate is the host's."""
        self.sock = socket.create_connection((self.address, self.port), CONNECT_SECONDS)
        self.sock.settimeout(SECONDS)
        if self.target.scheme == "https":
            self.sock = _trust().wrap_socket(self.sock, server_hostname=self.target.host)

    def cut(self) -> None:
        """End what takes too long, wherever it is: a slow drip never times out by itself."""
        self.is_over = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # it has just ended by itself
                return


@lru_cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(address: str, body: bytes, headers: Mapping[str, str], *, inside: bool) -> Outcome:
    """Send `body`; never raises for what the other side does or is.

    inside: whether http and addresses of the own network will do, as in development.
    """
    begun = time.monotonic()
    status, fault, answer = _posted(address, body, headers, inside=inside)
    return Outcome(status, fault, round((time.monotonic() - begun) * 1000), answer)


def _posted(
    address: str, body: bytes, headers: Mapping[str, str], *, inside: bool
) -> tuple[int | None, Fault | None, str]:
    try:
        target = rules.target(address, inside=inside)
        connection = _Pinned(target, _judged(target, inside=inside))
    except AddressError:
        return None, Fault.FORBIDDEN, ""
    except OSError:
        return None, Fault.UNKNOWN_HOST, ""
    watch = Timer(SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        return _asked(connection, body, {"Host": target.shown_host, **headers})
    except (OSError, HTTPException) as error:
        return None, _fault_of(error, is_over=connection.is_over), ""
    finally:
        watch.cancel()
        connection.close()


def _judged(target: Target, *, inside: bool) -> str:
    """Return the address that the host has now. Raises AddressError when one of them is inside."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not inside and not all(rules.is_public(ip_address(one)) for one in addresses):
        raise AddressError("inside")
    return addresses[0]


def _asked(
    connection: _Pinned, body: bytes, headers: Mapping[str, str]
) -> tuple[int | None, Fault | None, str]:
    connection.request("POST", connection.target.path, body, dict(headers))
    answer = connection.getresponse()
    told = answer.read(READ_BYTES).decode("utf-8", "replace").replace("\x00", "�")[:KEPT_LETTERS]
    if connection.is_over:
        return None, Fault.SLOW, ""
    if answer.status in DONE:
        return answer.status, None, told
    return answer.status, Fault.REDIRECT if answer.status in REDIRECT else Fault.STATUS, told


def _fault_of(error: Exception, *, is_over: bool) -> Fault:
    if is_over or isinstance(error, TimeoutError):
        return Fault.SLOW
    if isinstance(error, ssl.SSLCertVerificationError):
        return Fault.CERTIFICATE
    return Fault.REFUSED
