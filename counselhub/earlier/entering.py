"""Enter what a late entry or a correction changes, in the parts that the street's cap allows."""

from dataclasses import dataclass
from uuid import UUID

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.rules import parts
from counselhub.core.members import Member
from counselhub.cutoffs.queries import terms_of
from counselhub.earlier.gather import Judged


@dataclass(frozen=True, slots=True)
class Source:
    """What a difference comes from: a late entry or a correction, and its words."""

    firm_id: UUID
    street_code: str
    words: str
    late_entry_id: UUID | None = None
    correction_id: UUID | None = None


def enter(judged: Judged, source: Source, by: Member) -> None:
    """Enter what was judged for the next open statement, in parts below the cap (LATE-3)."""
    cap_fen = terms_of(source.street_code).late_cap_fen
    for fact in judged.facts:
        for amount_fen in parts(fact.amount_fen, cap_fen):
            difference = Difference(
                firm_id=source.firm_id,
                contract_id=judged.contract_ids[fact.contract],
                community_code=fact.community,
                month=fact.month.first,
                amount_fen=amount_fen,
                cause=AdjustmentCause.LATE_ENTRY,
                words=source.words,
                late_entry_id=source.late_entry_id,
                correction_id=source.correction_id,
            )
            adjustments.enter(difference, by=by)
