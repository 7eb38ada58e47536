"""Acts on money, exports and memberships ask who is there when that was not asked lately."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue

from counselhub.core import clock
from counselhub.core.access import View

READING = ("GET", "HEAD")


def fresh(view: View) -> View:
    """Let only somebody through who has proved to be there within the last minutes.

    Whoever has not is asked, and what was sent is carried on afterwards; files cannot be. It stands
    inside `require`, so that permission and token are looked at before. Of a page with a form only
    the sending is held up.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if _is_form_page() or recently_confirmed():
            return view(*args, **kwargs)
        ask: Callable[[], ResponseReturnValue] = current_app.extensions["ask_confirmation"]
        return ask()

    vars(guarded).update(fresh=True)
    return cast(View, guarded)


def recently_confirmed() -> bool:
    """Say whether the person of this request proved to be there within the last minutes."""
    confirmed_at = g.get("confirmed_at")
    window: timedelta = current_app.extensions["confirmation_holds"]
    return confirmed_at is not None and clock.now() - confirmed_at < window


def _is_form_page() -> bool:
    methods = (request.url_rule.methods if request.url_rule else None) or set()
    return request.method in READING and "POST" in methods


def init_app(app: Flask, holds: timedelta, ask: Callable[[], ResponseReturnValue]) -> None:
    """holds: how long a confirmation is good for. ask: the answer to who has to confirm."""
    app.extensions["confirmation_holds"] = holds
    app.extensions["ask_confirmation"] = ask
