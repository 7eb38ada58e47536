"""How often one may ask: by address at the door, by account inside.

What kind of request it is shows from the request itself, so that a new page needs no line here:
doors are the views for strangers that take something in, uploads come in parts, exports end like
files, searches have a `q`. What counts everything is told to the database in batches, so that no
page waits for its own count. Who asks too often gets 429 with the seconds to wait. A form at the
door or of an upload comes back as itself, with what was typed; elsewhere the page offers to send it
again.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network

from flask import Flask, Response, current_app, g, request, session
from flask_babel import gettext as _
from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from counselhub.core.counters import PostgresStorage, Tally
from counselhub.core.db import db
from counselhub.core.errors import TooManyError

SAFE = ("GET", "HEAD", "OPTIONS")
UNPROCESSABLE = 422
FILES = (".xlsx", ".pdf", ".csv", ".zip", ".json", ".docx")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `rate` of the requests that `holds` names, for each answer of `by`."""

    name: str
    rate: RateLimitItem
    by: Callable[[], str]
    """Who asks; '' counts nobody."""
    holds: Callable[[], bool]
    batch: int = 1
    """How many requests a worker counts by itself before it tells the database."""


def init_app(app: Flask) -> None:
    """Count every request before anything is done for it; call it before the session's work."""
    with app.app_context():
        app.extensions["limiter"] = FixedWindowRateLimiter(PostgresStorage(db.engine))
    app.extensions["tally"] = Tally()
    app.before_request(check)
    app.after_request(tell)


def check() -> None:
    """Refuse what comes too often. Raises TooManyError, or leaves it to the form to say so."""
    limiter: FixedWindowRateLimiter = current_app.extensions["limiter"]
    tally: Tally = current_app.extensions["tally"]
    for limit in LIMITS:
        if not limit.holds() or not (who := limit.by()):
            continue
        key = f"{limit.name} {who}"
        if not tally.is_due(key, limit.batch):
            continue
        if limiter.hit(limit.rate, limit.name, who, cost=limit.batch):
            continue
        tally.ask_next_time(key, limit.batch)
        ends = limiter.get_window_stats(limit.rate, limit.name, who).reset_time
        g.wait_seconds = max(1, round(ends - time.time()))
        refusal = TooManyError(
            _("操作过于频繁，请在 %(seconds)d 秒后重试。", seconds=g.wait_seconds)
        )
        if is_upload() or (is_door() and request.method not in SAFE):
            g.unheeded = refusal
            return
        raise refusal


def tell(response: Response) -> Response:
    """Say how long to wait; a form that came back for that reason is a 429."""
    if seconds := g.get("wait_seconds"):
        response.headers["Retry-After"] = str(seconds)
        if response.status_code == UNPROCESSABLE:
            response.status_code = TooManyError.status
    return response


def is_door() -> bool:
    """Whether a stranger brings something: a password, a one-time link, a reset."""
    view = current_app.view_functions.get(request.endpoint or "")
    stranger = getattr(view, "required", True) is None and not hasattr(view, "needs_person")
    return stranger and (request.method not in SAFE or "token" in (request.view_args or {}))


def is_upload() -> bool:
    """Whether files come along."""
    return request.method not in SAFE and request.mimetype == "multipart/form-data"


def is_export() -> bool:
    """Whether a file is made."""
    return request.path.endswith(FILES)


def is_search() -> bool:
    """Whether words are looked for."""
    return bool(request.args.get("q"))


def address() -> str:
    """Return where the request comes from; of IPv6 the network, for one customer has all of it."""
    given = request.remote_addr or ""
    return str(ip_network(f"{given}/64", strict=False)) if ":" in given else given


def account() -> str:
    """Return who is signed in, else the address."""
    return str(session.get("_user_id") or address())


def named_account() -> str:
    """Return whose account a stranger names at the door, '' when none is named."""
    return request.form.get("email", "").strip().lower()[:254]


def _limits() -> Iterator[Limit]:
    for name, rate, by, holds, batch in (
        ("door", "60/minute", address, is_door, 1),
        ("door_hour", "600/hour", address, is_door, 1),
        ("door_account", "10/minute", named_account, is_door, 1),
        ("upload", "20/minute", account, is_upload, 1),
        ("export", "30/minute", account, is_export, 1),
        ("search", "240/minute", account, is_search, 1),
        ("any", "1200/minute", account, lambda: True, 20),
    ):
        yield Limit(name, parse(rate), by, holds, batch)


LIMITS = tuple(_limits())
