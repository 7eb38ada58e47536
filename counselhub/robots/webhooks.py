"""Webhook addresses: pure. Of what is typed only the token is kept; hosts are never the reader's.

What is asked is the vendor's own host with the token put in, so no typed address is ever gone to.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from counselhub.robots.kinds import Vendor

PATHS = {Vendor.DINGTALK: "/robot/send", Vendor.WECOM: "/cgi-bin/webhook/send"}
TOKEN_NAMES = {Vendor.DINGTALK: "access_token", Vendor.WECOM: "key"}
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,128}")
SECRET = re.compile(r"[\x21-\x7e]{8,128}")
LONGEST_ADDRESS = 500

Bases = Mapping[Vendor, str]
"""Where each vendor answers: scheme and host, without a slash at the end."""


class WebhookError(ValueError):
    """What was typed is no webhook of this vendor. of: whose it is, None for nobody's."""

    def __init__(self, of: Vendor | None = None) -> None:
        super().__init__("no webhook of this vendor")
        self.of = of


@dataclass(frozen=True, slots=True)
class Webhook:
    """What opens a group: whoever has it may write there. secret: '' for one that is not signed."""

    vendor: Vendor
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)


def token_of(vendor: Vendor, typed: str, bases: Bases) -> str:
    """Return the token of the address that a vendor's own page gives. Raises WebhookError."""
    for one in Vendor:
        if (token := _token(one, typed, bases[one])) is not None:
            if one is not vendor:
                raise WebhookError(one)
            return token
    raise WebhookError


def _token(vendor: Vendor, typed: str, base: str) -> str | None:
    if len(typed) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(typed.strip())
        given = parse_qsl(parts.query, strict_parsing=True, max_num_fields=4)
    except ValueError:
        return None
    own = urlsplit(base)
    is_own = (parts.scheme, parts.netloc, parts.path) == (own.scheme, own.netloc, PATHS[vendor])
    tokens = [value for name, value in given if name == TOKEN_NAMES[vendor]]
    if not is_own or len(tokens) != 1 or not TOKEN.fullmatch(tokens[0]):
        return None
    return tokens[0]


def signature(secret: str, millis: int) -> str:
    """Return DingTalk's 加签 of a moment (ms since 1970), before it is written into an address."""
    signed = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), sha256).digest()
    return base64.b64encode(signed).decode()


def address(webhook: Webhook, bases: Bases, millis: int) -> str:
    """Return where a message is sent to. millis: now; an hour off, and DingTalk refuses it."""
    query = {TOKEN_NAMES[webhook.vendor]: webhook.token}
    if webhook.secret and webhook.vendor is Vendor.DINGTALK:
        query |= {"timestamp": str(millis), "sign": signature(webhook.secret, millis)}
    return f"{bases[webhook.vendor]}{PATHS[webhook.vendor]}?{urlencode(query)}"
