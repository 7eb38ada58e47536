"""Premises: the firm's report of its own street, and the office's room, issue, letter and note.

Firms of one street share the office's rows, for both serve the community: these carry no token.
"""

from datetime import date, datetime, timedelta
from typing import Any

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.premises.kinds import IssueKind
from counselhub.premises.models import (
    Premises,
    PremisesFile,
    PremisesIssue,
    PremisesReport,
    PremisesRule,
    PremisesStep,
)

AT = datetime(2026, 9, 8, 10, tzinfo=clock.SHANGHAI)


def furnish(room: Any, day: date) -> None:
    """Add the office's rows once a street, then the firm's report."""
    here = room.tenant
    place = {
        "street_code": here.town.street_code,
        "community_code": here.town.communities[0],
    }
    photo = db.session.scalar(
        db.select(PremisesFile).where(
            PremisesFile.street_code == here.town.street_code, PremisesFile.kind == "room"
        )
    )
    photo = photo or _shared(place, day)
    apart = here.town.communities[3]
    query = db.select(PremisesIssue.kind).where(PremisesIssue.community_code == apart)
    there = set(db.session.scalars(query))
    kind = next(one for one in IssueKind if one not in there)  # one of each kind is open at a time
    letter = _apart(place | {"community_code": apart}, kind, room.token, day)
    with as_scope(here.scope):
        report = PremisesReport(
            **place,
            adviser_id=here.adviser_id,
            kind="no_room",
            words=f"所见{room.token}",
            sent_at=AT,
            sent_by_name=f"张{room.token}",
            has_photo=True,
            photo=room.token.encode(),
        )
        db.session.add(report)
        db.session.flush()
        by = Member(None, f"张{room.token}", Role.MANAGER, here.scope, "测试所")
        history.record(report, "send_report", by=by, street_code=place["street_code"])
    room.note(
        premises_file_id=letter.id,
        issue_id=letter.issue_id,
        report_id=report.id,
        room_photo_id=photo.id,
    )


def _shared(place: dict[str, str], day: date) -> PremisesFile:
    """Add a room with its photo and an issue, of a community that firms serve; the letter day."""
    street = {"street_code": place["street_code"]}
    room = Premises(**place, has_room=True, conditions=["desk"])
    issue = PremisesIssue(**place, kind="no_board", reported_on=day, letter_due_on=day)
    db.session.add_all([room, issue, PremisesRule(**street, letter_weekday=4)])
    db.session.flush()
    return _file(street, b"room", kind="room", premises_id=room.id)


def _apart(place: dict[str, str], kind: str, token: str, day: date) -> PremisesFile:
    """Add an issue with its letter and a note, marked, of a community that no firm serves."""
    street = {"street_code": place["street_code"]}
    issue = PremisesIssue(
        **place,
        kind=kind,
        reported_on=day,
        letter_due_on=day + timedelta(days=3),
        status="explained",
        cause=f"原因{token}",
        planned_on=day,
        explained_on=day,
    )
    db.session.add(issue)
    db.session.flush()
    note = {"at": AT, "by_name": f"经办{token}", "act": "note_issue"}
    db.session.add(PremisesStep(**street, issue_id=issue.id, **note))
    return _file(street, token.encode(), kind="letter", issue_id=issue.id)


def _file(street: dict[str, str], content: bytes, **of: Any) -> PremisesFile:
    file = PremisesFile(
        **street,
        **of,
        digest=content.hex().zfill(64),
        arrived_at=AT,
        by_name="经办",
        is_photo=True,
        content=content,
        thumb=content,
    )
    db.session.add(file)
    db.session.flush()
    return file
