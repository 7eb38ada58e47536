"""Switch one-time codes on and off, make recovery codes, take them away from who lost them."""

from uuid import UUID

from flask_babel import gettext as _
from pyotp import TOTP, random_base32
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.factors import queries, rules, seals, tries
from counselhub.factors.models import Passkey, PasskeyChallenge, RecoveryCode, Totp
from counselhub.people import sign_ins
from counselhub.people.kinds import SessionEnd
from counselhub.people.models import Membership, Person
from counselhub.people.queries import places_beside

ISSUER = "CounselHub"


def begin_totp(*, by: Member) -> None:
    """Make a fresh secret for the app, which counts once a code confirms it.

    Raises ConflictError when codes are switched on already.
    """
    with as_platform():
        fresh = {
            "person_id": by.person_id,
            "sealed": seals.seal(random_base32(), _own(by)),
            "created_at": clock.now(),
        }
        statement = insert(Totp).values(fresh)
        made = db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["person_id"],
                set_={"sealed": fresh["sealed"], "created_at": fresh["created_at"]},
                where=Totp.confirmed_at.is_(None),
            ).returning(Totp.person_id)
        ).one_or_none()
    if made is None:
        raise ConflictError(_("动态验证码已经启用。要换手机，请先关闭，再重新启用。"))


def secret_to_confirm(*, by: Member) -> str:
    """Return the secret that waits for its first code. Raises NotFoundError when none does."""
    return seals.unseal(_unconfirmed(_own(by)).sealed, _own(by))


def address_of(secret: str, email: str) -> str:
    """Return what the QR code says to the app."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def confirm_totp(code: str, *, by: Member) -> list[str]:
    """Switch codes on by the first one; return fresh recovery codes when there were none left.

    Raises RefusedError for a wrong code (and says when the phone's clock is off), NotFoundError
    when no secret waits.
    """
    person_id, now = _own(by), int(clock.now().timestamp())
    waiting = _unconfirmed(person_id)
    secret, typed = seals.unseal(waiting.sealed, person_id), rules.tidied(code)
    step = rules.matching_step(secret, typed, now)
    if step is None:
        raise RefusedError(_what_is_wrong(rules.minutes_off(secret, typed, now)))
    with as_platform():
        switched = reached(
            update(Totp)
            .where(
                Totp.person_id == person_id,
                Totp.confirmed_at.is_(None),
                Totp.sealed == waiting.sealed,
            )
            .values(confirmed_at=clock.now(), last_step=step)
        )
    if switched != 1:
        raise ConflictError(_("二维码已经换过，请扫描最新的二维码。"))
    history.note("totp_on", scope=by.scope, by=by)
    return first_codes(by=by)


def _what_is_wrong(minutes_off: int | None) -> str:
    if minutes_off is None:
        return str(_("验证码不正确。请输入应用里当前显示的6位数字，它每30秒换一次。"))
    return str(
        _(
            "验证码对得上，但手机时间与北京时间差了约%(minutes)s分钟。"
            "请在手机设置里打开“自动设置时间”，再输入新的验证码。",
            minutes=minutes_off,
        )
    )


def first_codes(*, by: Member) -> list[str]:
    """Return fresh recovery codes with the first factor, none when the person has some left."""
    return [] if queries.held_by(_own(by)).codes_left else make_codes(by=by)


def make_codes(*, by: Member) -> list[str]:
    """Return ten fresh recovery codes, shown this once; the earlier ones are void."""
    codes, now = rules.new_recovery_codes(), clock.now()
    with as_platform():
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == by.person_id))
        db.session.execute(
            insert(RecoveryCode),
            [
                {"person_id": by.person_id, "digest": rules.digest_of(code), "created_at": now}
                for code in codes
            ],
        )
    history.note("recovery_codes_made", scope=by.scope, by=by, number=len(codes))
    return codes


def turn_off_totp(*, by: Member) -> None:
    """Switch one-time codes off; without another factor the recovery codes go too.

    Raises ConflictError when they are off already.
    """
    with as_platform():
        gone = reached(delete(Totp).where(Totp.person_id == by.person_id))
    if gone != 1:
        raise ConflictError(_("动态验证码已经是关闭状态。"))
    history.note("totp_off", scope=by.scope, by=by)
    drop_codes_of_nothing(_own(by))


def drop_codes_of_nothing(person_id: UUID) -> None:
    """Void the recovery codes of a person without a factor to recover."""
    if not queries.held_by(person_id).any:
        with as_platform():
            db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def reset(membership: Membership, *, by: Member) -> int:
    """Take all factors from a colleague who lost them; the next sign-in asks for none.

    Returns how many of the colleague's sessions that ended: whoever found the phone may hold one.
    Raises RefusedError for oneself, and for whoever belongs elsewhere too: the factor guards that
    other place as well.
    """
    person: Person = membership.person
    if person.id == by.person_id:
        raise RefusedError(
            _("不能清除自己的验证方式。请系统管理员先把安全管理员交给另一位同事，由他来清除。")
        )
    if places_beside(person.id, by.scope):
        raise RefusedError(
            _("%(name)s在别的单位也有账号，不能由一个单位清除。请联系平台运维。", name=person.name)
        )
    ended = forget(person.id)
    history.note(
        "factors_reset",
        scope=by.scope,
        by=by,
        whom=person.name,
        person=str(person.id),
        sessions=ended,
    )
    return ended


def forget(person_id: UUID) -> int:
    """Delete every factor of a person, recovery codes and wrong answers too; end every session.

    Returns how many sessions ended.
    """
    with as_platform():
        for table in (Totp, RecoveryCode, Passkey, PasskeyChallenge):
            db.session.execute(delete(table).where(table.person_id == person_id))
    tries.give_back(person_id)
    return sign_ins.end(person_id, SessionEnd.FACTORS)


def _own(by: Member) -> UUID:
    if by.person_id is None:
        raise NotFoundError()
    return by.person_id


def _unconfirmed(person_id: UUID) -> Totp:
    with as_platform():
        waiting = db.session.scalar(
            select(Totp).where(Totp.person_id == person_id, Totp.confirmed_at.is_(None))
        )
    if waiting is None:
        raise NotFoundError(_("没有等待确认的二维码，请从两步验证页面重新开始。"))
    return waiting


def use_totp(person_id: UUID, code: str) -> bool:
    """Say whether this is the person's one-time code, and spend it (FAC-1)."""
    with as_platform():
        app = db.session.scalar(
            select(Totp).where(Totp.person_id == person_id, Totp.confirmed_at.is_not(None))
        )
        if app is None:
            return False
        secret = seals.unseal(app.sealed, person_id)
        step = rules.matching_step(secret, code, int(clock.now().timestamp()))
        if step is None:
            return False
        spent = reached(
            update(Totp)
            .where(Totp.person_id == person_id, func.coalesce(Totp.last_step, 0) < step)
            .values(last_step=step)
        )
    return bool(spent)


def use_recovery_code(person_id: UUID, code: str) -> bool:
    """Say whether this is an unused recovery code of the person, and spend it (FAC-3)."""
    with as_platform():
        spent = reached(
            update(RecoveryCode)
            .where(
                RecoveryCode.person_id == person_id,
                RecoveryCode.digest == rules.digest_of(code),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=clock.now())
        )
    return bool(spent)
