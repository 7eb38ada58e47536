"""Register a passkey, and check what one has signed."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.factors import actions, challenges
from counselhub.factors.challenges import BadAnswerError, not_proved
from counselhub.factors.models import Passkey
from counselhub.factors.rules import Party
from counselhub.people.models import Person

MOST_PASSKEYS = 10
REGISTER, PROVE, CONFIRM, SIGN_IN = "register", "prove", "confirm", "sign_in"
ALONE = (CONFIRM, SIGN_IN)
"""Where a passkey answers without a password: then it has to look at its owner."""


def registration_options(person: Person, party: Party) -> str:
    """Return what the browser makes a passkey from, as JSON; it holds a fresh challenge."""
    known = _passkeys(person.id, party)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name="CounselHub",
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        timeout=challenges.MINUTES * 60_000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return challenges.ask(options, REGISTER, person.id)


def register(answer: str, name: str, party: Party, *, person: Person, by: Member) -> Passkey:
    """Keep the passkey that the browser has made. Raises BadAnswerError, RefusedError."""
    sent = challenges.parsed(answer)
    challenge = challenges.take(sent, REGISTER, person.id)
    try:
        made = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
    except Exception as error:  # whatever a forged answer breaks in the parsers below
        raise BadAnswerError(_not_made()) from error
    passkey = Passkey(
        person_id=person.id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        host=party.id,
        name=name,
        transports=_transports(sent),
        created_at=clock.now(),
    )
    _keep(passkey)
    history.note("passkey_added", scope=by.scope, by=by, passkey=name, host=party.id)
    return passkey


def _keep(passkey: Passkey) -> None:
    if len(_passkeys(passkey.person_id)) >= MOST_PASSKEYS:
        raise RefusedError(_("最多保存%(most)s个通行密钥，请先删除不用的。", most=MOST_PASSKEYS))
    with as_platform():
        try:
            with db.session.begin_nested():
                db.session.add(passkey)
        except IntegrityError as error:
            raise RefusedError(_("这个通行密钥已经登记过了。")) from error


def proof_options(person_id: UUID, party: Party) -> str:
    """Return what the browser asks one of the person's passkeys beside the password, as JSON.

    Raises NotFoundError when none of them belongs to this host name.
    """
    return _options(person_id, party, PROVE)


def confirm_options(person_id: UUID, party: Party) -> str:
    """Return what the browser asks one of the person's passkeys instead of the password, as JSON.

    Raises NotFoundError when none of them belongs to this host name.
    """
    return _options(person_id, party, CONFIRM)


def _options(person_id: UUID, party: Party, purpose: str) -> str:
    known = _passkeys(person_id, party)
    if not known:
        raise NotFoundError(_("在这个网址上没有登记过通行密钥。"))
    options = generate_authentication_options(
        rp_id=party.id,
        timeout=challenges.MINUTES * 60_000,
        allow_credentials=_descriptors(known),
        user_verification=_look_at_owner(purpose),
    )
    return challenges.ask(options, purpose, person_id)


def _look_at_owner(purpose: str) -> UserVerificationRequirement:
    needed, preferred = UserVerificationRequirement.REQUIRED, UserVerificationRequirement.PREFERRED
    return needed if purpose in ALONE else preferred


def sign_in_options(party: Party) -> str:
    """Return what the browser asks any passkey it keeps for this host name, as JSON."""
    options = generate_authentication_options(
        rp_id=party.id,
        timeout=challenges.MINUTES * 60_000,
        user_verification=_look_at_owner(SIGN_IN),
    )
    return challenges.ask(options, SIGN_IN, None)


def prove(answer: str, party: Party, person_id: UUID) -> Passkey:
    """Return the person's passkey that signed our challenge. Raises BadAnswerError."""
    return _checked(answer, party, PROVE, person_id)


def confirm(answer: str, party: Party, person_id: UUID) -> Passkey:
    """Return the person's passkey that signed after looking at its owner. Raises BadAnswerError."""
    return _checked(answer, party, CONFIRM, person_id)


def sign_in(answer: str, party: Party) -> UUID:
    """Return whose passkey signed our challenge after looking at its owner. Raises BadAnswerError.

    Device and finger, face or PIN together are two factors: no password is asked.
    """
    return _checked(answer, party, SIGN_IN, None).person_id


def remove(passkey: Passkey, *, by: Member) -> None:
    """Delete one's own passkey; with the last factor the recovery codes go too."""
    with as_platform():
        db.session.delete(passkey)
        db.session.flush()
    history.note("passkey_removed", scope=by.scope, by=by, passkey=passkey.name)
    actions.drop_codes_of_nothing(passkey.person_id)


def own(passkey_id: UUID, person_id: UUID | None) -> Passkey:
    """Return one of the person's passkeys. Raises NotFoundError for those of others."""
    with as_platform():
        found = db.session.get(Passkey, passkey_id)
    if found is None or found.person_id != person_id:
        raise NotFoundError()
    return found


def _checked(answer: str, party: Party, purpose: str, person_id: UUID | None) -> Passkey:
    sent = challenges.parsed(answer)
    challenge = challenges.take(sent, purpose, person_id)
    with as_platform():
        passkey = db.session.scalar(
            select(Passkey).where(Passkey.credential_id == str(sent.get("id")))
        )
    if passkey is None or person_id not in (None, passkey.person_id) or passkey.host != party.id:
        raise BadAnswerError(_("这个通行密钥没有在您的账号下登记，请换一个，或改用验证码。"))
    try:
        signed = verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=purpose in ALONE,
        )
    except Exception as error:  # whatever a forged answer breaks in the parsers below
        raise BadAnswerError(not_proved(), passkey.person_id) from error
    _count(passkey, signed.new_sign_count)
    return passkey


def _count(passkey: Passkey, count: int) -> None:
    """Keep the passkey's own counter; of two answers at once only one passes."""
    with as_platform():
        kept = reached(
            update(Passkey)
            .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
            .values(sign_count=count, last_used_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    if kept != 1:
        raise BadAnswerError(not_proved(), passkey.person_id)


def _passkeys(person_id: UUID, party: Party | None = None) -> list[Passkey]:
    query = select(Passkey).where(Passkey.person_id == person_id)
    if party is not None:
        query = query.where(Passkey.host == party.id)
    with as_platform():
        return list(db.session.scalars(query))


def _descriptors(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(one.credential_id),
            transports=[AuthenticatorTransport(way) for way in one.transports],
        )
        for one in known
    ]


def _transports(sent: dict[str, Any]) -> list[str]:
    """Return the ways to reach the passkey that we know of, as the browser told them."""
    told = sent["response"].get("transports")
    known = {way.value for way in AuthenticatorTransport}
    return [way for way in told if way in known] if isinstance(told, list) else []


def _not_made() -> str:
    return str(_("浏览器没有生成有效的通行密钥，请重新点一次“添加”。"))
