"""The second step: what is asked after the right password, and whether the answer is right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import DomainError, NotFoundError, RefusedError
from counselhub.core.history import Outcome
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.factors import actions, passkeys, queries, tries
from counselhub.factors.kinds import Method
from counselhub.factors.rules import TRIES, Party, is_one_time, tidied
from counselhub.people import passwords
from counselhub.people.models import Person
from counselhub.people.session import members_of, restart

MINUTES = 5
KEY = "second_step"


@dataclass(frozen=True, slots=True)
class Pending:
    """A right password that waits for the second step: all that the cookie says."""

    person_id: UUID
    back: str


class ExpiredError(RefusedError):
    """The password was too long ago, or there was none."""


def after_password(person_id: UUID, back: str) -> ResponseReturnValue | None:
    """Ask whoever has a second factor for it; nobody is signed in until then."""
    if not queries.held_by(person_id).any:
        return None
    restart()
    session[KEY] = {"person": str(person_id), "at": clock.now().timestamp(), "back": back}
    return redirect(url_for("second_step.second_step"), 303)


def pending() -> Pending:
    """Return who waits for the second step. Raises ExpiredError."""
    told = session.get(KEY, {})
    try:
        at = datetime.fromtimestamp(told["at"], UTC)
        waiting = Pending(UUID(told["person"]), str(told["back"]))
    except (TypeError, KeyError, ValueError, OverflowError, OSError):
        raise ExpiredError(_("请先输入邮箱和密码。")) from None
    if not timedelta(0) <= clock.now() - at <= timedelta(minutes=MINUTES):
        session.pop(KEY, None)
        raise ExpiredError(
            _("密码验证已超过%(minutes)s分钟，请重新输入邮箱和密码。", minutes=MINUTES)
        )
    return waiting


def member_of(person_id: UUID) -> Member:
    """Return the person's first membership, whose record notes the sign-in."""
    members = members_of(person_id)
    if not members:
        raise NotFoundError(_("您的账号目前不属于任何单位，请联系管理员。"))
    return members[0]


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody answers: a code, or what a passkey signed (JSON) for the page's party.

    password: asked for once more before factors are taken away, None where it just was right.
    """

    code: str
    answer: str = ""
    party: Party | None = None
    password: str | None = None


def check(who: Member, proof: Proof) -> Method:
    """Return how the person proved to be the one. Raises LockedError, RefusedError as `tried`."""

    def look(person_id: UUID) -> Method:
        _same_password(person_id, proof.password)
        return _method(person_id, proof)

    method = tried(who, look, _note_refused)
    if method is Method.RECOVERY and who.person_id:
        codes = queries.held_by(who.person_id).codes_left
        history.note("recovery_code_used", scope=who.scope, by=who, left=codes)
    return method


def tried(
    who: Member, look: Callable[[UUID], Method], note_refused: Callable[[Member, int], None]
) -> Method:
    """Return what `look` finds in an answer.

    The try is counted before anything is looked at. Raises LockedError, and RefusedError for a
    wrong answer, which `note_refused` records with how many tries are left.
    """
    person_id = who.person_id
    if person_id is None:
        raise NotFoundError()
    left = tries.take(person_id)
    try:
        method = look(person_id)
    except DomainError as refusal:
        note_refused(who, left)
        raise RefusedError(f"{refusal.message}{_left(left)}") from refusal
    tries.give_back(person_id)
    return method


def _note_refused(who: Member, left: int) -> None:
    act = "second_step_locked" if left == 0 else "second_step"
    history.note(act, scope=who.scope, by=who, outcome=Outcome.REFUSED, left=left)


def _same_password(person_id: UUID, password: str | None) -> None:
    if password is None:
        return
    with as_platform():
        person = db.session.get(Person, person_id)
    if person is None or not passwords.matches(person.password_hash, password):
        raise RefusedError(_("密码不正确。"))


def _method(person_id: UUID, proof: Proof) -> Method:
    if proof.answer and proof.party:
        passkeys.prove(proof.answer, proof.party, person_id)
        return Method.PASSKEY
    typed = tidied(proof.code)
    if is_one_time(typed):
        if actions.use_totp(person_id, typed):
            return Method.TOTP
        raise wrong_code()
    if typed and actions.use_recovery_code(person_id, typed):
        return Method.RECOVERY
    raise RefusedError(_("请输入应用里的6位验证码，或一个没有用过的恢复码。"))


def wrong_code() -> RefusedError:
    """Return the refusal of a one-time code."""
    return RefusedError(
        _("验证码不正确，或者刚刚用过。请等应用显示下一个再输入，并确认手机时间是自动设置的。")
    )


def _left(left: int) -> str:
    if left == 0:
        return str(_("已连续%(tries)s次不正确，两步验证锁定15分钟。", tries=TRIES))
    return str(_("还可以试%(left)s次。", left=left))
