"""How long a place may let the operator in. Pure; times are aware, the end is excluded."""

from datetime import datetime, timedelta

from counselhub.support.kinds import ConsentState, VisitEnd

HOURS = (1, 2, 4, 8, 24)
"""What a place may choose from; no consent lasts longer than the last."""
USUAL_HOURS = 2


def until(begin: datetime, hours: int) -> datetime:
    """Return when a consent given at `begin` ends. hours: one of HOURS, else ValueError."""
    if hours not in HOURS:
        raise ValueError(hours)
    return begin + timedelta(hours=hours)


def state(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> ConsentState:
    """Return where a consent stands; it is over from `expires_at` on."""
    if revoked_at is not None:
        return ConsentState.REVOKED
    return ConsentState.LIVE if now < expires_at else ConsentState.EXPIRED


ENDS = {ConsentState.REVOKED: VisitEnd.REVOKED, ConsentState.EXPIRED: VisitEnd.EXPIRED}
"""Why a visit is over when its consent stands so."""
