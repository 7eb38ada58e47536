"""A year of an agreement: its plan, its activities, its record as A4."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, require
from counselhub.core.downloads import attachment
from counselhub.core.forms import revision_of
from counselhub.pairings import document, plan_actions, work_queries
from counselhub.pairings.forms import ActForm
from counselhub.pairings.kinds import OPEN, PairingStatus
from counselhub.pairings.models import Pairing
from counselhub.pairings.routes.blueprint import (
    P,
    asked_year,
    bp,
    done,
    fetch_pairing,
    part_of,
    words,
)
from counselhub.pairings.work_forms import PlanForm
from counselhub.pairings.work_models import PlannedActivity

YEAR, LINE = "pairings/year.html", "pairings/planned.html"


def page_of(
    found: Pairing, *, year: int | None = None, refusal: str = "", form: PlanForm | None = None
) -> dict[str, Any]:
    """Return what the page of a year shows."""
    shown = work_queries.year_of(found, year or asked_year(found))
    begins = {"year": shown.year, "month": clock.today().month}
    return {
        "pairing": found,
        "year": shown,
        "years": work_queries.years_of(found),
        "is_open": found.status in OPEN,
        "is_active": found.status == PairingStatus.ACTIVE,
        "form": form or PlanForm(formdata=None, data=begins),
        "refusal": refusal,
        **words(),
    }


@bp.get("/pairings/<uuid:pairing_id>/plan")
@require(P.FIRM_READ)
def plan(pairing_id: UUID) -> ResponseReturnValue:
    """Show a year: what was planned, what was done, what is late."""
    return htmx.show(YEAR, **page_of(fetch_pairing(pairing_id)))


@bp.post("/pairings/<uuid:pairing_id>/plan")
@require(P.PAIRING_MANAGE)
def create_planned(pairing_id: UUID) -> ResponseReturnValue:
    """Plan an activity."""
    found, form = fetch_pairing(pairing_id), PlanForm()
    if not form.validate_on_submit():
        return htmx.invalid(YEAR, **page_of(found, form=form))
    entry = form.entry()
    return done(
        lambda: plan_actions.add(found, entry, by=current_member()),
        toast=_("已列入计划"),
        back_to=url_for(".plan", pairing_id=pairing_id, year=entry.year),
        template=YEAR,
        again=lambda sentence: page_of(fetch_pairing(pairing_id), refusal=sentence, form=form),
    )


def _asked(
    found: Pairing, row: PlannedActivity, form: PlanForm, refusal: str = ""
) -> dict[str, Any]:
    return {"pairing": found, "planned": row, "form": form, "refusal": refusal, **words()}


def _fresh(row: PlannedActivity) -> PlanForm:
    return PlanForm(formdata=None, obj=row, hours=row.minutes / 60)


@bp.get("/pairings/<uuid:pairing_id>/plan/<uuid:planned_activity_id>")
@require(P.PAIRING_MANAGE)
def planned(pairing_id: UUID, planned_activity_id: UUID) -> ResponseReturnValue:
    """Show the form of a line of the plan."""
    found = fetch_pairing(pairing_id)
    row = part_of(PlannedActivity, planned_activity_id, found)
    return htmx.show(LINE, **_asked(found, row, _fresh(row)))


@bp.post("/pairings/<uuid:pairing_id>/plan/<uuid:planned_activity_id>")
@require(P.PAIRING_MANAGE)
def update_planned(pairing_id: UUID, planned_activity_id: UUID) -> ResponseReturnValue:
    """Change a line of the plan."""
    found, form = fetch_pairing(pairing_id), PlanForm()
    row = part_of(PlannedActivity, planned_activity_id, found)
    if not form.validate_on_submit():
        return htmx.invalid(LINE, **_asked(found, row, form))
    entry, revision = form.entry(), revision_of(form.revision)
    is_stale = revision is not None and revision != row.revision

    def again(sentence: str) -> dict[str, Any]:
        fresh = fetch_pairing(pairing_id)
        kept = part_of(PlannedActivity, planned_activity_id, fresh)
        return _asked(fresh, kept, _fresh(kept) if is_stale else form, sentence)

    return done(
        lambda: plan_actions.change(row, entry, found, revision=revision, by=current_member()),
        toast=_("已保存"),
        back_to=url_for(".plan", pairing_id=pairing_id, year=entry.year),
        template=LINE,
        again=again,
    )


@bp.post("/pairings/<uuid:pairing_id>/plan/<uuid:planned_activity_id>/removal")
@require(P.PAIRING_MANAGE)
def create_planned_removal(pairing_id: UUID, planned_activity_id: UUID) -> ResponseReturnValue:
    """Strike a line of the plan."""
    found = fetch_pairing(pairing_id)
    row = part_of(PlannedActivity, planned_activity_id, found)
    year, revision = row.year, revision_of(ActForm().revision)
    return done(
        lambda: plan_actions.remove(row, found, revision=revision, by=current_member()),
        toast=_("已从计划删除"),
        back_to=url_for(".plan", pairing_id=pairing_id, year=year),
        template=YEAR,
        again=lambda sentence: page_of(fetch_pairing(pairing_id), year=year, refusal=sentence),
    )


@bp.get("/pairings/<uuid:pairing_id>/record.pdf")
@require(P.FIRM_READ, P.REVIEW_READ, P.BUREAU_READ)
def record_pdf(pairing_id: UUID) -> ResponseReturnValue:
    """Show a year's record as A4; government reads what was shared with it."""
    found = fetch_pairing(pairing_id)
    year = asked_year(found)
    name = f"结对共建记录-{found.community.short_name}-{year}.pdf"
    made = document.pdf(found, work_queries.year_of(found, year), clock.now())
    return attachment(made, name, "application/pdf", is_shown="download" not in request.args)
