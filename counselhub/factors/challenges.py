"""What a passkey is asked to sign: kept in the database, spent by the first answer."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from webauthn import options_to_json
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import PLATFORM, apart, as_platform
from counselhub.factors.models import PasskeyChallenge

MINUTES = 5
LONGEST_ANSWER = 20_000
"""Letters of an answer; a genuine one with its attestation has some two thousand."""


class BadAnswerError(RefusedError):
    """What the browser sent is no valid answer to our challenge.

    person_id: whose passkey it claims to be, when it is a known one.
    """

    def __init__(self, message: object, person_id: UUID | None = None) -> None:
        super().__init__(message)
        self.person_id = person_id


def ask(options: Any, purpose: str, person_id: UUID | None) -> str:
    """Keep the challenge of `options`, sweep out those of before, return the options as JSON."""
    now = clock.now()
    with as_platform():
        db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
        db.session.add(
            PasskeyChallenge(
                person_id=person_id,
                purpose=purpose,
                challenge=bytes_to_base64url(options.challenge),
                expires_at=now + timedelta(minutes=MINUTES),
            )
        )
    return options_to_json(options)


def take(sent: dict[str, Any], purpose: str, person_id: UUID | None) -> bytes:
    """Take out the challenge that the browser says it answered; it is gone whatever comes of it.

    Raises BadAnswerError when it is not ours, used, too old, or of another person or purpose.
    """
    with apart(db.engine, PLATFORM) as connection:
        taken = connection.execute(
            delete(PasskeyChallenge)
            .where(
                PasskeyChallenge.challenge == _challenge_of(sent),
                PasskeyChallenge.purpose == purpose,
                PasskeyChallenge.person_id.is_not_distinct_from(person_id),
            )
            .returning(PasskeyChallenge.challenge, PasskeyChallenge.expires_at)
        ).one_or_none()
    if taken is None or taken.expires_at < clock.now():
        raise BadAnswerError(_("这次验证已经过期或用过了，请重新点一次。"))
    return base64url_to_bytes(taken.challenge)


def _challenge_of(sent: dict[str, Any]) -> str:
    try:
        told = json.loads(base64url_to_bytes(sent["response"]["clientDataJSON"]))
        return str(told["challenge"]).rstrip("=").replace("\0", "")
    except (KeyError, TypeError, ValueError) as error:
        raise BadAnswerError(not_proved()) from error


def parsed(answer: str) -> dict[str, Any]:
    """Return what the browser sent as JSON. Raises BadAnswerError for anything but an object."""
    try:
        sent = json.loads(answer if len(answer) <= LONGEST_ANSWER else "")
    except (ValueError, RecursionError) as error:
        raise BadAnswerError(not_proved()) from error
    if not isinstance(sent, dict) or "\0" in str(sent.get("id")):
        raise BadAnswerError(not_proved())
    return sent


def not_proved() -> str:
    """Say that a passkey did not prove what it should."""
    return str(_("通行密钥验证没有通过，请重新点一次，或改用验证码。"))
