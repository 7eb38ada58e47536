"""The blueprint that all pages of attendance hang on."""

from typing import Any

from flask import Blueprint, request

bp = Blueprint("attendance", __name__)


def kept(*names: str) -> dict[str, Any]:
    """Return what the address asks for under these names, to lead back to the same list."""
    return {name: request.args[name] for name in names if name in request.args}
