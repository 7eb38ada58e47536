"""One act on the page that it stands on: done, or refused on the page as it now is."""

from collections.abc import Callable
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from wtforms import Field

from counselhub.core import htmx
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import Form, blamed, show_refusal

Look = Callable[..., dict[str, Any]]
"""Returns what the page shows, read anew; what it is given stands in place of its own."""


def attempt(
    form: Form,
    act: Callable[[], ResponseReturnValue],
    look: Look,
    /,
    *,
    page: str,
    field: Field | None = None,
    **kept: Any,
) -> ResponseReturnValue:
    """Do `act` once `form` is valid, and answer as it says.

    Faults bring `page` again (422) with what is `kept`; a refusal too, at the field that it names,
    else at `field`, else above all. A conflict shows the page as it now is (409). What was begun is
    undone then.
    """
    if not form.validate_on_submit():
        return htmx.invalid(page, **look(**kept))
    try:
        return act()
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(page, **look(refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        blame = blamed(form, refusal) or field
        if blame is None:
            return htmx.invalid(page, **look(refusal=refusal.message, **kept))
        show_refusal(blame, refusal)
        return htmx.invalid(page, **look(**kept))


def do(act: Callable[[], ResponseReturnValue], look: Look, /, *, page: str) -> ResponseReturnValue:
    """Do `act`, which asks for nothing, and answer as it says.

    A conflict shows `page` as it now is (409), a refusal likewise (422). What was begun is undone.
    """
    try:
        return act()
    except (ConflictError, RefusedError) as refusal:
        db.session.rollback()
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return answer(page, **look(refusal=refusal.message))


def told(sentence: str, back: str) -> ResponseReturnValue:
    """Tell what was done, and go `back`."""
    flash(sentence, "success")
    return htmx.gone_to(back)
