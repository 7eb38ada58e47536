"""A second factor instead of the password, where a signed-in person proves to be there.

The session began with the password (or a passkey) already, so one more factor is enough: a code of
the app, or a passkey that has looked at its owner. Recovery codes are for the day the phone is
lost, and who lost it still has the password.
"""

from uuid import UUID

from flask_babel import gettext as _

from counselhub.core import history
from counselhub.core.errors import RefusedError
from counselhub.core.history import Outcome
from counselhub.core.members import Member
from counselhub.factors import actions, party, passkeys, queries
from counselhub.factors.kinds import Method
from counselhub.factors.rules import is_one_time, tidied
from counselhub.factors.second_step import tried, wrong_code
from counselhub.people.second_step import Ways


def ways(person_id: UUID) -> Ways:
    """Return which factors the person may answer with at this address."""
    held, here = queries.held_by(person_id), party.found()
    passkey = bool(here and any(key.host == here.id for key in held.passkeys))
    return Ways(code=held.totp_since is not None, passkey=passkey)


def prove(who: Member, code: str, answer: str) -> str:
    """Return by what the person proved to be there.

    Counted as at sign-in (FAC-2), a code is spent (FAC-1). Raises LockedError, RefusedError.
    """
    return tried(who, lambda person_id: _method(person_id, code, answer), _note_refused).value


def _note_refused(who: Member, left: int) -> None:
    why = "wrong" if left else "wrong_and_locked"
    history.note("confirm", scope=who.scope, by=who, outcome=Outcome.REFUSED, left=left, why=why)


def _method(person_id: UUID, code: str, answer: str) -> Method:
    if answer:
        passkeys.confirm(answer, party.needed(), person_id)
        return Method.PASSKEY
    typed = tidied(code)
    if not is_one_time(typed):
        raise RefusedError(_("请输入应用里的6位验证码；恢复码只在登录时使用。"))
    if not actions.use_totp(person_id, typed):
        raise wrong_code()
    return Method.TOTP
