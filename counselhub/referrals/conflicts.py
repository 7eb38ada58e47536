"""Where the check for conflicts of interest is plugged in; without one nothing is known."""

from collections.abc import Iterable, Mapping
from typing import Protocol, cast
from uuid import UUID

from flask import Flask, current_app

from counselhub.referrals.kinds import Conflict
from counselhub.referrals.models import Referral

KEY = "referral_conflicts"


class ConflictCheck(Protocol):
    """Says of each lawyer whether a referral may bring him into a conflict of interest."""

    def __call__(self, referral: Referral, adviser_ids: Iterable[UUID]) -> Mapping[UUID, Conflict]:
        """Return what is known; who is not named is unknown. At most two statements in all."""
        ...


def use(app: Flask, check: ConflictCheck) -> None:
    """Let `check` answer from now on: the feature that knows the parties of matters gives it."""
    app.extensions[KEY] = check


def conflicts(referral: Referral, adviser_ids: Iterable[UUID]) -> Mapping[UUID, Conflict]:
    """Return what is known of conflicts, `Conflict.UNKNOWN` for everybody nothing is known of."""
    ids = list(adviser_ids)
    found: Mapping[UUID, Conflict] = {}
    if check := current_app.extensions.get(KEY):
        found = cast(ConflictCheck, check)(referral, ids)
    return {one: found.get(one, Conflict.UNKNOWN) for one in ids}
