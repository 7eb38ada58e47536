"""What was said about a furnished firm's lines, its appeal, and what the office has set."""

from typing import Any

from counselhub.appeals.models import LineAppeal
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.review import actions, canned
from counselhub.services.attachments import Attachment
from counselhub.statements.models import CertifyingRule
from counselhub.statements.states import QueryReason
from counselhub.statements.thread_models import LineFile, LineQuery
from counselhub.statements.turn_models import ReviewRule
from tests.review.factories import Made, officer


def furnish_office(room: Any, statement: Made) -> None:
    """Ask on with a file, keep a sentence, and set the street's days."""
    here, token = room.tenant, room.token
    by = officer(here.town, name=f"经办{token}")
    asked = db.session.scalars(
        db.select(LineQuery).where(LineQuery.statement_id == statement.id)
    ).one()
    paper = Attachment(f"{token}.pdf", ".pdf", f"{token:0<64}".lower(), token.encode())
    actions.reply(asked, f"补充{token}", [paper], by=by)
    row = canned.add(QueryReason.OTHER, f"常用{token}", by=by)
    if db.session.get(ReviewRule, here.town.street_code) is None:
        street = here.town.street_code
        db.session.add(ReviewRule(street_code=street, office_days=9, firm_days=5, appeal_days=15))
    file_id = db.session.scalars(db.select(LineFile.id).where(LineFile.query_id == asked.id)).one()
    room.note(sentence_id=row.id, line_file_id=file_id)


def furnish_firm(room: Any, statement: Made) -> None:
    """Let the firm appeal, and ask for two people."""
    line = statement.lines()[-1]
    row = LineAppeal(
        line_id=line.id,
        statement_id=statement.id,
        street_code=room.tenant.town.street_code,
        refused_fen=100,
        words=f"申诉{room.token}",
        appealed_at=clock.now(),
        appealed_by_name=f"主任{room.token}",
    )
    db.session.add_all([row, CertifyingRule(differs=False)])
    line.refusal, line.refusal_words = "other", f"不付{room.token}"
    db.session.flush()
    room.note(appeal_id=row.id)
