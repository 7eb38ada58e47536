"""The office reads dossiers: its own class and verdict, then a second person's word on it.

Nothing of a reading reaches the firm before the second person agreed. The amount is the
statement's: a class found otherwise is put to the firm as a query on the line, and the line is
worked out again (M8).
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.claims.dossier_models import ClaimDossier, ClaimReading
from counselhub.claims.kinds import ClaimStatus, Difficulty, ReadingStatus, Refusal, Verdict
from counselhub.claims.states import CLAIM_FLOW, READING_FLOW
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody read: the office's own class; the reason of a refusal."""

    difficulty: Difficulty
    verdict: Verdict
    reason: Refusal | None
    words: str


def reading_of(dossier: ClaimDossier) -> ClaimReading | None:
    """Return the office's reading of a dossier, None before the first."""
    return db.session.get(ClaimReading, (dossier.firm_id, dossier.id))


def read(
    dossier: ClaimDossier, finding: Finding, *, revision: int | None, by: Member
) -> ClaimReading:
    """Keep the first reading, or correct it before the second. Only the office knows of it.

    Raises RefusedError for a refusal without reason, IllegalMoveError for a claim that is paid,
    ConflictError when somebody read it meanwhile.
    """
    if finding.verdict is Verdict.REFUSE and finding.reason is None:
        raise RefusedError(_("不予补贴要选一项原因。"))
    if dossier.status not in (ClaimStatus.CLAIMED, ClaimStatus.ACCEPTED):
        raise IllegalMoveError(_("这件案件已不在审阅中，请看最新内容。"), row=dossier)
    row = reading_of(dossier)
    if row is None:
        return _first(dossier, finding, by)
    history.expect(row, -1 if revision is None else revision)
    again = row.status != ReadingStatus.READ
    row.published_at = row.second_by_id = row.second_by_name = None
    _fill(row, finding, by)
    if again:
        history.advance(row, READING_FLOW, "read_again", by=by)
    else:
        history.record(row, "correct_reading", by=by)
    db.session.flush()
    return row


def _first(dossier: ClaimDossier, finding: Finding, by: Member) -> ClaimReading:
    row = ClaimReading(
        firm_id=dossier.firm_id,
        id=dossier.id,
        street_code=dossier.street_code,
        status=ReadingStatus.READ,
    )
    _fill(row, finding, by)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != "pk_claim_reading":
            raise
        raise ConflictError(_("同事刚刚审阅了这件案件，请看最新内容。"), row=dossier) from error
    history.record(row, "read_dossier", by=by)
    return row


def _fill(row: ClaimReading, finding: Finding, by: Member) -> None:
    row.difficulty, row.verdict = finding.difficulty, finding.verdict
    row.reason = finding.reason if finding.verdict is Verdict.REFUSE else None
    row.words = finding.words
    row.read_at, row.read_by_id, row.read_by_name = clock.now(), by.person_id, by.name


def confirm(
    dossier: ClaimDossier, row: ClaimReading, words: str, *, revision: int | None, by: Member
) -> None:
    """Agree to a colleague's reading, which the firm sees from now on.

    An accepted claim of another class than the office's stays declared: the firm corrects it, or
    answers the query. Raises ForbiddenError for the own reading, ConflictError.
    """
    history.expect(row, revision)
    _refuse_own(row, by)
    row.second_by_id, row.second_by_name, row.second_words = by.person_id, by.name, words
    row.published_at = clock.now()
    history.advance(row, READING_FLOW, "confirm_reading", by=by, street_code=row.street_code)
    _publish(dossier, row, by)
    db.session.flush()


def _publish(dossier: ClaimDossier, row: ClaimReading, by: Member) -> None:
    dossier.office_class = row.difficulty
    dossier.decided_at = row.published_at
    dossier.first_reader_name, dossier.second_reader_name = row.read_by_name, by.name
    if row.verdict == Verdict.REFUSE:
        dossier.refusal, dossier.refusal_words = row.reason, row.words
        act = "refuse_claim"
    elif row.difficulty == dossier.claim.difficulty and dossier.status == ClaimStatus.CLAIMED:
        act = "accept_claim"
    else:
        return
    history.advance(
        dossier, CLAIM_FLOW, act, by=by, street_code=dossier.street_code, reason=row.reason
    )


def give_back(row: ClaimReading, words: str, *, revision: int | None, by: Member) -> None:
    """Disagree with a colleague's reading, with words: it is read anew. Raises as `confirm`."""
    history.expect(row, revision)
    _refuse_own(row, by)
    if not words:
        raise RefusedError(_("请写明要重审什么。"))
    row.second_by_id, row.second_by_name, row.second_words = by.person_id, by.name, words
    history.advance(row, READING_FLOW, "return_reading", by=by)
    db.session.flush()


def _refuse_own(row: ClaimReading, by: Member) -> None:
    if row.read_by_id is not None and row.read_by_id == by.person_id:
        raise ForbiddenError(_("初审是 %(name)s 做的，复核须由另一人进行。", name=row.read_by_name))
