"""The engine of `policy.py` and `sights.py`: what a view requires, what a member may and sees."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.sql.base import ExecutableOption

from counselhub.core import addresses, clock, programs
from counselhub.core.db import db
from counselhub.core.errors import (
    ForbiddenError,
    NotFoundError,
    ReadOnlyError,
    UnknownTokenError,
    VisitorError,
)
from counselhub.core.members import Member
from counselhub.core.permissions import Duty, Permission, Role
from counselhub.core.tenancy import ScopeKind

SAFE = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Row = TypeVar("Row")


Sight = Callable[[Member], ColumnElement[bool]]
Condition = Callable[[Member, Any], bool]


@dataclass(frozen=True, slots=True)
class Visiting:
    """What a visit opens: of the permissions that its host has these, of all views these."""

    permissions: frozenset[Permission]
    endpoints: frozenset[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """The tables of `policy.py`."""

    roles: Mapping[Role, frozenset[Permission]]
    duties: Mapping[ScopeKind, Mapping[Duty, frozenset[Permission]]]
    sees: Mapping[type[Any], Sight]
    may: Mapping[Permission, Sequence[Condition]]
    visiting: Visiting

    def held(
        self, role: Role, kind: ScopeKind, duties: Iterable[Duty] = ()
    ) -> frozenset[Permission]:
        """Return what a member may do: what the role gives, and what each duty adds."""
        dealt = self.duties.get(kind, {})
        return self.roles.get(role, frozenset()).union(*(dealt.get(duty, ()) for duty in duties))


def require(permission: Permission, *others: Permission) -> Callable[[View], View]:
    """Let only members with `permission`, or with one of `others`, reach the view."""

    def decorate(view: View) -> View:
        vars(view).update(required=permission, or_required=others)
        return view

    return decorate


def public(view: View) -> View:
    """Let everybody reach the view, signed in or not."""
    vars(view).update(required=None)
    return view


def signed_in(view: View) -> View:
    """Let every signed-in person reach the view, whatever the role."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if g.get("member") is None:
            return to_sign_in()
        return view(*args, **kwargs)

    vars(guarded).update(required=None, needs_person=True)
    return cast(View, guarded)


def goes_on(view: View) -> View:
    """Let the view change something in a place that may only read: duty, exports, paying."""
    vars(view).update(goes_on=True)
    return view


def refuse_read_only(read_only_on: date | None) -> None:
    """Raise ReadOnlyError from this day on; None is never."""
    if is_read_only(read_only_on):
        raise ReadOnlyError()


def is_read_only(read_only_on: date | None) -> bool:
    """Say whether a place may only read today."""
    return read_only_on is not None and clock.today() >= read_only_on


def days_to(day: date) -> int:
    """Return how many days are left until `day`, below 0 when it is past."""
    return (day - clock.today()).days


def current_member() -> Member:
    """Return who is acting in this request. Raises ForbiddenError when nobody is."""
    member: Member | None = g.get("member")
    if member is None:
        raise ForbiddenError()
    return member


def can(permission: Permission | str, row: Any = None) -> bool:
    """Say whether the present member may do `permission`, on `row` when one is given."""
    member: Member | None = g.get("member")
    return member is not None and allowed(member, Permission(permission), row)


def allowed(member: Member, permission: Permission, row: Any = None) -> bool:
    """Say whether `member` may do `permission`, on `row` when one is given."""
    if permission not in permissions(member):
        return False
    return row is None or all(holds(member, row) for holds in _policy().may.get(permission, ()))


def permissions(member: Member) -> frozenset[Permission]:
    """Return what a member may do at all."""
    held = _policy().held(member.role, member.scope.kind, member.duties)
    return held & _policy().visiting.permissions if member.visit else held


def is_open_to_visits(endpoint: str) -> bool:
    """Say whether a visitor may reach a view, whose permission he needs besides."""
    return endpoint in _policy().visiting.endpoints


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that give a permission."""
    return [role for role, given in _policy().roles.items() if permission in given]


def visible(model: type[Row]) -> Select[Row]:
    """Return a select of the rows of `model` that the present member sees."""
    return select(model).where(in_sight(model))


def in_sight(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition of those rows of `model` that the present member sees."""
    sight = _policy().sees.get(model)
    return sight(current_member()) if sight else true()


def fetch(
    model: type[Row], row_id: UUID, act: Permission | None = None, *options: ExecutableOption
) -> Row:
    """Return one visible row; NotFoundError unseen, ForbiddenError seen but not for `act`.

    options: what to load with it, for pages that show what it refers to.
    """
    is_it = model.id == row_id  # type: ignore[attr-defined]  # every table's key is its id
    query = visible(model).where(is_it).options(*options)
    row: Row | None = db.session.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError()
    if act is not None and not allowed(current_member(), act, row):
        raise ForbiddenError()
    return row


def to_sign_in() -> ResponseReturnValue:
    """Send a stranger to the sign-in page, and back to the page of the form afterwards.

    Raises UnknownTokenError for a program, which has no page to go to.
    """
    if programs.is_asked():
        raise UnknownTokenError()
    page = (
        request.full_path
        if request.method in ("GET", "HEAD")
        else request.headers.get("Referer", "/")
    )
    back = request.headers.get("HX-Current-URL") or page
    target = url_for("people.sign_in", next=addresses.path_of(back, "/"))
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": target}
    return redirect(target, 303)


def _policy() -> Policy:
    policy: Policy = current_app.extensions["policy"]
    return policy


def _guard_paid(view: Callable[..., Any]) -> None:
    """Refuse a change in a place that may only read, but for what goes on."""
    if request.method not in SAFE and not hasattr(view, "goes_on"):
        refuse_read_only(current_member().read_only_on)


def _guard_visit(view: Callable[..., Any], endpoint: str) -> None:
    """Keep a visitor to what is open to visits; strangers' pages he may read as everybody does."""
    member: Member | None = g.get("member")
    if member is None or member.visit is None or is_open_to_visits(endpoint):
        return
    is_strangers = view.required is None and not hasattr(view, "needs_person")  # type: ignore[attr-defined]  # every view is marked
    if not (is_strangers and request.method in SAFE):
        raise VisitorError()


def init_app(app: Flask, policy: Policy) -> None:
    """Check every request against `policy`; a view that names no permission is refused to all."""
    app.extensions["policy"] = policy

    def check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such address: the 404 comes by itself
        view = app.view_functions[request.endpoint]
        if request.endpoint == "static":
            return None
        if not hasattr(view, "required"):
            abort(403)
        _guard_visit(view, request.endpoint)
        if view.required is None:
            return None
        if g.get("member") is None:
            return to_sign_in()
        if not any(map(can, (view.required, *getattr(view, "or_required", ())))):
            raise ForbiddenError()
        _guard_paid(view)
        return None

    app.before_request(check)
    app.jinja_env.globals.update(can=can, Permission=Permission, is_read_only=is_read_only)
    app.jinja_env.globals.update(days_to=days_to)
