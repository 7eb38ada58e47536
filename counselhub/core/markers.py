"""Markers of honey rows: how they look, and that a firm's own lists leave them out."""

import re
import secrets
from base64 import b32encode
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, true

from counselhub.core.tenancy import ScopeKind, current_firm_id, current_scope

PREFIX = "CHH-"
PATTERN = re.compile(rb"CHH-[A-Z2-7]{32}")


def fresh() -> str:
    """Return a marker that nobody guesses: 160 bits."""
    return PREFIX + b32encode(secrets.token_bytes(20)).decode()


def found_in(data: bytes) -> set[str]:
    """Return the markers that stand in a text."""
    if PREFIX.encode() not in data:
        return set()
    return {marker.decode() for marker in PATTERN.findall(data)}


def not_our_honey(model: Any, marked: Any) -> ColumnElement[bool]:
    """Return the condition that a row is not a honey row of the firm in scope.

    Only the own ones are left out: whatever lets another firm's rows through lets its honey through
    too, and that is what honey is for. marked: the column that carries the marker.
    """
    scope = current_scope()
    if scope is None or scope.kind is not ScopeKind.FIRM:
        return true()
    return not_(and_(model.firm_id == current_firm_id(), marked.startswith(PREFIX)))
