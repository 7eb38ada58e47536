"""Enter, mend and remove service records."""

from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from counselhub.clients import actions as clients
from counselhub.clients.actions import ClientEntry
from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.services import entering, queries
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.services.models import ServiceNote, ServiceRecord

SAME_NUMBER = "uq_service_record_firm_id_number"
REFERRED = "fk_referral_firm_id_service_id"
ATTEMPTS = 3
NOT_SERVED = N_("请选择本所服务的社区和本所的律师。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record as it is written; counts are whole and not negative, amounts whole fen."""

    kind: ServiceKind
    day: date
    community_code: str
    adviser_id: UUID | None
    """None: the own."""
    count: int = 1
    persons: int | None = None
    copies: int | None = None
    recovered_fen: int | None = None
    mode: ServiceMode | None = None
    dispute_kind: DisputeKind | None = None
    content: str = ""
    outcome: str | None = None
    starts: time | None = None
    ends: time | None = None
    minutes: int | None = None
    """How long it took, from 1 to 1440; from `starts` to `ends` where both are told."""
    place: str | None = None
    client: ClientEntry | None = None
    """Who it was for; None or empty where nobody said so."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A record just written, with the names that its row shows.

    One that was added is in no session: its columns and words are all that it has.
    """

    record: ServiceRecord
    community: str
    adviser: str


def add(entry: Entry, *, by: Member, attempts: int = ATTEMPTS) -> Entered:
    """Enter a record; its number is the next of the firm and day (FW20261121-0007).

    attempts: how often to ask for a number; each further one undoes what was written before.
    Raises RefusedError for a day to come, times in no order, a community that the firm does not
    serve or an unknown lawyer, ForbiddenError in a colleague's name, FrozenError in a closed month.
    """
    entry = _in_own_name(entry, by)
    _expect_times(entry)
    for attempt in range(1, attempts + 1):
        record = ServiceRecord(firm_id=by.firm_id, created_at=clock.now(), revision=1)
        _write(record, entry)
        act = history.entry_of_new(record, "add", by=by, street_code=record.street_code)
        try:
            with guarded(alone=True):
                written = entering.write(record, act)
            if written is None:
                raise RefusedError(_(NOT_SERVED))
            if entry.client:
                clients.attach(record, entry.client, by=by)
            return Entered(record, written.community, written.adviser)
        except IntegrityError as error:
            # A workbook may have brought the same number in the meantime.
            if constraint_of(error) != SAME_NUMBER or attempt == attempts:
                raise
    raise ConflictError(_("编号被占用，请再保存一次。"))


def _in_own_name(entry: Entry, by: Member) -> Entry:
    if entry.adviser_id is None:
        entry = replace(entry, adviser_id=by.adviser_id)
    if entry.adviser_id is None:
        raise RefusedError(_("请选择提供服务的律师。"), at="adviser_id")
    if entry.adviser_id != by.adviser_id and not allowed(by, Permission.SERVICE_MANAGE):
        raise ForbiddenError(_("只能记在自己名下。"))
    return entry


def _names(entry: Entry) -> tuple[str, str]:
    """Return the names of community and lawyer. Raises RefusedError as `add` does."""
    _expect_times(entry)
    names = entry.adviser_id and queries.names_of(entry.community_code, entry.adviser_id)
    if not names:
        raise RefusedError(_(NOT_SERVED))
    return names


def _expect_times(entry: Entry) -> None:
    """Raise RefusedError for a day to come, or times in no order."""
    if entry.day > clock.today():
        raise RefusedError(_("日期不能晚于今天。"), at="day")
    if entry.ends and (entry.starts is None or entry.ends <= entry.starts):
        raise RefusedError(_("结束时间要晚于开始时间。"), at="ends")


def _write(record: ServiceRecord, entry: Entry) -> None:
    if entry.adviser_id is None:
        raise ValueError("an entry is written in somebody's name")
    record.day = entry.day
    record.community_code = entry.community_code
    record.street_code = entry.community_code[:9]
    record.adviser_id = entry.adviser_id
    record.kind, record.mode, record.dispute_kind = entry.kind, entry.mode, entry.dispute_kind
    record.count, record.persons, record.copies = entry.count, entry.persons, entry.copies
    record.recovered_fen = entry.recovered_fen
    record.outcome, record.place = entry.outcome, entry.place
    record.starts, record.ends = entry.starts, entry.ends
    record.minutes = span_minutes(entry.starts, entry.ends) or entry.minutes
    if not entry.content:
        record.note = None
    elif record.note:
        record.note.content = entry.content
    else:
        record.note = ServiceNote(content=entry.content)


def span_minutes(starts: time | None, ends: time | None) -> int | None:
    """Return the whole minutes between two times of one day, None where one is missing."""
    if starts is None or ends is None:
        return None
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute


def change(record: ServiceRecord, entry: Entry, *, revision: int | None, by: Member) -> Entered:
    """Change a record; its number stays. Raises as `add` does, ConflictError for a stale page."""
    history.expect(record, revision)
    entry = _in_own_name(entry, by)
    community, adviser = _names(entry)
    before = {"day": str(record.day), "kind": record.kind, "count": record.count}
    with guarded():
        _write(record, entry)
        flag_modified(
            record, "created_at"
        )  # words lie on another table, the revision is the record's
        history.record(record, "change", by=by, street_code=record.street_code, before=before)
    return Entered(record, community, adviser)


def remove(record: ServiceRecord, *, by: Member) -> None:
    """Remove a record and its note; the act stays.

    Raises FrozenError in a closed month, ConflictError for one that was referred to a team.
    """
    detail = {"number": record.number, "day": str(record.day), "kind": record.kind}
    try:
        with guarded():
            history.record(record, "remove", by=by, street_code=record.street_code, before=detail)
            db.session.delete(record)
    except IntegrityError as error:
        if constraint_of(error) != REFERRED:
            raise
        raise ConflictError(
            _("记录 %(number)s 已经转介给团队，转介要凭它追溯，不能删除。", number=detail["number"])
        ) from error
