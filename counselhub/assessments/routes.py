"""The year's page of a street, and what a firm reads of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.assessments import actions, queries
from counselhub.assessments.forms import proposals_of
from counselhub.assessments.kinds import TONES, AssessmentStatus, YearGrade
from counselhub.assessments.models import Assessment
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FaultsError, ForbiddenError, RefusedError
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission

bp = Blueprint("assessments", __name__)
P = Permission
PAGE = "assessments/year.html"


@bp.get("/assessments")
@require(P.REVIEW_READ)
def year() -> ResponseReturnValue:
    """Show whom the street assesses in a year, with what is proposed and confirmed."""
    return htmx.show(PAGE, **_shown(_year()))


def _year() -> int:
    asked = request.values.get("year", type=int) or _usual()
    return asked if asked in paging.YEARS else _usual()


def _usual() -> int:
    """Return the year that is assessed now: in December the running one, else the last."""
    today = clock.today()
    return today.year if today.month == 12 else today.year - 1


def _shown(asked: int, *, refusal: str = "", faults: Any = ()) -> dict[str, Any]:
    found = queries.candidates(current_member().street_code, asked)
    return {
        "year": asked,
        "candidates": found,
        "proposed": [
            one.assessment
            for one in found
            if one.assessment is not None and one.assessment.status == AssessmentStatus.PROPOSED
        ],
        "grades": YearGrade,
        "statuses": AssessmentStatus,
        "tones": TONES,
        "sent": request.form,
        "refusal": refusal,
        "faults": faults,
        "too_early": actions.too_early(asked),
    }


@bp.post("/assessments")
@require(P.REVIEW_CHECK)
def create_proposals() -> ResponseReturnValue:
    """Propose the grades that were filled in, all communities at once."""
    asked, by = _year(), current_member()
    try:
        found = proposals_of(request.form, queries.candidates(by.street_code, asked))
        count = actions.propose(asked, found, by=by)
    except FaultsError as refusal:
        return htmx.invalid(PAGE, **_shown(asked, refusal=refusal.message, faults=refusal.faults))
    except (ConflictError, RefusedError) as refusal:
        return _refused(asked, refusal)
    flash(_("已提出 %(count)s 项考核，等另一人确认", count=count), "success")
    return htmx.gone_to(url_for(".year", year=asked))


def _refused(asked: int, refusal: ConflictError | RefusedError) -> ResponseReturnValue:
    message = refusal.message
    db.session.rollback()
    answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
    return answer(PAGE, **_shown(asked, refusal=message))


@bp.post("/assessments/confirmation")
@require(P.REVIEW_SIGN)
@fresh
def create_confirmation() -> ResponseReturnValue:
    """Confirm and publish the ticked ones, which another person proposed."""
    asked, by = _year(), current_member()
    rows = queries.by_ids(request.form.getlist("assessment", type=UUID), by.street_code)
    if not rows:
        return htmx.invalid(PAGE, **_shown(asked, refusal=_("请勾选要确认的考核。")))
    try:
        count = actions.confirm(rows, by=by)
    except (ConflictError, RefusedError) as refusal:
        return _refused(asked, refusal)
    except ForbiddenError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.invalid(PAGE, **_shown(asked, refusal=message))
    flash(_("已确认并向律所公布 %(count)s 项，预留由下一份结算单返还", count=count), "success")
    return htmx.gone_to(url_for(".year", year=asked))


@bp.get("/assessments/received")
@require(P.STATEMENT_READ)
def received() -> ResponseReturnValue:
    """List what the offices published of the firm."""
    sort = sorting.asked_sort(queries.SORTS)
    page = paging.paged(queries.received(sort))
    return htmx.show("assessments/received.html", page=page, sort=sort)


@bp.get("/assessments/<uuid:assessment_id>")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def assessment(assessment_id: UUID) -> ResponseReturnValue:
    """Show one."""
    row = fetch(Assessment, assessment_id)
    return htmx.show(
        "assessments/assessment.html",
        assessment=row,
        status=AssessmentStatus.of(row.status),
        tone=TONES[row.status],
        is_office=can(P.REVIEW_READ),
    )
