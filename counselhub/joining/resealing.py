"""Seal the contacts of sign-ups anew when the keys change."""

from counselhub.core import resealing
from counselhub.core.sealing import KeyRing
from counselhub.joining.actions import place_of
from counselhub.joining.models import SignUp


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every contact anew; return how many, and the keys that are still needed."""
    return resealing.of_platform(ring, place_of, SignUp.sealed_contact)
