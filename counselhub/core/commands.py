"""The shape that every command shares: --firm and --street, --json, refusals as exit status 1."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from counselhub.core.config import SettingsError
from counselhub.core.db import PrivilegedRoleError
from counselhub.core.errors import DomainError
from counselhub.core.job_faults import SomeFailedError
from counselhub.core.postgres import ServerError
from counselhub.core.sealing import KeyRingError

Handler = Callable[..., Any]
PROBLEMS = (
    DomainError,
    ServerError,
    PrivilegedRoleError,
    KeyRingError,
    SettingsError,
    OperationalError,
    OSError,
    SomeFailedError,
)
OPENED = "counselhub.opened"
"""Where a command finds the addresses of the database it was opened with, in click's meta."""


def command(group: click.Group, name: str) -> Callable[[Handler], click.Command]:
    """Register a command that runs inside the application that the context opens.

    What is refused goes to standard error with exit status 1, and so does a server or file that
    cannot be had; wrong usage is click's own exit status 2.
    """

    def decorate(handler: Handler) -> click.Command:
        @wraps(handler)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                context = click.get_current_context()
                with context.obj() as opened:
                    context.meta[OPENED] = opened
                    return handler(*args, **kwargs)
            except PROBLEMS as problem:
                for line in _sentences(problem):
                    click.echo(line, err=True)
                sys.exit(1)

        made: click.Command = group.command(name)(guarded)
        return made

    return decorate


def _sentences(problem: Exception) -> Iterator[str]:
    """Say what happened, a line to each fault."""
    if isinstance(problem, DomainError):
        yield problem.message
        for fault in getattr(problem, "faults", ()):
            yield f"{fault['cell']}: {fault['message']}"
    elif isinstance(problem, OperationalError):
        yield f"The database could not do it: {problem.orig}"
    elif isinstance(problem, OSError):
        yield f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem)
    else:
        yield str(problem)


def emit(document: Any, as_json: bool, text: str) -> None:
    """Print one JSON document and nothing else, or the words for a reader."""
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else text)
