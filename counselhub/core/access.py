"""The engine of `policy.py`: who somebody is, what a view requires, what a member sees."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.sql.base import ExecutableOption

from counselhub.core import addresses, clock, programs
from counselhub.core.errors import (
    ForbiddenError,
    NotFoundError,
    ReadOnlyError,
    UnknownTokenError,
    VisitorError,
)
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.core.visiting import Visit

SAFE = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Row = TypeVar("Row")


class Permission(StrEnum):
    """What a role may do; `policy.ROLES` deals them out."""

    FIRM_READ = "firm_read"
    PEOPLE_MANAGE = "people_manage"
    SECURITY_MANAGE = "security_manage"
    ADVISER_MANAGE = "adviser_manage"
    CONTRACT_MANAGE = "contract_manage"
    SCHEME_MANAGE = "scheme_manage"
    PACK_READ = "pack_read"
    PACK_EDIT = "pack_edit"
    PACK_ACTIVATE = "pack_activate"
    POINTS_MARK = "points_mark"
    ASSIGN = "assign"
    HANDOVER_TAKE = "handover_take"
    CHOICE_WISH = "choice_wish"
    DUTY_LOG = "duty_log"
    DUTY_MANAGE = "duty_manage"
    LEAVE_DECIDE = "leave_decide"
    CORRECTION_DECIDE = "correction_decide"
    ABSENCE_JUDGE = "absence_judge"
    SERVICE_LOG = "service_log"
    SERVICE_MANAGE = "service_manage"
    REFERRAL_USE = "referral_use"
    REFERRAL_MANAGE = "referral_manage"
    CLIENT_READ = "client_read"
    CLIENT_UNMASK = "client_unmask"
    CLIENT_MANAGE = "client_manage"
    PAIRING_MANAGE = "pairing_manage"
    MATTER_WORK = "matter_work"
    MATTER_DECIDE = "matter_decide"
    STATEMENT_READ = "statement_read"
    STATEMENT_PREPARE = "statement_prepare"
    STATEMENT_CERTIFY = "statement_certify"
    REVIEW_READ = "review_read"
    REVIEW_CHECK = "review_check"
    REVIEW_SIGN = "review_sign"
    PAYMENT_RECORD = "payment_record"
    RECEIPT_MANAGE = "receipt_manage"
    APPEAL_DECIDE = "appeal_decide"
    WORKBOOK = "workbook"
    OFFICE_EXPORT = "office_export"
    SPOT_READ = "spot_read"
    SPOT_CHECK = "spot_check"
    SPOT_SETTLE = "spot_settle"
    INTERVIEW = "interview"
    PREMISES_READ = "premises_read"
    PREMISES_KEEP = "premises_keep"
    BUREAU_READ = "bureau_read"
    ADMIN_NAME = "admin_name"
    PROGRAM_MANAGE = "program_manage"
    ROBOT_MANAGE = "robot_manage"
    AUDIT_READ = "audit_read"
    FIRM_KEEP = "firm_keep"
    BILLING = "billing"
    SUPPORT_GRANT = "support_grant"
    DEPART = "depart"
    OPERATE = "operate"


class Role(StrEnum):
    """A membership's role; each belongs to one kind of scope."""

    MANAGER = "manager"
    CLERK = "clerk"
    FINANCE = "finance"
    PARTY_SECRETARY = "party_secretary"
    ADVISER = "adviser"
    TEAM_LEADER = "team_leader"
    CHECKER = "checker"
    APPROVER = "approver"
    READER = "reader"
    ASSESSOR = "assessor"
    OPERATOR = "operator"


class Duty(StrEnum):
    """An administrator's duty in one tenant: three separated ones (GB/T 22239-2019, level 2)."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Member:
    """A person under one membership: the actor of every act."""

    person_id: UUID | None
    name: str
    role: Role
    scope: Scope
    title: str
    """The firm's, the street's or the district's name."""
    membership_id: UUID | None = None
    adviser_id: UUID | None = None
    duties: frozenset[Duty] = frozenset()
    factor_due: datetime | None = None
    """Since when, or from when, this place lets nobody of this role on without a second factor."""
    alarms: int = 0
    """How many isolation alarms of this place nobody has answered for."""
    unread: int = 0
    """How many notices the member has not read, of a hundred at most."""
    read_only_on: date | None = None
    """From which day on the place may only read, for it has not paid; None for never."""
    leaves_on: date | None = None
    """From which day on the firm's data may be deleted, for it leaves; None when it stays."""
    is_of_another: bool = False
    """Whether another tenant acts: the record tells its name, but not where it sits."""
    token_name: str = ""
    """By which token a program acts in the member's place, '' when the person does."""
    visit: Visit | None = None
    """Set when the platform's operator acts in the member's place, as the place allowed."""

    @property
    def actor_id(self) -> UUID | None:
        """The person who really acts."""
        return self.visit.operator_id if self.visit else self.person_id

    @property
    def actor_membership_id(self) -> UUID | None:
        """The membership of whoever really acts."""
        return self.visit.operator_membership_id if self.visit else self.membership_id

    @property
    def in_place_of(self) -> dict[str, str]:
        """What the record's detail tells of an act in a visit: whose place it was done in."""
        if self.visit is None:
            return {}
        return {
            "visit": str(self.visit.id),
            "in_place_of": self.name,
            "in_place_of_id": str(self.person_id),
        }

    @property
    def signature(self) -> str:
        """Who acts, as the record tells it: a program with its token, a visitor with his host."""
        if self.visit:
            return f"{self.visit.operator_name}（平台支持，代{self.name}）"
        return f"{self.name}（令牌：{self.token_name}）" if self.token_name else self.name

    @property
    def firm_id(self) -> UUID:
        """The member's firm. Raises ForbiddenError for one who belongs to none."""
        if self.scope.kind is not ScopeKind.FIRM:
            raise ForbiddenError()
        return UUID(self.scope.key)

    @property
    def street_code(self) -> str:
        """The street of an office's member. Raises ForbiddenError for anybody else."""
        if self.scope.kind is not ScopeKind.OFFICE:
            raise ForbiddenError()
        return self.scope.key


_hand = ContextVar("hand", default="命令行")


@contextmanager
def by_itself() -> Iterator[None]:
    """Let the histories tell what is done inside as the service's own work."""
    token = _hand.set("系统")
    try:
        yield
    finally:
        _hand.reset(token)


def command_member(scope: Scope) -> Member:
    """Return the platform's own hand inside one scope: of a command line, or of the timetable."""
    return Member(None, _hand.get(), Role.OPERATOR, scope, "CounselHub")


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
    from counselhub.core.db import db

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
