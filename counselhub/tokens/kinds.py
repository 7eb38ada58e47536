"""What a token may be good for, where one stands, and what acts on tokens are called."""

from counselhub.core.labels import N_, Labelled


class Resource(Labelled):
    """What the interface for programs covers."""

    PLACES = "places", N_("社区")
    ADVISERS = "advisers", N_("律师")
    CONTRACTS = "contracts", N_("合同")
    ASSIGNMENTS = "assignments", N_("指派")
    DUTY = "duty", N_("值班")
    SERVICES = "services", N_("服务")
    REFERRALS = "referrals", N_("转介")
    STATEMENTS = "statements", N_("结算单")
    LEDGERS = "ledgers", N_("台账")


READ, WRITE = "read", "write"
WRITABLE = frozenset(
    {
        Resource.ADVISERS,
        Resource.CONTRACTS,
        Resource.ASSIGNMENTS,
        Resource.DUTY,
        Resource.SERVICES,
        Resource.REFERRALS,
        Resource.STATEMENTS,
    }
)
"""What has operations that change something; all of them are a firm's."""
OF_OFFICES = (Resource.DUTY, Resource.STATEMENTS, Resource.LEDGERS)
"""What the pages of an office show of it; a firm's show all."""


class TokenState(Labelled):
    """Where a token stands."""

    LIVE = "live", N_("有效")
    EXPIRED = "expired", N_("已过期")
    REVOKED = "revoked", N_("已撤销")


TONES = {
    TokenState.LIVE: "success",
    TokenState.EXPIRED: "neutral",
    TokenState.REVOKED: "danger",
}
TOKEN_ACTS = {
    "token_made": N_("新建访问令牌"),
    "token_revoked": N_("撤销访问令牌"),
}
