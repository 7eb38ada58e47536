"""Who enters what a correction of a settled month changes: a feature above, named when wiring."""

from collections.abc import Callable

from flask import Flask, current_app

from counselhub.core.members import Member
from counselhub.corrections.models import SessionCorrection

Settle = Callable[[SessionCorrection, Member], bool]
KEY = "settle_correction"


def init_app(app: Flask, act: Settle) -> None:
    """Let `act` settle what was agreed to."""
    app.extensions[KEY] = act


def settle(row: SessionCorrection, by: Member) -> bool:
    """Enter what an agreed correction changes; False while its month is not settled.

    Raises RefusedError when the street takes nothing so old.
    """
    act: Settle = current_app.extensions[KEY]
    return act(row, by)
