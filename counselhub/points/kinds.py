"""Codes of duty points and of what speaks for being there."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class MapSystem(Labelled):
    """Where coordinates were read."""

    GCJ02 = "gcj02", N_("高德、腾讯地图")
    BD09 = "bd09", N_("百度地图")
    WGS84 = "wgs84", N_("手机定位、GPS")


class PointSource(Labelled):
    """How a duty point was found."""

    TYPED = "typed", N_("地图坐标")
    PHONE = "phone", N_("现场手机定位")
    PROPOSED = "proposed", N_("律师现场提议")


class ProposalStatus(Labelled):
    """What became of a lawyer's proposal."""

    PROPOSED = "proposed", N_("待确认")
    ACCEPTED = "accepted", N_("已采用")
    DECLINED = "declined", N_("未采用")


POINT_ACTS = {
    "set_point": N_("设置点位"),
    "move_point": N_("移动点位"),
    "remove_point": N_("删除点位"),
}
PROPOSAL_ACTS = {
    "propose": N_("提议点位"),
    "accept": N_("采用提议的点位"),
    "decline": N_("不采用提议的点位"),
}
PROPOSAL_FLOW = {
    "accept": Move(frozenset({ProposalStatus.PROPOSED}), ProposalStatus.ACCEPTED),
    "decline": Move(frozenset({ProposalStatus.PROPOSED}), ProposalStatus.DECLINED),
}


class PositionVerdict(Labelled):
    """What the position of a tap says (EVID-4); the last ones are reasons why there is none."""

    NEAR = "near", N_("在值班点")
    WITHIN = "within", N_("误差范围内可算在值班点")
    FAR = "far", N_("离值班点太远")
    VAGUE = "vague", N_("定位误差太大，不能判断")
    NO_POINT = "no_point", N_("社区还没有设值班点位")
    REFUSED = "refused", N_("手机没有允许定位")
    TIMEOUT = "timeout", N_("定位超时")
    UNAVAILABLE = "unavailable", N_("手机没有给出位置")
    INSECURE = "insecure", N_("不是加密连接，不能定位")
    ODD = "odd", N_("手机给出的位置无法识别")


class CodeVerdict(Labelled):
    """What the code of a tap says (EVID-5)."""

    CURRENT = "current", N_("扫了社区动态码")
    SHEET = "sheet", N_("扫了张贴码，不作为到场证据")
    OLD = "old", N_("动态码已过期")
    USED = "used", N_("这个动态码您已用过")
    ELSEWHERE = "elsewhere", N_("是另一个社区的码")
    ENDED = "ended", N_("码已停用或换新")
    UNKNOWN = "unknown", N_("不是本所的值班码")


AT_THE_POINT = frozenset({PositionVerdict.NEAR, PositionVerdict.WITHIN})
"""Verdicts that speak for a session."""
FAILURES = (
    PositionVerdict.REFUSED,
    PositionVerdict.TIMEOUT,
    PositionVerdict.UNAVAILABLE,
    PositionVerdict.INSECURE,
)
"""What a phone may give as the reason why it has no position."""
SCANNED = frozenset({CodeVerdict.CURRENT, CodeVerdict.SHEET})
"""Codes by which somebody signed in."""
