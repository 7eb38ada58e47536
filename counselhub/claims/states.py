"""How a claim and the office's reading of it move: two tables."""

from counselhub.claims.kinds import ClaimStatus, ReadingStatus
from counselhub.core.workflow import Move

C, R = ClaimStatus, ReadingStatus

CLAIM_FLOW = {
    "complete": Move(frozenset({C.DRAFT}), C.READY),
    "declare": Move(frozenset({C.READY}), C.CLAIMED),
    "withdraw_claim": Move(frozenset({C.CLAIMED}), C.DRAFT),
    "accept_claim": Move(frozenset({C.CLAIMED}), C.ACCEPTED),
    "refuse_claim": Move(frozenset({C.CLAIMED, C.ACCEPTED}), C.REFUSED),
    "uphold_claim": Move(frozenset({C.REFUSED}), C.ACCEPTED),
    "mend_claim": Move(frozenset({C.REFUSED}), C.DRAFT),
    "pay_claim": Move(frozenset({C.ACCEPTED}), C.PAID),
    "unpay_claim": Move(frozenset({C.PAID}), C.ACCEPTED),
    "claw_back": Move(frozenset({C.PAID}), C.CLAWED_BACK),
}

READING_FLOW = {
    "confirm_reading": Move(frozenset({R.READ}), R.CONFIRMED),
    "return_reading": Move(frozenset({R.READ}), R.RETURNED),
    "read_again": Move(frozenset({R.CONFIRMED, R.RETURNED}), R.READ),
}

WITH_OFFICE = frozenset({C.CLAIMED, C.ACCEPTED, C.REFUSED, C.PAID, C.CLAWED_BACK})
"""States from which on the street's office sees the claim."""
