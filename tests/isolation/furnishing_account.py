"""Everything that an account may have, marked."""

from typing import Any

from counselhub.admins.models import AdminDuty
from counselhub.core import clock
from counselhub.core.counters import RateCount
from counselhub.core.db import db
from counselhub.factors.models import (
    FactorRule,
    FactorTries,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    Totp,
)
from counselhub.people.models import (
    AccountRule,
    Membership,
    PasswordBefore,
    SignInSession,
    SignInTries,
)


def add_account(room: Any, joined: Membership) -> None:
    """Give the colleague a row of everything that an account may have."""
    scope, person, now = room.tenant.scope, joined.person_id, clock.now()
    place = {"kind": scope.kind.value, "key": scope.key}
    key = Passkey(
        person_id=person,
        credential_id=room.token,
        public_key="x",
        sign_count=0,
        host="localhost",
        name=f"手机{room.token}",
        transports=[],
        created_at=now,
    )
    db.session.add_all(
        [
            key,
            Totp(person_id=person, sealed="x", created_at=now),
            RecoveryCode(person_id=person, digest=room.token, created_at=now),
            PasskeyChallenge(
                person_id=person, purpose="proof", challenge=room.token, expires_at=now
            ),
            FactorTries(person_id=person, failures=1),
            FactorRule(**place, role="clerk", since=now, grace_days=90),
            AdminDuty(
                **place,
                duty="audit",
                membership_id=joined.id,
                person_id=person,
                since=now,
                ended_at=now,
            ),
            PasswordBefore(person_id=person, password_hash="x", replaced_at=now),
            SignInSession(
                person_id=person,
                digest=room.token,
                created_at=now,
                last_seen_at=now,
                confirmed_at=now,
                address="192.0.2.1",
                agent=room.token,
            ),
            SignInTries(key=room.token, failures=1, since=now, last_at=now),
            AccountRule(**place, password_days=None),
            RateCount(key=room.token, hits=1, ends_at=now),
        ]
    )
    db.session.flush()
    room.note(passkey_id=key.id)
