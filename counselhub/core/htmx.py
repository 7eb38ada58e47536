"""Answers for htmx and for plain browsers from one view: a part, or the page with it.

A view ends in `show`, `changed` or `invalid`; none of them looks at headers itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from flask import Flask, Response, flash, g, redirect, render_template, request
from htmx_flask import Htmx, make_response

Context = Any
Trigger = str | Iterable[str] | Mapping[str, Any]


def init_app(app: Flask) -> None:
    """Wire htmx-flask, which replaces the app's request class: call it before others do."""
    Htmx().init_app(app)
    app.after_request(vary)


def vary(response: Response) -> Response:
    """Keep caches and the back button from showing a part where a page was asked."""
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "HX-Boosted", "HX-History-Restore-Request"))
    return response


def wants_part() -> bool:
    """True for a request that htmx will swap into a page already there."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def prompt() -> str:
    """What the user typed into hx-prompt; Chinese arrives percent-encoded."""
    text = request.headers.get("HX-Prompt", "")
    encoded = request.headers.get("HX-Prompt-URI-AutoEncoded") == "true"
    return unquote(text) if encoded else text


def show(template: str, partial: str | None = None, **context: Context) -> Response:
    """The page, or its `partial` when htmx asked for it. Without a partial always the page."""
    return _answer(_rendered(template, partial, context))


def changed(
    partial: str,
    back_to: str,
    trigger: Trigger | None = None,
    /,  # a template may have variables of these names
    *,
    toast: str | None = None,
    **context: Context,
) -> Response:
    """After a change: the swapped part for htmx, a redirect (303) to `back_to` for a form.

    trigger: events for what lies outside the part, a name, names, or {name: detail}.
    toast: a sentence for the user, shown at once or, after the redirect, as a flash.
    """
    if not wants_part():
        if toast:
            flash(toast, "success")
        return _plain(redirect(back_to, code=303))
    events = _events(trigger)
    if toast:
        events["toast"] = {"message": toast, "tone": "success"}
    return _answer(_rendered(partial, partial, context), events=events)


def gone_to(address: str) -> Response:
    """Leave for another page, from a form or from htmx (which would swap a redirect's target)."""
    if wants_part():
        return _plain(make_response("", 200, redirect=address))
    return _plain(redirect(address, code=303))


def invalid(template: str, partial: str | None = None, **context: Context) -> Response:
    """The form again with its errors, 422: as a part for htmx, else as the page."""
    return _answer(_rendered(template, partial, context), 422)


def refused(template: str, partial: str | None = None, **context: Context) -> Response:
    """The thing as it now is after a move it does not allow, 409."""
    g.refused = context.get("refusal")
    return _answer(_rendered(template, partial, context), 409)


def is_part() -> bool:
    """True while a part is rendered: it stands in a page that has navigation already."""
    return bool(g.get("is_part"))


def _rendered(template: str, partial: str | None, context: Mapping[str, Any]) -> str:
    """Render the part for htmx, else the page; a search takes its list out of the whole page."""
    g.is_part = partial is not None and "/_" in partial and wants_part()
    return render_template(partial if partial and wants_part() else template, **context)


def _events(trigger: Trigger | None) -> dict[str, Any]:
    """Always a mapping: htmx-flask sends it as escaped ASCII, a raw Chinese string is a 500."""
    if trigger is None:
        return {}
    if isinstance(trigger, str):
        return {trigger: None}
    return dict(trigger) if isinstance(trigger, Mapping) else dict.fromkeys(trigger)


def _answer(html: str, status: int = 200, events: Mapping[str, Any] | None = None) -> Response:
    return _plain(make_response(html, status, trigger=dict(events) if events else None))


def _plain(response: Any) -> Response:
    """htmx-flask and werkzeug are loosely typed; the object is the app's own response."""
    if not isinstance(response, Response):
        raise TypeError(type(response).__name__)
    return response
