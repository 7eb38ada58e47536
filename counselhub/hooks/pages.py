"""What the pages of one hook share."""

from typing import Any
from uuid import UUID

from flask import request

from counselhub.core import paging, placed
from counselhub.core.access import current_member
from counselhub.core.tenancy import as_platform
from counselhub.hooks import queries
from counselhub.hooks.kinds import (
    DELIVERY_TONES,
    HOOK_TONES,
    DeliveryState,
    Fault,
    HookKind,
    HookState,
    PauseCause,
    offered,
)
from counselhub.hooks.models import Hook


def own(hook_id: UUID, *, locked: bool = False) -> Hook:
    """Return a hook of the reader's place; locked: for an act. Raises NotFoundError."""
    return placed.own(Hook, hook_id, current_member().scope, locked=locked)


def whole(hook: Hook, refusal: str | None = None) -> dict[str, Any]:
    """Return what the page of a hook needs."""
    kinds = offered(current_member().scope.kind)
    asked = {name: request.args.get(name, "") for name in ("state", "kind", "q")}
    with as_platform():
        page = paging.paged(queries.deliveries(hook, asked["state"], asked["kind"], asked["q"]))
    return {
        "hook": hook,
        "pulse": queries.pulse_of(hook),
        "counts": queries.standing(hook),
        "page": page,
        "asked": asked,
        "filtered": any(asked.values()),
        "kinds": [(one.value, one.label) for one in (*kinds, HookKind.PING)],
        "refusal": refusal,
        **words(),
    }


def words() -> dict[str, Any]:
    """Return the codes that hooks' pages show, with their words and tones."""
    return {
        "states": DeliveryState,
        "tones": DELIVERY_TONES,
        "hook_states": HookState,
        "hook_tones": HOOK_TONES,
        "causes": PauseCause,
        "faults": Fault,
        "kind_word": kind_word,
    }


def kind_word(code: str) -> str:
    """Return what a kind of event is called."""
    return HookKind.of(code).label
