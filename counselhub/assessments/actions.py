"""An office proposes the year's grades, another person of it confirms and publishes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.assessments import queries
from counselhub.assessments.kinds import ASSESSMENT_FLOW, AssessmentStatus, YearGrade
from counselhub.assessments.models import Assessment, AssessmentRelease
from counselhub.assessments.queries import Candidate
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes for a candidate. score: 0 to 100, None without."""

    candidate: Candidate
    grade: YearGrade
    score: Decimal | None
    words: str


def too_early(year: int) -> str:
    """Return the sentence of a year that nobody assesses yet, '' from its last month on."""
    if clock.today() >= date(year, 12, 1):
        return ""
    return str(_("%(year)s 年的考核从 12 月起办理。", year=year))


def propose(year: int, proposals: Iterable[Proposal], *, by: Member) -> int:
    """Propose, or propose anew what nobody has confirmed yet; return how many changed.

    Raises RefusedError before the year's last month, IllegalMoveError for a confirmed one,
    ConflictError when a colleague has just proposed one.
    """
    if early := too_early(year):
        raise RefusedError(early)
    changed = 0
    for one in proposals:
        changed += _propose(year, one, by)
    return changed


def _propose(year: int, one: Proposal, by: Member) -> bool:
    row, candidate = one.candidate.assessment, one.candidate
    if row is not None:
        if (row.grade, row.score, row.words) == (one.grade, one.score, one.words):
            return False
        if row.status != AssessmentStatus.PROPOSED:
            raise IllegalMoveError(
                _("%(place)s的考核已确认，不能再改。", place=candidate.community.short_name)
            )
    else:
        row = Assessment(
            firm_id=candidate.contract.firm_id,
            contract_id=candidate.contract.id,
            community_code=candidate.community.code,
            street_code=candidate.community.code[:9],
            year=year,
            status=AssessmentStatus.PROPOSED,
        )
    row.grade, row.score, row.words = one.grade, one.score, one.words
    row.proposed_at, row.proposed_by_id, row.proposed_by_name = clock.now(), by.person_id, by.name
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if not str(constraint_of(error)).startswith("uq_assessment_"):
            raise
        raise ConflictError(
            _("同事刚刚提出了%(place)s的考核，请看最新内容。", place=candidate.community.short_name)
        ) from error
    history.record(row, "propose", by=by, grade=row.grade, year=year)
    return True


def confirm(rows: Iterable[Assessment], *, by: Member) -> int:
    """Confirm what another person proposed, publish it and let the next statement release it.

    Raises ForbiddenError for the own proposal, RefusedError while the year's last statement is not
    signed, IllegalMoveError for one that is confirmed. Returns how many.
    """
    count = 0
    for row in rows:
        _confirm(row, by)
        count += 1
    return count


def _confirm(row: Assessment, by: Member) -> None:
    place = row.community.short_name
    if row.proposed_by_id is not None and row.proposed_by_id == by.person_id:
        raise ForbiddenError(_("%(place)s的考核由您提出，须由另一人确认。", place=place))
    found = queries.withheld(row)
    last = _last_month(row)
    if found.last_month is None or found.last_month < last:
        raise RefusedError(
            _(
                "%(place)s（合同 %(number)s）%(month)s的结算单还没有审定，现在确认会漏算预留。",
                place=place,
                number=row.contract.number,
                month=f"{last:%Y-%m}",
            )
        )
    row.published_at = clock.now()
    row.confirmed_by_id, row.confirmed_by_name = by.person_id, by.name
    history.advance(
        row, ASSESSMENT_FLOW, "confirm", by=by, street_code=row.street_code, grade=row.grade
    )
    release = AssessmentRelease(
        firm_id=row.firm_id,
        contract_id=row.contract_id,
        community_code=row.community_code,
        street_code=row.street_code,
        year=row.year,
        grade=row.grade,
        last_month=found.last_month,
        withheld_fen=found.withheld_fen,
        base_fen=found.base_fen,
    )
    db.session.add(release)
    db.session.flush()


def _last_month(row: Assessment) -> date:
    """Return the last month of the year in which the contract is in force."""
    ended = row.contract.terminated_on or row.contract.ends_on
    return min(date(row.year, 12, 1), ended.replace(day=1))
