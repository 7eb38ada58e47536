"""The words of dossiers: tones of states, sentences of grounds and clashes."""

from collections.abc import Mapping

from flask_babel import gettext as _

from counselhub.claims.classing import Ground, Reason
from counselhub.claims.dossier_queries import Clash
from counselhub.claims.kinds import ClaimStatus
from counselhub.core.money import format_yuan

TONES: Mapping[str, str] = {
    ClaimStatus.DRAFT: "warning",
    ClaimStatus.READY: "info",
    ClaimStatus.CLAIMED: "info",
    ClaimStatus.ACCEPTED: "success",
    ClaimStatus.REFUSED: "danger",
    ClaimStatus.PAID: "success",
    ClaimStatus.CLAWED_BACK: "danger",
}


def ground(reason: Reason) -> str:
    """Say why a class was proposed."""
    value = reason.value
    match reason.ground:
        case Ground.PERSONS:
            return str(_("涉及 %(value)s 人", value=value))
        case Ground.AMOUNT:
            return str(_("涉及 %(value)s 元", value=format_yuan(value)))
        case Ground.SITTINGS:
            return str(_("调解 %(value)s 次（算一件）", value=value))
        case Ground.GROUP:
            return str(_("群体性纠纷"))
        case Ground.VIOLENCE:
            return str(_("有暴力或民转刑风险"))
        case Ground.KIND:
            return str(_("纠纷类型较难"))


def clash(one: Clash) -> str:
    """Say where the same dispute stands as well: month and street, nothing of another firm."""
    month, street, basis = f"{one.month:%Y-%m}", one.street, one.basis.label
    if one.is_aid:
        return str(
            _(
                "%(basis)s：%(month)s 在%(street)s已作为法律援助办理",
                basis=basis,
                month=month,
                street=street,
            )
        )
    if one.is_own:
        return str(
            _(
                "%(basis)s：本所 %(month)s 在%(street)s另有一件",
                basis=basis,
                month=month,
                street=street,
            )
        )
    return str(
        _("%(basis)s：%(month)s 在%(street)s已有一件", basis=basis, month=month, street=street)
    )
