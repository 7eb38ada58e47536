"""An act that a form of a page asks for: what is refused comes back on the page as it now is."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from counselhub.core import htmx
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal

Shown = Callable[..., dict[str, Any]]


def done(
    page: str,
    shown: Shown,
    sent: Any,
    act: Callable[[], ResponseReturnValue],
    *,
    at: Any,
    **more: Any,
) -> ResponseReturnValue:
    """Act when the form `sent` is valid.

    shown: what the page shows, fetched anew, given `more` (the form that comes back) or `refusal`.
    at: the field of `sent` that a refusal is shown at.
    """
    if not sent.validate_on_submit():
        return htmx.invalid(page, **shown(**more))
    try:
        return act()
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(page, **shown(refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(at, refusal)
        return htmx.invalid(page, **shown(**more))
