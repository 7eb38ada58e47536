"""Make a token and take it back."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update

from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import ScopeKind, as_platform
from counselhub.tokens import rules
from counselhub.tokens.models import ApiToken

PREFIX = "chk_"
SECRET_BYTES = 32
SHOWN = len(PREFIX) + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a token is to be. expires_on: its last day."""

    name: str
    role: Role
    scopes: Sequence[str]
    expires_on: date


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def roles_for(member: Member) -> list[Role]:
    """Return the roles that the member's tokens may act in."""
    return rules.narrower(member.role, _roles())


def scopes_for(member: Member, role: Role) -> list[str]:
    """Return the scopes that a token of the member's place may have in a role."""
    return rules.scopes_of(member.scope.kind, _roles()[role])


def _roles() -> Mapping[Role, frozenset[Permission]]:
    roles: Mapping[Role, frozenset[Permission]] = current_app.extensions["policy"].roles
    return roles


def make(given: Given, *, by: Member) -> tuple[ApiToken, str]:
    """Make a token of the member; return it with its secret, which is nowhere else.

    Raises RefusedError, ForbiddenError for a wider role than the member's.
    """
    _refuse(given, by)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken(
        kind=by.scope.kind.value,
        key=by.scope.key,
        membership_id=by.membership_id,
        person_id=by.person_id,
        made_by_name=by.name,
        name=given.name,
        role=given.role,
        scopes=list(given.scopes),
        digest=digest(secret),
        start=secret[:SHOWN],
        created_at=clock.now(),
        expires_on=given.expires_on,
    )
    with as_platform():
        db.session.add(token)
    history.note(
        "token_made",
        scope=by.scope,
        by=by,
        token=given.name,
        role=given.role.value,
        scopes=list(given.scopes),
        expires_on=str(given.expires_on),
    )
    return token, secret


def _refuse(given: Given, by: Member) -> None:
    today = clock.today()
    if by.membership_id is None or by.scope.kind not in (ScopeKind.FIRM, ScopeKind.OFFICE):
        raise ForbiddenError()
    if given.role not in roles_for(by):
        raise ForbiddenError()
    if not given.scopes or rules.unknown(given.scopes, by.scope.kind, _roles()[given.role]):
        raise RefusedError(_("请至少选择一项权限。"), at="scopes")
    if rules.is_over(given.expires_on, today):
        raise RefusedError(_("最后一天不能早于今天。"), at="expires_on")
    if rules.ends_too_late(given.expires_on, today):
        raise RefusedError(_("令牌最多用一年，到期请新建一个。"), at="expires_on")


def revoke(token: ApiToken, *, by: Member) -> None:
    """Take a token back at once. Raises ConflictError when somebody has."""
    given = {"revoked_at": clock.now(), "revoked_by_name": by.name}
    is_live = (ApiToken.id == token.id, ApiToken.revoked_at.is_(None))
    with as_platform():
        if not reached(update(ApiToken).where(*is_live).values(given)):
            raise ConflictError(_("这个令牌已经撤销。"))
    history.note("token_revoked", scope=by.scope, by=by, token=token.name)
