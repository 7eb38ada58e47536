"""Codes of two-way choice, and the table of its moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class RoundStatus(Labelled):
    """双向选择的状态."""

    OPEN = "open", N_("填报中")
    MATCHED = "matched", N_("待确定")
    SETTLED = "settled", N_("已确定")
    DROPPED = "dropped", N_("已作废")


R = RoundStatus
LIVE = frozenset({R.OPEN, R.MATCHED})
ROUND_FLOW = {
    "match_round": Move(LIVE, R.MATCHED),
    "reopen_round": Move(frozenset({R.MATCHED}), R.OPEN),
    "settle_round": Move(frozenset({R.MATCHED}), R.SETTLED),
    "drop_round": Move(LIVE, R.DROPPED),
}
TONES = {R.OPEN: "info", R.MATCHED: "warning", R.SETTLED: "success", R.DROPPED: "neutral"}


class Side(Labelled):
    """Whose wish it is."""

    LAWYER = "lawyer", N_("律师")
    COMMUNITY = "community", N_("社区")


class Plus(Labelled):
    """What speaks for a lawyer in a community."""

    COMMUNITY_WISH = "community_wish", N_("社区意愿")
    LAWYER_WISH = "lawyer_wish", N_("律师意愿")
    STAYS = "stays", N_("现任主责")
    NEEDS = "needs", N_("专长对口")
    NEAR = "near", N_("同街道有社区")
    EDITED = "edited", N_("主任指定")


ROUND_ACTS = {
    "open_round": N_("开始双向选择"),
    "wish": N_("填报意愿"),
    "match_round": N_("自动匹配"),
    "reopen_round": N_("退回填报"),
    "edit_proposals": N_("调整方案"),
    "settle_round": N_("确定方案并指派"),
    "drop_round": N_("作废双向选择"),
}
