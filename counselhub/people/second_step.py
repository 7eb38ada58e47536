"""What stands between the right password and the session: another feature may put itself there."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask, current_app
from flask.typing import ResponseReturnValue

SecondStep = Callable[[UUID, str], ResponseReturnValue | None]
"""Given the person and the page to go on to: the page that asks for more, None to let pass."""


def put(app: Flask, step: SecondStep) -> None:
    """Ask `step` after every right password and every one-time link."""
    app.extensions["second_step"] = step


def asked(person_id: UUID, back: str) -> ResponseReturnValue | None:
    """Return the page that asks for the second step; None when the session may begin."""
    step: SecondStep | None = current_app.extensions.get("second_step")
    return step(person_id, back) if step else None
