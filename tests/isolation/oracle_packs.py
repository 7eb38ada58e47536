"""Whose a row of a bureau's table is: the bureau's where it names no street, else the office's."""

from typing import Any

from counselhub.core.tenancy import Scope, ScopeKind

Row = dict[str, Any]
SHOWN_SINCE = {"scheme_pack": "published_at", "scheme_pack_version": "activated_at"}
"""Columns that say since when firms are shown a row; other tables they never see."""
BY_STREET = {"rehearsed_month"}
"""Tables of which each row tells of one street."""


def sees(scope: Scope, table: str, row: Row) -> bool:
    """Whether `scope` is to be shown a row."""
    match scope.kind:
        case ScopeKind.BUREAU:
            return bool(row["district_code"] == scope.key)
        case ScopeKind.OFFICE:
            is_own = row["street_code"] == scope.key
            is_above = row["street_code"] is None and row["district_code"] == scope.key[:6]
            return is_own or (is_above and table not in BY_STREET)
        case ScopeKind.FIRM:
            return table in SHOWN_SINCE and row[SHOWN_SINCE[table]] is not None
        case ScopeKind.PLATFORM:
            return table == "pack_rehearsal"  # the worker learns who waits
    return False


def owns(scope: Scope, table: str, row: Row) -> bool:
    """Whether `scope` writes a row."""
    if scope.kind is ScopeKind.OFFICE:
        return bool(row["street_code"] == scope.key)
    is_bureaus = row["street_code"] is None or table in BY_STREET
    return scope.kind is ScopeKind.BUREAU and is_bureaus and row["district_code"] == scope.key
