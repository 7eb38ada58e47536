"""The address of this request as passkeys see it."""

from flask import request
from flask_babel import gettext as _

from counselhub.core.errors import RefusedError
from counselhub.factors.rules import Party, Unavailable, party_of


def here() -> Party | Unavailable:
    """Return the party of this request, or why passkeys do not work at its address."""
    return party_of(request.scheme, request.host)


def is_available() -> bool:
    """Whether passkeys work at this address."""
    return isinstance(here(), Party)


def found() -> Party | None:
    """Return the party of this request, None where passkeys do not work."""
    party = here()
    return party if isinstance(party, Party) else None


def needed() -> Party:
    """Return the party of this request. Raises RefusedError where passkeys do not work."""
    party = here()
    if isinstance(party, Unavailable):
        raise RefusedError(why_not(party))
    return party


def why_not(reason: Unavailable) -> str:
    """Say why passkeys do not work here, and what to do."""
    if reason is Unavailable.IP_ADDRESS:
        return str(
            _(
                "您现在是用IP地址（%(host)s）打开的。浏览器只允许在域名上使用通行密钥，"
                "请改用本系统的域名访问；在本机试用时，请改用 localhost。",
                host=request.host,
            )
        )
    return str(_("当前网址不是加密的（https），浏览器不允许使用通行密钥。请改用 https 网址访问。"))
