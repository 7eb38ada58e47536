"""What stands beside the password: another feature may put itself there."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, current_app
from flask.typing import ResponseReturnValue

from counselhub.core.members import Member


@dataclass(frozen=True, slots=True)
class Ways:
    """By what else than the password somebody may prove to be there, at this address."""

    code: bool = False
    passkey: bool = False


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What another feature asks and checks.

    after_password: given the person and the page to go on to, the page that asks for more; None to
    let pass. ways: what a signed-in person may answer instead of the password. prove: given who,
    a one-time code and what a passkey has signed (JSON), by what it was proved; raises RefusedError
    for a wrong answer, which it counts and records.
    """

    after_password: Callable[[UUID, str], ResponseReturnValue | None]
    ways: Callable[[UUID], Ways]
    prove: Callable[[Member, str, str], str]


def put(app: Flask, step: SecondStep) -> None:
    """Ask `step` after every right password and every one-time link, and where one confirms."""
    app.extensions["second_step"] = step


def asked(person_id: UUID, back: str) -> ResponseReturnValue | None:
    """Return the page that asks for the second step; None when the session may begin."""
    return _step().after_password(person_id, back)


def ways(person_id: UUID) -> Ways:
    """Return by what else than the password the person may confirm."""
    return _step().ways(person_id)


def prove(who: Member, code: str, answer: str) -> str:
    """Return by what the person has confirmed. Raises RefusedError."""
    return _step().prove(who, code, answer)


def _step() -> SecondStep:
    step: SecondStep = current_app.extensions["second_step"]
    return step
