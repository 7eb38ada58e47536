"""Who holds which administrator's duty, and what speaks against a change. Pure.

The three duties of a tenant are kept apart (GB/T 22239-2019, level 2): nobody who makes accounts
also looks after their safety, nobody who does either keeps the record of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from counselhub.admins.kinds import HEADS
from counselhub.core.permissions import Duty, Role


class Objection(StrEnum):
    """Why a change of duties is refused."""

    SELF = "self"
    HOLDS_IT = "holds_it"
    HOLDS_ANOTHER = "holds_another"
    NOBODY_LEFT = "nobody_left"


@dataclass(frozen=True, slots=True)
class Colleague:
    """One running membership of the tenant; duty: the one that was named, None without."""

    person_id: UUID
    role: Role
    duty: Duty | None = None


def duties_of(role: Role, named: Duty | None, *, system_is_named: bool) -> frozenset[Duty]:
    """Return what a member holds: at most one duty (ADM-1).

    ADM-3: until a system administrator is named, each head (主任, 所长) without a duty is one.
    """
    if named is not None:
        return frozenset({named})
    stands_in = role in HEADS and not system_is_named
    return frozenset({Duty.SYSTEM}) if stands_in else frozenset()


def objection_to_naming(
    duty: Duty, whom: Colleague, everybody: Sequence[Colleague], *, by: UUID | None
) -> Objection | None:
    """Return what speaks against giving `duty` to `whom`, who is one of `everybody`.

    ADM-1: one person holds at most one of the three. ADM-2: nobody names himself.
    ADM-4: a place that has a system administrator is never left without one.
    """
    if whom.person_id == by:
        return Objection.SELF
    if whom.duty is not None:
        return Objection.HOLDS_IT if whom.duty is duty else Objection.HOLDS_ANOTHER
    after = [replace(one, duty=duty) if one == whom else one for one in _without(duty, everybody)]
    return Objection.NOBODY_LEFT if _is_led(everybody) and not _is_led(after) else None


def objection_to_vacating(duty: Duty, everybody: Sequence[Colleague]) -> Objection | None:
    """Return what speaks against leaving `duty` vacant; ADM-4 for the system duty."""
    return None if _is_led(_without(duty, everybody)) else Objection.NOBODY_LEFT


def _without(duty: Duty, everybody: Iterable[Colleague]) -> list[Colleague]:
    return [replace(one, duty=None) if one.duty is duty else one for one in everybody]


def _is_led(everybody: Sequence[Colleague]) -> bool:
    """Whether somebody holds the system duty, by name or as the head."""
    named = any(one.duty is Duty.SYSTEM for one in everybody)
    return any(
        Duty.SYSTEM in duties_of(one.role, one.duty, system_is_named=named) for one in everybody
    )
