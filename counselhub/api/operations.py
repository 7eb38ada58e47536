"""One operation of the interface: its address, scope, permission, shapes, and how it is answered.

The table OPERATIONS is what `describing` makes OpenAPI of, so that what is told is what is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError

from counselhub.api import faults, repeats
from counselhub.api.shapes import Asked, Listed
from counselhub.core import programs
from counselhub.core.access import require
from counselhub.core.db import db
from counselhub.core.errors import ChangedError
from counselhub.core.front import FORM_BYTES
from counselhub.core.permissions import Permission
from counselhub.tokens import bearing

Act = TypeVar("Act", bound=Callable[..., BaseModel])
bp = Blueprint("api", __name__, url_prefix=programs.PREFIX)
CHANGING = frozenset({"PATCH", "PUT", "DELETE"})
OK, CREATED, NOT_MODIFIED = 200, 201, 304


@dataclass(frozen=True, slots=True)
class Operation:
    """What is known of an operation; `path` is as Flask writes it, below the prefix."""

    method: str
    path: str
    name: str
    summary: str
    scope: str
    permissions: tuple[Permission, ...]
    answer: type[BaseModel]
    query: type[Asked] | None = None
    body: type[Asked] | None = None
    made: bool = False
    """Whether something new stands afterwards: 201."""
    most_bytes: int = FORM_BYTES
    """Of a body."""

    @property
    def is_listing(self) -> bool:
        """Whether it answers with a part of a list."""
        return self.query is not None and issubclass(self.query, Listed)

    @property
    def has_etag(self) -> bool:
        """Whether it answers with one thing as it now is, and is there afterwards."""
        return not self.is_listing and self.method != "DELETE"

    @property
    def resource(self) -> str:
        """What it is about: the first part of its scope."""
        return self.scope.partition(":")[0]


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    summary: str,
    scope: str,
    *permissions: Permission,
    answer: type[BaseModel],
    query: type[Asked] | None = None,
    body: type[Asked] | None = None,
    made: bool = False,
    most_bytes: int = FORM_BYTES,
) -> Callable[[Act], Act]:
    """Make a function an operation; it is given the parts of the path, `asked` and `body`."""

    def decorate(act: Act) -> Act:
        known = Operation(
            method,
            path,
            act.__name__,
            summary,
            scope,
            permissions,
            answer,
            query,
            body,
            made,
            most_bytes,
        )
        OPERATIONS.append(known)
        view = require(*permissions)(_view(known, act))
        vars(view).update(operation=known, most_bytes=most_bytes)
        bp.add_url_rule(path, act.__name__, view, methods=[method])
        return act

    return decorate


def _view(known: Operation, act: Callable[..., BaseModel]) -> Callable[..., Response]:
    @wraps(act)
    def view(**parts: Any) -> Response:
        _refuse_form(known)
        if known.query is not None:
            parts["asked"] = _asked(known.query)
        if known.body is not None:
            parts["body"] = _body(known.body)
        if known.method == "POST":
            return repeats.once(lambda: _answered(known, act(**parts)))
        if known.method in CHANGING and "If-Match" not in request.headers:
            raise faults.NeedsConditionError()
        return _answered(known, act(**parts))

    return view


def _refuse_form(known: Operation) -> None:
    """Refuse by what is asked how: scope, format of both sides."""
    if known.scope not in g.token.scopes:
        raise faults.lacks_scope(known.scope)
    if request.accept_mimetypes and not request.accept_mimetypes.best_match((programs.JSON,)):
        raise faults.NotAcceptableError()
    if known.body is not None and request.mimetype != programs.JSON:
        raise faults.MediaTypeError()


def _asked(shape: type[Asked]) -> Asked:
    given = request.args.to_dict(flat=False)
    try:
        return shape.model_validate({name: many[-1] for name, many in given.items()})
    except ValidationError as error:
        raise faults.invalid(error, "query") from error


def _body(shape: type[Asked]) -> Asked:
    sent = request.get_data()
    if b"\\u0000" in sent:
        raise faults.BadRequestError(_("内容里有无法保存的空字符，没有保存。请删去后重试。"))
    try:
        return shape.model_validate_json(sent)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors()):
            raise faults.BadRequestError(_("发来的内容不是 JSON。")) from error
        raise faults.invalid(error, "body") from error


def _answered(known: Operation, told: BaseModel) -> Response:
    db.session.flush()  # what the database refuses is refused here
    status = CREATED if known.made else OK
    answer = Response(told.model_dump_json(), status, mimetype=programs.JSON)
    if known.has_etag:
        answer.headers["ETag"] = etag_of(told)
        if known.method == "GET" and answer.headers["ETag"] in _named("If-None-Match"):
            return Response(status=NOT_MODIFIED, headers={"ETag": answer.headers["ETag"]})
    return answer


def etag_of(told: BaseModel) -> str:
    """Return what tells one look at a thing from another: its revision, and all that was said."""
    digest = sha256(told.model_dump_json().encode()).hexdigest()[:16]
    return f'"{getattr(told, "revision", 0)}-{digest}"'


def expect(told: BaseModel) -> None:
    """Raise ChangedError when the thing is no longer what the program last saw.

    told: the thing as it now is, as its address answers.
    """
    if etag_of(told) not in _named("If-Match"):
        raise ChangedError()


def _named(header: str) -> list[str]:
    return [one.strip().removeprefix("W/") for one in request.headers.get(header, "").split(",")]


@bp.after_app_request
def tell_rate(response: Response) -> Response:
    """Say how many requests the token has left."""
    if "rate_left" in g:
        response.headers["RateLimit-Policy"] = bearing.POLICY
        response.headers["RateLimit"] = f'"token";r={g.rate_left}'
    return response
