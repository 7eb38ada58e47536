"""What a token may be: pure. Scopes are written `<resource>:read` and `<resource>:write`."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import ScopeKind
from counselhub.tokens.kinds import OF_OFFICES, READ, WRITABLE, WRITE, Resource

LONGEST = timedelta(days=365)
"""A token ends by itself a year after it was made, at the latest."""


def scopes_of(kind: ScopeKind) -> list[str]:
    """Return the scopes that a token of a firm or of an office may have, in order."""
    is_firm = kind is ScopeKind.FIRM
    return [
        f"{resource.value}:{what}"
        for resource in (Resource if is_firm else OF_OFFICES)
        for what in ((READ, WRITE) if is_firm and resource in WRITABLE else (READ,))
    ]


def narrower(role: Role, roles: Mapping[Role, frozenset[Permission]]) -> list[Role]:
    """Return the roles that a token of a member with `role` may act in, the own one first.

    Each of them may do nothing that `role` may not; one that may do nothing at all is none.
    """
    held = roles[role]
    lesser = [one for one, given in roles.items() if given and given <= held and one is not role]
    return [role, *lesser]


def ends_too_late(expires_on: date, today: date) -> bool:
    """Whether a last day lies further ahead than a token lives."""
    return expires_on > today + LONGEST


def is_over(expires_on: date, today: date) -> bool:
    """Whether the last day of a token has passed; it counts on that day itself."""
    return expires_on < today


def unknown(scopes: Sequence[str], kind: ScopeKind) -> list[str]:
    """Return what is no scope of such a place."""
    return [scope for scope in scopes if scope not in scopes_of(kind)]
