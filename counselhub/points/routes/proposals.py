"""A lawyer on site says where duty is done; whoever manages duty decides."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.places.models import Community
from counselhub.points import actions, queries
from counselhub.points.forms import DecisionForm, ProposalForm
from counselhub.points.models import DEFAULT_RADIUS_M, PointProposal
from counselhub.points.routes.blueprint import PAGE, bp, page_of, place_of

ASKED = "points/proposal.html"


@bp.get("/duty/points/<code>/proposal")
@require(Permission.DUTY_LOG)
def proposal(code: str) -> ResponseReturnValue:
    """Ask a lawyer on site where duty is done."""
    return htmx.show(ASKED, **_asked(place_of(code), ProposalForm(formdata=None)))


@bp.post("/duty/points/<code>/proposal")
@require(Permission.DUTY_LOG)
def create_proposal(code: str) -> ResponseReturnValue:
    """Take the lawyer's word, for somebody to decide."""
    community, form = place_of(code), ProposalForm()
    try:
        if form.validate_on_submit():
            actions.propose(community, form.place, text(form.remark), by=current_member())
            flash(_("已提议，内勤或主任确认后生效"), "success")
            return htmx.gone_to(url_for("duty.today"))
    except RefusedError as refusal:
        show_refusal(form.pair, refusal)
    except ConflictError as refusal:
        return htmx.refused(ASKED, **_asked(community, form, refusal.message))
    return htmx.invalid(ASKED, **_asked(community, form))


def _asked(community: Community, form: ProposalForm, refusal: str = "") -> dict[str, Any]:
    adviser_id = current_member().adviser_id
    return {
        "community": community,
        "form": form,
        "refusal": refusal,
        "waiting": queries.waiting_of(adviser_id, community.code) if adviser_id else None,
        "point": queries.point_of(community.code),
    }


@bp.post("/duty/point-proposals/<uuid:proposal_id>/acceptance")
@require(Permission.DUTY_MANAGE)
def create_acceptance(proposal_id: UUID) -> ResponseReturnValue:
    """Make a proposal the community's point."""
    found, form = fetch(PointProposal, proposal_id), DecisionForm()
    if not form.validate_on_submit():
        return htmx.invalid(
            PAGE, **page_of(found.community, refusal=str(next(iter(form.radius_m.errors), "")))
        )
    radius_m = form.radius_m.data or DEFAULT_RADIUS_M
    try:
        actions.accept(
            found, radius_m=radius_m, revision=revision_of(form.revision), by=current_member()
        )
    except ConflictError as refusal:
        return htmx.refused(PAGE, **page_of(found.community, refusal=refusal.message))
    return _back(found, _("已采用，之后的打卡按这个点位判断"))


@bp.post("/duty/point-proposals/<uuid:proposal_id>/refusal")
@require(Permission.DUTY_MANAGE)
def create_refusal(proposal_id: UUID) -> ResponseReturnValue:
    """Leave a proposal."""
    found, form = fetch(PointProposal, proposal_id), DecisionForm()
    try:
        actions.decline(found, revision=revision_of(form.revision), by=current_member())
    except ConflictError as refusal:
        return htmx.refused(PAGE, **page_of(found.community, refusal=refusal.message))
    return _back(found, _("没有采用，提议里的位置已删除"))


def _back(found: PointProposal, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".point", code=found.community_code))
