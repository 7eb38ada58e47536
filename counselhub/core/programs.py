"""What programs ask for: a token instead of a cookie, JSON instead of pages, problems as RFC 9457.

The one place that says which requests are a program's; what is done differently for them asks here.
"""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, has_request_context, request

if TYPE_CHECKING:
    from counselhub.core.members import Member

PREFIX = "/api/v1"
PAGES = frozenset({f"{PREFIX}/docs"})
"""Pages for people that stand among a program's addresses."""
JSON, PROBLEM = "application/json", "application/problem+json"
ENGLISH = "en"
Bearer = Callable[[], "Member | None"]


def is_asked() -> bool:
    """Whether the present request is a program's."""
    if not has_request_context():
        return False
    path = request.path
    return (path == PREFIX or path.startswith(f"{PREFIX}/")) and path not in PAGES


def language() -> str:
    """Return the locale that a program accepts best: Chinese unless it prefers English."""
    best = request.accept_languages.best_match(("zh", "zh-CN", ENGLISH), default="zh")
    return ENGLISH if best == ENGLISH else "zh_CN"


def problem(
    status: int,
    title: str,
    detail: str,
    *,
    faults: Sequence[dict[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a refusal as a program reads it.

    faults: {pointer, detail} of each field; the pointer is a JSON pointer below `/body`, or
    `/query/<name>` and `/header/<name>`.
    """
    told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    told["detail"] = detail
    if faults:
        told["errors"] = list(faults)
    answer = Response(json.dumps(told, ensure_ascii=False), status, mimetype=PROBLEM)
    answer.headers.update(headers or {})
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="CounselHub"'
    return answer


def bearer() -> "Member | None":
    """Return as whom the token of the present request acts, None without a good one."""
    find: Bearer = current_app.extensions["bearer"]
    return find()


def init_app(app: Flask, find: Bearer) -> None:
    """find: returns as whom a request's token acts."""
    app.extensions["bearer"] = find
