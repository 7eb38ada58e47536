"""A community's history in one line of time: the firm's own, and what the office may see."""

from typing import Any

from flask.typing import ResponseReturnValue

from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.contracts.kinds import ContractKind
from counselhub.core import clock, htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import NotFoundError
from counselhub.handovers import timeline
from counselhub.handovers.routes.blueprint import P, bp, community_of
from counselhub.liaisons.kinds import CommitteeRole
from counselhub.pairings.kinds import PairingStatus
from counselhub.places.models import Community
from counselhub.premises.kinds import IssueKind


def _shown(community: Community, *, is_firm: bool) -> dict[str, Any]:
    what = timeline.What
    return {
        "community": community,
        "years": timeline.of_community(community.code, is_firm=is_firm),
        "is_firm": is_firm,
        "codes": {
            what.CONTRACT: ContractKind,
            what.ASSIGNMENT: AssignmentRole,
            what.HANDOVER: EndCause,
            what.POST: CommitteeRole,
            what.PAIRING: PairingStatus,
            what.PREMISES: IssueKind,
        },
        "tones": {
            what.CONTRACT: "info",
            what.ASSIGNMENT: "success",
            what.HANDOVER: "warning",
            what.PREMISES: "danger",
        },
        "today": clock.today(),
    }


@bp.get("/communities/<code>/history")
@require(P.FIRM_READ)
def history(code: str) -> ResponseReturnValue:
    """Show what the firm has had with a community, year by year."""
    return htmx.show("handovers/history.html", **_shown(community_of(code), is_firm=True))


@bp.get("/shared-communities/<code>/history")
@require(P.REVIEW_READ, P.PREMISES_READ)
def shared_history(code: str) -> ResponseReturnValue:
    """Show what all firms have had with a community of the street, as far as they share it."""
    community = community_of(code)
    if community.street_code != current_member().street_code:
        raise NotFoundError()
    return htmx.show("handovers/history.html", **_shown(community, is_firm=False))
