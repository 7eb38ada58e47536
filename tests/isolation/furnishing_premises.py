"""Premises: the firm's report of its own street, and the office's room, issue, letter and note.

Firms of one street share the office's rows, for both serve the community: these carry no token.
"""

from datetime import date, datetime, timedelta
from typing import Any

from counselhub.core import clock, history
from counselhub.core.access import Member, Role
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
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
    known = db.session.scalar(
        db.select(PremisesFile).where(
            PremisesFile.street_code == here.town.street_code, PremisesFile.issue_id.is_not(None)
        )
    )
    letter = known or _office(place, day)
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
    room.note(premises_file_id=letter.id, issue_id=letter.issue_id, report_id=report.id)


def _office(place: dict[str, str], day: date) -> PremisesFile:
    """Add a room with its photo, an issue with its letter and a note, and the letter day."""
    street = {"street_code": place["street_code"]}
    room = Premises(**place, has_room=True, conditions=["desk"])
    issue = PremisesIssue(
        **place,
        kind="no_board",
        reported_on=day,
        letter_due_on=day + timedelta(days=3),
        status="explained",
        cause="没有墙面",
        planned_on=day,
        explained_on=day,
    )
    db.session.add_all([room, issue, PremisesRule(**street, letter_weekday=4)])
    db.session.flush()
    kept: dict[str, Any] = {**street, "arrived_at": AT, "by_name": "经办", "is_photo": True}
    kept |= {"content": b"x", "thumb": b"x", "digest": "0" * 64}
    letter = PremisesFile(**kept, kind="letter", issue_id=issue.id)
    step = PremisesStep(**street, issue_id=issue.id, at=AT, by_name="经办", act="note_issue")
    db.session.add_all([letter, PremisesFile(**kept, kind="room", premises_id=room.id), step])
    db.session.flush()
    return letter
