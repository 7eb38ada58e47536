"""Who has which second factor, and what a place asks for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from counselhub.admins.queries import PLACE, running_in
from counselhub.core.db import db
from counselhub.core.tenancy import Scope, as_platform
from counselhub.factors.models import FactorRule, FactorTries, Passkey, RecoveryCode, Totp
from counselhub.people.models import Membership, Person

_m = Membership.__table__.c
_r = FactorRule.__table__.c


@dataclass(frozen=True, slots=True)
class Held:
    """The second factors of one person; totp_since: when the app was switched on."""

    totp_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is one at all; recovery codes alone are none."""
        return self.totp_since is not None or bool(self.passkeys)


def held_by(person_id: UUID) -> Held:
    """Return the second factors of a person, with two statements."""
    codes = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    app = select(Totp.confirmed_at).where(Totp.person_id == person_id).scalar_subquery()
    keys = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.created_at)
    with as_platform():
        since, left = db.session.execute(select(app, codes)).one()
        return Held(since, tuple(db.session.scalars(keys)), left)


def has_factor(person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether the person of the enclosing statement has a second factor."""
    app, key = Totp.__table__.c, Passkey.__table__.c
    confirmed = select(app.person_id).where(
        app.person_id == person_id, app.confirmed_at.is_not(None)
    )
    registered = select(key.id).where(key.person_id == person_id)
    table = person_id.table
    return or_(confirmed.correlate(table).exists(), registered.correlate(table).exists())


def factor_due() -> ColumnElement[datetime | None]:
    """From when a row of `membership` in the enclosing statement goes on only with a factor.

    Null when the place asks for none, or the person has one. Grace runs from the rule or from
    joining, whichever was later.
    """
    due = func.greatest(_r.since, _m.created_at) + _r.grace_days * timedelta(days=1)
    asked = select(due).where(
        _r.kind == _m.kind, _r.key == PLACE, _r.role == _m.role, ~has_factor(_m.person_id)
    )
    return asked.correlate(Membership.__table__).scalar_subquery().label("factor_due")


def rules_of(scope: Scope) -> list[FactorRule]:
    """Return the roles that a place asks for a second factor, by role."""
    query = select(FactorRule).where(
        FactorRule.kind == scope.kind.value, FactorRule.key == scope.key
    )
    with as_platform():
        return list(db.session.scalars(query.order_by(FactorRule.role)))


def colleagues(
    scope: Scope, words: str = "", state: str = ""
) -> Select[Membership, Person, bool, FactorRule, datetime | None]:
    """Select the running memberships of a place with person, factor, rule and lock, by name.

    words: a part of name or address. state: has, lacks, due (asked for and lacking), or all.
    To be run as the platform: a person's factors are nobody else's to read.
    """
    has = has_factor(Person.__table__.c.id).label("has")
    query = (
        select(Membership, Person, has, FactorRule, FactorTries.locked_until)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(
            FactorRule,
            and_(
                FactorRule.kind == Membership.kind,
                FactorRule.key == scope.key,
                FactorRule.role == Membership.role,
            ),
        )
        .outerjoin(FactorTries, FactorTries.person_id == Person.id)
        .where(*running_in(scope))
    )
    if words:
        sought = f"%{_plain(words)}%"
        query = query.where(or_(Person.name.ilike(sought), Person.email.ilike(sought)))
    asked: dict[str, list[ColumnElement[bool]]] = {
        "has": [has],
        "lacks": [~has],
        "due": [~has, FactorRule.role.is_not(None)],
    }
    return query.where(*asked.get(state, [])).order_by(Person.name, Membership.id)


def _plain(words: str) -> str:
    """Take the meaning from what ILIKE would read as any letters."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
