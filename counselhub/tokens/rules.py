"""What a token may be: pure. Scopes are written `<resource>:read` and `<resource>:write`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import ScopeKind
from counselhub.tokens.kinds import READ, READABLE, WRITABLE, WRITE, WRITING_NEEDS

LONGEST = timedelta(days=365)
"""A token ends by itself a year after it was made, at the latest."""


def scopes_of(kind: ScopeKind, held: Collection[Permission]) -> list[str]:
    """Return the scopes that a token of a firm or of an office may have, in order.

    held: what its role may do; a scope of writing that the role could never use is left out.
    """
    writable = [one for one in WRITABLE[kind] if WRITING_NEEDS.get(one) in (None, *held)]
    return [
        f"{resource.value}:{what}"
        for resource in READABLE[kind]
        for what in ((READ, WRITE) if resource in writable else (READ,))
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


def unknown(scopes: Sequence[str], kind: ScopeKind, held: Collection[Permission]) -> list[str]:
    """Return what is no scope of such a place under a role that may do what is `held`."""
    known = scopes_of(kind, held)
    return [scope for scope in scopes if scope not in known]
