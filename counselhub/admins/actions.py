"""Name an administrator, hand a duty over, leave it vacant."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from counselhub.admins import queries
from counselhub.admins.kinds import DUTY_WORDS
from counselhub.admins.models import AdminDuty
from counselhub.admins.queries import Known
from counselhub.admins.rules import Objection, objection_to_naming, objection_to_vacating
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Duty
from counselhub.core.tenancy import Scope, as_platform
from counselhub.people.models import Membership


def name(duty: Duty, membership_id: UUID, *, by: Member, instead_of: UUID | None = None) -> Known:
    """Give a duty to a colleague; whoever held it holds it no longer.

    instead_of: the holding (AdminDuty) that the reader saw, None when the duty was vacant.
    Raises NotFoundError for nobody of the own place, RefusedError by rules ADM-1, 2 and 4,
    ConflictError when somebody else was named meanwhile.
    """
    people = queries.everybody(by.scope)
    whom = next((one for one in people if one.membership_id == membership_id), None)
    if whom is None:
        raise NotFoundError()
    before = _seen(duty, people, instead_of)
    objection = objection_to_naming(
        duty, whom.facts, [one.facts for one in people], by=by.person_id
    )
    if objection:
        raise RefusedError(_sentence(objection, whom))
    _replace(duty, whom, by.scope)
    history.note(
        "duty_named",
        scope=by.scope,
        by=by,
        duty=duty.value,
        whom=whom.name,
        membership=str(whom.membership_id),
        before=before.name if before else None,
    )
    return whom


def _replace(duty: Duty, whom: Known, scope: Scope) -> None:
    """End the holding there is and begin the next; of two at once the second is told."""
    with as_platform():
        _end(scope, duty)
        try:
            with db.session.begin_nested():
                db.session.add(_holding(duty, whom, scope))
        except IntegrityError as error:
            raise ConflictError(
                _("%(duty)s刚刚由别人改过，请看最新的名单。", duty=_(DUTY_WORDS[duty]))
            ) from error


def vacate(duty: Duty, *, by: Member, held: UUID | None) -> None:
    """Leave a duty vacant; the system duty falls back to the head (ADM-3).

    held: the holding that the reader saw. Raises RefusedError by rule ADM-4, ConflictError when
    it is another by now.
    """
    people = queries.everybody(by.scope)
    before = _seen(duty, people, held)
    if before is None:
        raise NotFoundError()
    if objection_to_vacating(duty, [one.facts for one in people]):
        raise RefusedError(_sentence(Objection.NOBODY_LEFT, before))
    with as_platform():
        _end(by.scope, duty)
    history.note("duty_ended", scope=by.scope, by=by, duty=duty.value, whom=before.name)


def _seen(duty: Duty, people: Sequence[Known], seen: UUID | None) -> Known | None:
    """Return who holds `duty`; ConflictError when it is not the holding that the reader saw."""
    holder = next((one for one in people if one.facts.duty is duty), None)
    if (holder.duty_id if holder else None) == seen:
        return holder
    word = _(DUTY_WORDS[duty])
    if holder is None:
        raise ConflictError(_("%(duty)s现在空缺，请看最新的名单。", duty=word))
    raise ConflictError(_("%(duty)s现在是%(name)s，请看最新的名单。", duty=word, name=holder.name))


def _end(scope: Scope, duty: Duty) -> None:
    """End the holding of `duty`, and those whose people have left."""
    left = select(Membership.id).where(Membership.ended_at.is_not(None))
    db.session.execute(
        update(AdminDuty)
        .where(
            AdminDuty.kind == scope.kind.value,
            AdminDuty.key == scope.key,
            AdminDuty.ended_at.is_(None),
            (AdminDuty.duty == duty.value) | AdminDuty.membership_id.in_(left),
        )
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _holding(duty: Duty, whom: Known, scope: Scope) -> AdminDuty:
    return AdminDuty(
        kind=scope.kind.value,
        key=scope.key,
        duty=duty.value,
        membership_id=whom.membership_id,
        person_id=whom.facts.person_id,
        since=clock.now(),
    )


def _sentence(objection: Objection, whom: Known) -> object:
    held = _(DUTY_WORDS[whom.facts.duty]) if whom.facts.duty else ""
    match objection:
        case Objection.SELF:
            return _("不能任命自己，请任命另一位同事。")
        case Objection.HOLDS_IT:
            return _("%(name)s已经是%(duty)s。", name=whom.name, duty=held)
        case Objection.HOLDS_ANOTHER:
            return _(
                "%(name)s已经是%(duty)s，一个人只能担任一项。请先把%(duty)s交给别人。",
                name=whom.name,
                duty=held,
            )
        case Objection.NOBODY_LEFT:
            return _("这样就没有人管账号了。请先任命一位系统管理员。")
