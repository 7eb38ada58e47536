"""Wrong answers, counted in the database before one is looked at, for all workers alike (FAC-2).

A try is taken first and given back by a right answer, so that answers sent at the same moment never
get more tries between them than one after another.
"""

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, text

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.i18n import hour
from counselhub.core.tenancy import PLATFORM, apart, as_platform
from counselhub.factors.models import FactorTries
from counselhub.factors.rules import LOCK_MINUTES, TRIES


class LockedError(RefusedError):
    """Too many wrong answers: nothing is looked at for a while."""


TAKE = text(
    """
    INSERT INTO factor_tries AS t (person_id, failures) VALUES (:person, 1)
    ON CONFLICT (person_id) DO UPDATE SET
        failures = CASE WHEN t.locked_until IS NULL THEN t.failures + 1 ELSE 1 END,
        locked_until = CASE WHEN t.locked_until IS NULL AND t.failures + 1 >= :tries
                       THEN CAST(:until AS timestamptz) END
    WHERE t.locked_until IS NULL OR t.locked_until <= :now
    RETURNING failures
    """
)
"""No row comes back while it is locked; a lock that is over begins anew."""


def take(person_id: UUID) -> int:
    """Count a try at once and for good; return how many are left after it.

    Raises LockedError, and counts nothing, while the person is locked.
    """
    now = clock.now()
    values = {
        "person": person_id,
        "tries": TRIES,
        "now": now,
        "until": now + timedelta(minutes=LOCK_MINUTES),
    }
    with apart(db.engine, PLATFORM) as connection:
        failures = connection.scalar(TAKE, values)
        if failures is None:
            until = connection.scalar(
                select(FactorTries.locked_until).where(FactorTries.person_id == person_id)
            )
            raise LockedError(
                _(
                    "连续%(tries)s次不正确，两步验证已锁定。请在%(time)s之后再试。",
                    tries=TRIES,
                    time=hour(until),
                )
            )
    return max(0, TRIES - int(failures))


def give_back(person_id: UUID) -> None:
    """Forget the wrong answers: the right one came."""
    with as_platform():
        db.session.execute(delete(FactorTries).where(FactorTries.person_id == person_id))
