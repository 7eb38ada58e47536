"""What a token may be good for, where one stands, and what acts on tokens are called."""

from collections.abc import Mapping

from counselhub.core.labels import N_, Labelled
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind


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
READABLE: Mapping[ScopeKind, tuple[Resource, ...]] = {
    ScopeKind.FIRM: tuple(Resource),
    ScopeKind.OFFICE: (Resource.DUTY, Resource.STATEMENTS, Resource.LEDGERS),
}
"""What the pages of a firm, and those of an office, show of it."""
WRITABLE: Mapping[ScopeKind, frozenset[Resource]] = {
    ScopeKind.FIRM: frozenset(
        {
            Resource.ADVISERS,
            Resource.CONTRACTS,
            Resource.ASSIGNMENTS,
            Resource.DUTY,
            Resource.SERVICES,
            Resource.REFERRALS,
            Resource.STATEMENTS,
        }
    ),
    ScopeKind.OFFICE: frozenset({Resource.LEDGERS}),
}
"""What has operations that change something there."""
WRITING_NEEDS: Mapping[Resource, Permission] = {Resource.LEDGERS: Permission.REVIEW_CHECK}
"""What the role of a token has to allow for its writing scope to be of any use."""
WRITING_WORDS: Mapping[Resource, str] = {Resource.LEDGERS: N_("导入台账")}
"""What writing is called where it is a single act."""


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
