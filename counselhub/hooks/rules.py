"""How a body is signed, when it is sent again, and where it may be sent: pure."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST_ADDRESS = 500
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WAITS = (
    timedelta(seconds=10),
    *(count * MINUTE for count in (1, 5, 15)),
    *(count * HOUR for count in (1, 2, 4, 8, 8)),
)
"""After each failed try; ten tries within 23 hours and 21 minutes."""
TOGETHER = timedelta(hours=24)
"""For how long both secrets sign after a change."""
DEATHS = 3
"""So many deliveries given up, with none that arrived between them, pause a hook."""
SHORTEST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind NAT64: the last four bytes are the address that is reached."""
PORTS = {"https": 443, "http": 80}


class AddressError(ValueError):
    """An address that nothing is sent to; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """An address in parts; `path` with its query, `host` as the name service knows it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def shown_host(self) -> str:
        """What the Host header says."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


def target(address: str, *, inside: bool) -> Target:
    """Take an address apart.

    inside: whether http and hosts of the own network will do, as in development. Raises
    AddressError: `shape`, `https`, `login` or `inside`.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:  # UnicodeError is one
        raise AddressError("shape") from error
    if parts.scheme not in PORTS or not host or not address.isascii() or not address.isprintable():
        raise AddressError("shape")
    if " " in address or "\\" in address or parts.fragment or len(address) > LONGEST_ADDRESS:
        raise AddressError("shape")
    if "@" in parts.netloc:
        raise AddressError("login")
    if not inside and parts.scheme != "https":
        raise AddressError("https")
    if not inside and _is_inside(host):
        raise AddressError("inside")
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def _is_inside(host: str) -> bool:
    """Whether a host names the own network without asking anybody."""
    try:
        return not is_public(ip_address(host))
    except ValueError:
        # Without a dot it is a neighbour's name; digits alone are an address written oddly.
        return "." not in host or host.endswith(SUFFIXES) or host.rpartition(".")[2].isdecimal()


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is of the open network; what carries another one is judged by that."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def signature(body: bytes, at: int, secrets: Sequence[str]) -> str:
    """Return what `CounselHub-Signature` says: the time and one HMAC-SHA256 for each secret.

    at: seconds since 1970. What is signed is `<at>.<body>`; the key is the secret as it was shown.
    """
    told = str(at).encode() + b"." + body
    marks = (hmac.new(one.encode(), told, sha256).hexdigest() for one in secrets)
    return ",".join((f"t={at}", *(f"v1={mark}" for mark in marks)))


def wait_after(tries: int) -> timedelta | None:
    """Return how long to wait after so many failed tries (from 1), None to give up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def rest_after(failures: int) -> timedelta:
    """Return how long a hook rests after so many failures in a row (from 1), whatever waits."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(LONGEST_REST, SHORTEST_REST * doubled)
