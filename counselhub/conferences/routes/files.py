"""The minutes of a conference as files."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from counselhub.conferences import document
from counselhub.conferences.models import ConferenceMinutes
from counselhub.conferences.routes.blueprint import bp, fetched
from counselhub.core import downloads
from counselhub.core.access import fetch, require
from counselhub.core.permissions import Permission


@bp.get("/conferences/minutes/<uuid:conference_minutes_id>.pdf")
@require(Permission.REFERRAL_USE)
def minutes_pdf(conference_minutes_id: UUID) -> ResponseReturnValue:
    """Send a version as PDF."""
    row = fetch(ConferenceMinutes, conference_minutes_id)
    return downloads.attachment(document.pdf(row), f"{_name(row)}.pdf", document.PDF)


@bp.get("/conferences/minutes/<uuid:conference_minutes_id>.docx")
@require(Permission.REFERRAL_USE)
def minutes_word(conference_minutes_id: UUID) -> ResponseReturnValue:
    """Send a version as Word."""
    row = fetch(ConferenceMinutes, conference_minutes_id)
    return downloads.attachment(document.word(row), f"{_name(row)}.docx", document.WORD)


def _name(row: ConferenceMinutes) -> str:
    conference = fetched(row.conference_id)
    return f"会商纪要-{conference.community.short_name}-{conference.day:%Y%m%d}-第{row.version}版"
