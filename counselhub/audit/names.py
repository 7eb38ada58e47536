"""What one thing of a kind is called in the record, where no column names it."""

from flask_babel import _

from counselhub.appeals.models import LineAppeal
from counselhub.claims.dossier_models import ClaimDossier, ClaimScale
from counselhub.clients import seals
from counselhub.clients.models import Client
from counselhub.pairings.models import PairingRule
from counselhub.referrals.team_models import ReferralRule
from counselhub.roster.models import RosterRule


def masked(client: Client) -> str:
    """Return what a reader knows it by."""
    shown = seals.masked(client)
    if shown.is_erased:
        return str(_("已删除的服务对象"))
    return f"{shown.name or _('未留姓名')} {shown.phone}".strip()


def rule_name(_rule: RosterRule) -> str:
    """Return what a reader knows it by."""
    return str(_("排班规则"))


def notice_name(_rule: PairingRule) -> str:
    """Return what a reader knows it by."""
    return str(_("续签提醒的设置"))


def scale_name(_scale: ClaimScale) -> str:
    """Return what a reader knows it by."""
    return str(_("等级标准"))


def case_number(dossier: ClaimDossier) -> str:
    """Return what a reader knows it by."""
    return dossier.claim.number


def referral_rule_name(_rule: ReferralRule) -> str:
    """Return what a reader knows it by."""
    return str(_("转介规则"))


def appeal_name(appeal: LineAppeal) -> str:
    """Return what a reader knows it by."""
    return str(_("申诉 %(number)s", number=appeal.statement.number))
