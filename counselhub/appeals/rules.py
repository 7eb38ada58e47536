"""What a bureau may decide on an appeal, and until when a firm may make one. Pure."""

from datetime import date

from counselhub.appeals.states import AppealStatus


def upheld_fen(outcome: AppealStatus, refused_fen: int, part_fen: int | None) -> int | None:
    """Return what an outcome pays, in fen; None when it is no decision (REV-6).

    refused_fen: what the office refused, above 0. part_fen: what was written for a part; it must
    lie strictly between nothing and all.
    """
    match outcome:
        case AppealStatus.UPHELD:
            return refused_fen
        case AppealStatus.DISMISSED:
            return 0
        case AppealStatus.PARTLY if part_fen is not None and 0 < part_fen < refused_fen:
            return part_fen
    return None


def is_in_time(today: date, due_on: date) -> bool:
    """Say whether an appeal may still be made: the last day counts (REV-6)."""
    return today <= due_on
