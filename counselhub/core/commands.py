"""The shape that every command shares: --firm and --street, --json, refusals as exit status 1."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from counselhub.core.errors import DomainError

Handler = Callable[..., Any]


def command(group: click.Group, name: str) -> Callable[[Handler], click.Command]:
    """Register a command that runs inside the application that the context opens.

    Its refusals go to standard error with exit status 1.

    Wrong usage is click's own exit status 2.
    """

    def decorate(handler: Handler) -> click.Command:
        @wraps(handler)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                with click.get_current_context().obj():
                    return handler(*args, **kwargs)
            except DomainError as refusal:
                click.echo(refusal.message, err=True)
                for fault in getattr(refusal, "faults", ()):
                    click.echo(f"{fault['cell']}: {fault['message']}", err=True)
                sys.exit(1)

        made: click.Command = group.command(name)(guarded)
        return made

    return decorate


def emit(document: Any, as_json: bool, text: str) -> None:
    """Print one JSON document and nothing else, or the words for a reader."""
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else text)
