"""The classes of data that have a period of their own, and the row of the table that gives it."""

from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """A class of data with a period of its own."""

    CLIENT = "client"
    MATTER = "matter"
    SIGN_IN_LINK = "sign_in_link"
    SIGN_IN_SESSION = "sign_in_session"
    LEAVE = "leave"
    ABSENCE = "absence"
    COVER = "cover"
    CORRECTION = "correction"
    CORRECTION_FILE = "correction_file"
    LATE_ENTRY = "late_entry"
    LATE_FILE = "late_file"
    CASE_FILE = "case_file"
    PARTIES = "parties"
    POSITION = "position"
    HANDOVER_NOTE = "handover_note"
    HANDOVER_LINE = "handover_line"
    PROMISE = "promise"
    LIAISON = "liaison"
    CHOICE_WISH = "choice_wish"
    SPOT_PHOTO = "spot_photo"
    LEDGER_FILE = "ledger_file"
    SERVICE_FILE = "service_file"
    DRAFTED = "drafted"
    PHOTO = "photo"
    PAIRING_PHOTO = "pairing_photo"
    ROOM_PHOTO = "room_photo"
    ROOM_REPORT_PHOTO = "room_report_photo"
    CONFIRMER = "confirmer"
    HOME_VISIT = "home_visit"
    FEEDBACK_LINK = "feedback_link"
    CONFERENCE = "conference"
    PACKET = "packet"
    YEAR_FILE = "year_file"
    OFFICE_ARCHIVE = "office_archive"
    LONG_WORK = "long_work"
    HOOK_LOG = "hook_log"
    NOTICE = "notice"
    DELIVERY = "delivery"
    AUDIT = "audit"
    EVIDENCE = "evidence"
    PUNCH = "punch"
    LINE_FILE = "line_file"
    STATEMENT = "statement"
    CONTRACT = "contract"


class Afterwards(StrEnum):
    """What becomes of data whose period is over."""

    DESTROY = "destroy"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. days: None is as long as the firm stays; least: the shortest that may be set."""

    kept: Kept
    what: str
    days: int | None
    since: str
    afterwards: Afterwards
    source: str
    least: int = 1
    by_this_job: bool = True
    """Whether `counselhub retention` does it; the others name who does."""
