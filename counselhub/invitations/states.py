"""What becomes of an invitation."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Flow, Move


class InvitationStatus(Labelled):
    """Where an invitation stands; an open one may have expired."""

    PROPOSED = "proposed", N_("待平台确认")
    OPEN = "open", N_("待接受")
    ACCEPTED = "accepted", N_("已接受")
    REFUSED = "refused", N_("平台未同意")
    WITHDRAWN = "withdrawn", N_("已撤回")


S = InvitationStatus
INVITATION_FLOW: Flow = {
    "confirm_invitation": Move(frozenset({S.PROPOSED}), S.OPEN),
    "refuse_invitation": Move(frozenset({S.PROPOSED}), S.REFUSED),
    "accept_invitation": Move(frozenset({S.OPEN}), S.ACCEPTED),
    "withdraw_invitation": Move(frozenset({S.PROPOSED, S.OPEN}), S.WITHDRAWN),
}
TONES = {
    S.PROPOSED: "warning",
    S.OPEN: "info",
    S.ACCEPTED: "success",
    S.REFUSED: "danger",
    S.WITHDRAWN: "neutral",
}
