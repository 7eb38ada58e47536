"""One act of a form on the page that it stands on: done, or refused on the page as it now is."""

from collections.abc import Callable
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from wtforms import Field

from counselhub.core import htmx
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import Form, show_refusal

Look = Callable[..., dict[str, Any]]
"""Returns what the page shows, read anew; what it is given stands in place of its own."""


def attempt(
    form: Form,
    act: Callable[[], str],
    look: Look,
    *,
    page: str,
    back: str,
    field: Field | None = None,
    **kept: Any,
) -> ResponseReturnValue:
    """Do `act` once `form` is valid, tell its sentence and go `back`.

    Faults bring `page` again (422) with what is `kept`, a refusal too: at `field`, else above all.
    A conflict shows the page as it now is (409). What was begun is undone then.
    """
    if not form.validate_on_submit():
        return htmx.invalid(page, **look(**kept))
    try:
        toast = act()
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(page, **look(refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        if field is None:
            return htmx.invalid(page, **look(refusal=refusal.message, **kept))
        show_refusal(field, refusal)
        return htmx.invalid(page, **look(**kept))
    flash(toast, "success")
    return htmx.gone_to(back)
