"""Codes of the adviser's forms."""

from counselhub.core.labels import N_, Labelled


class AdviserCategory(Labelled):
    """人员类别."""

    LAWYER = "lawyer", N_("律师")
    LEGAL_WORKER = "legal_worker", N_("基层法律服务工作者")
    TRAINEE = "trainee", N_("实习律师")


class PoliticalStatus(Labelled):
    """政治面貌."""

    PARTY_MEMBER = "party_member", N_("中共党员")
    PROBATIONARY = "probationary_member", N_("中共预备党员")
    LEAGUE_MEMBER = "league_member", N_("共青团员")
    MASSES = "masses", N_("群众")
    OTHER = "other", N_("其他")
