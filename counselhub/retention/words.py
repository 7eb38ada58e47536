"""Sweeps of what people wrote about absences, cover and corrections, and of what proved it.

Set-wise and past the ORM's notes of changes: an act that told what the words were would keep them.
"""

from sqlalchemy import delete, or_, select, update

from counselhub.core import clock
from counselhub.corrections.models import (
    CorrectionFile,
    CorrectionFileContent,
    SessionCorrection,
)
from counselhub.cover.models import AbsenceReason, CoverRequest
from counselhub.earlier.models import LateEntry, LateFile
from counselhub.retention.sweeping import Sweep, in_firms, noted
from counselhub.roster.models import DutySlot


def absences(sweep: Sweep) -> None:
    """Empty the words of reasons of slots long ago: they may be about health."""
    row = AbsenceReason
    has_words = or_(row.words.is_not(None), row.evidence.is_not(None), row.judgement.is_not(None))
    over = select(row.id).join(row.slot).where(DutySlot.day < sweep.before, has_words)
    blank = update(row).values(words=None, evidence=None, judgement=None, blanked_at=clock.now())
    in_firms(sweep, over, noted(sweep, blank, row.id))


def requests_for_cover(sweep: Sweep) -> None:
    """Empty what was said to colleagues of slots long ago."""
    row = CoverRequest
    over = select(row.id).join(row.slot).where(DutySlot.day < sweep.before, row.words.is_not(None))
    in_firms(sweep, over, noted(sweep, update(row).values(words=None), row.id))


def corrections(sweep: Sweep) -> None:
    """Empty what was said for and of corrections of days long ago; both versions stay."""
    row = SessionCorrection
    over = select(row.id).where(row.day < sweep.before, row.blanked_at.is_(None))
    blank = update(row).values(words="", answer=None, blanked_at=clock.now())
    in_firms(sweep, over, noted(sweep, blank, row.id))


def late_entries(sweep: Sweep) -> None:
    """Empty what was said for and of late entries of days long ago; what was settled stays."""
    row = LateEntry
    over = select(row.id).where(row.day < sweep.before, row.words != "")
    in_firms(sweep, over, noted(sweep, update(row).values(words="", answer=None), row.id))


def late_files(sweep: Sweep) -> None:
    """Empty what proved late entries; what is known of the files stays."""
    row = LateFile
    over = (
        select(row.id)
        .join(LateEntry, (LateEntry.firm_id == row.firm_id) & (LateEntry.id == row.entry_id))
        .where(LateEntry.day < sweep.before, row.blanked_at.is_(None))
    )
    blank = update(row).values(content=None, thumb=None, blanked_at=clock.now())
    in_firms(sweep, over, noted(sweep, blank, row.id))


def correction_files(sweep: Sweep) -> None:
    """Delete what files of corrections held; what is known of them stays."""
    key = CorrectionFileContent.file_id
    over = (
        select(key)
        .join(
            CorrectionFile,
            (CorrectionFile.firm_id == CorrectionFileContent.firm_id) & (CorrectionFile.id == key),
        )
        .join(
            SessionCorrection,
            (SessionCorrection.firm_id == CorrectionFile.firm_id)
            & (SessionCorrection.id == CorrectionFile.correction_id),
        )
        .where(SessionCorrection.day < sweep.before)
    )
    in_firms(sweep, over, noted(sweep, delete(CorrectionFileContent), key))
