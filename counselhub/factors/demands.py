"""Which roles of a place must have a second factor."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.factors import queries
from counselhub.factors.models import FactorRule
from counselhub.people.kinds import PLACE_ROLES


def roles_of(member: Member) -> tuple[Role, ...]:
    """Return the roles that there are in the member's place."""
    return PLACE_ROLES.get(member.scope.kind, ())


def fingerprint(rules: Iterable[FactorRule]) -> str:
    """Return what tells the rules that a page showed from later ones."""
    return ",".join(f"{rule.role}:{rule.grace_days}" for rule in rules)


def ask(roles: Sequence[str], grace_days: int, *, by: Member, seen: str) -> None:
    """Ask exactly these roles for a second factor, each after `grace_days` (0 to 90).

    A role asked before keeps its beginning. seen: the fingerprint of what the reader saw. Raises
    ConflictError when it is no longer so, RefusedError for a role that the place has not.
    """
    if not set(roles) <= set(roles_of(by)):
        raise RefusedError(_("所选角色不属于本单位，请刷新页面后重选。"))
    before = queries.rules_of(by.scope)
    if fingerprint(before) != seen:
        raise ConflictError(_("两步验证的要求刚刚改过。下面是最新内容，请核对后再保存。"))
    with as_platform():
        _drop({rule.role for rule in before} - set(roles), by)
        _keep(roles, grace_days, by)
    history.note(
        "factor_rules",
        scope=by.scope,
        by=by,
        roles=sorted(roles),
        grace_days=grace_days,
        before=fingerprint(before),
    )


def _drop(roles: set[str], by: Member) -> None:
    db.session.execute(
        delete(FactorRule).where(*_place(by), FactorRule.role.in_(roles)),
        execution_options={"synchronize_session": False},
    )


def _keep(roles: Sequence[str], grace_days: int, by: Member) -> None:
    db.session.execute(
        update(FactorRule).where(*_place(by)).values(grace_days=grace_days),
        execution_options={"synchronize_session": False},
    )
    now = clock.now()
    fresh = [
        {
            "kind": by.scope.kind.value,
            "key": by.scope.key,
            "role": role,
            "since": now,
            "grace_days": grace_days,
        }
        for role in roles
    ]
    if fresh:
        db.session.execute(insert(FactorRule).values(fresh).on_conflict_do_nothing())


def _place(by: Member) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return FactorRule.kind == by.scope.kind.value, FactorRule.key == by.scope.key
