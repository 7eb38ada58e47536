"""What OpenAPI 3.1 says of the events that are told to other programs' addresses."""

from typing import Any

from flask_babel import gettext as _

from counselhub.core import programs
from counselhub.hooks.kinds import HookKind
from counselhub.hooks.telling import Told

SIGNATURE = r"^t=[0-9]+(,v1=[0-9a-f]{64}){1,2}$"


def described(ref: str) -> dict[str, Any]:
    """Return the description of each kind of event. ref: where shapes stand, with `{model}`."""
    return {kind.value: {"post": _told(kind, ref)} for kind in HookKind}


def _told(kind: HookKind, ref: str) -> dict[str, Any]:
    shape = {"$ref": ref.format(model=Told.__name__)}
    return {
        "operationId": f"told_{kind.value.replace('.', '_')}",
        "summary": kind.label,
        "security": [],
        "parameters": [
            _header("CounselHub-Event", {"const": kind.value}),
            _header("CounselHub-Delivery", {"type": "string", "format": "uuid"}),
            _header("CounselHub-Signature", {"type": "string", "pattern": SIGNATURE}),
        ],
        "requestBody": {"required": True, "content": {programs.JSON: {"schema": shape}}},
        "responses": {"2XX": {"description": _("已经收到；其他回答会再试")}},
    }


def _header(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": schema}
