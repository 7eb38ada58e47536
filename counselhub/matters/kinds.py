"""Codes of matters, their parties and conflicts, and the tables of their moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class MatterStatus(Labelled):
    """Where a matter stands; frozen: nobody works on it until the manager has decided."""

    OPEN = "open", N_("办理中")
    FROZEN = "frozen", N_("已冻结")
    DECLINED = "declined", N_("已谢绝")
    CLOSED = "closed", N_("已办结")


M = MatterStatus
MATTER_FLOW = {
    "freeze": Move(frozenset({M.OPEN}), M.FROZEN),
    "release": Move(frozenset({M.FROZEN}), M.OPEN),
    "decline": Move(frozenset({M.OPEN, M.FROZEN}), M.DECLINED),
    "close_matter": Move(frozenset({M.OPEN}), M.CLOSED),
}


class ConflictStatus(Labelled):
    """What the manager made of a possible conflict."""

    OPEN = "open", N_("待主任处理")
    CLEARED = "cleared", N_("核实后排除")
    WALLED = "walled", N_("已隔离")
    WAIVED = "waived", N_("书面豁免")
    DECLINED = "declined", N_("因此谢绝")


C = ConflictStatus
CONFLICT_FLOW = {
    "clear": Move(frozenset({C.OPEN}), C.CLEARED),
    "wall": Move(frozenset({C.OPEN}), C.WALLED),
    "waive": Move(frozenset({C.OPEN}), C.WAIVED),
    "give_up": Move(frozenset({C.OPEN}), C.DECLINED),
}


class MatterKind(Labelled):
    """事项类型."""

    ADVICE = "advice", N_("咨询与出具意见")
    MEDIATION = "mediation", N_("调解")
    NON_LITIGATION = "non_litigation", N_("非诉讼代理")
    LITIGATION = "litigation", N_("诉讼代理")
    ARBITRATION = "arbitration", N_("仲裁代理")
    LEGAL_AID = "legal_aid", N_("法律援助")
    OTHER = "other", N_("其他")


class PartyRole(Labelled):
    """当事人的地位."""

    CLIENT = "client", N_("委托人")
    OPPONENT = "opponent", N_("对方当事人")
    THIRD = "third", N_("第三人")
    COMMITTEE = "committee", N_("居委会（聘用方）")
    OTHER = "other", N_("其他")


class PartyKind(Labelled):
    """Whether a party is somebody or something."""

    PERSON = "person", N_("自然人")
    ORGANISATION = "organisation", N_("单位")


class ConflictCode(Labelled):
    """Why there may be a conflict."""

    SAME_DISPUTE = "same_dispute", N_("同一纠纷的双方")
    ADVERSE = "adverse", N_("同一当事人分列两边")
    COMMITTEE = "committee", N_("对方是聘用本所的居委会")
    MEMBER = "member", N_("当事人是本所律师")
    FORMER = "former", N_("对方曾是本所的服务对象")
    SAME_PHONE = "same_phone", N_("电话相同、姓名不同")
    SIMILAR = "similar", N_("单位名称相近")


class Matched(Labelled):
    """By what two parties were found to be one."""

    ID = "id", N_("证件号或信用代码")
    NAME = "name", N_("名称")
    ALIAS = "alias", N_("曾用名、简称")
    PHONE = "phone", N_("电话")
    SIMILAR = "similar", N_("名称相近")


class Verdict(Labelled):
    """What a check says to who asked: no more than this."""

    NONE = "none", N_("未发现冲突")
    POSSIBLE = "possible", N_("可能冲突")


class Bar(Labelled):
    """Why a lawyer may not take something, beside a conflict."""

    WALLED = "walled", N_("已被隔离")


class Occasion(Labelled):
    """Why a check was made."""

    ASKED = "asked", N_("单独查询")
    OPENING = "opening", N_("立项之前")
    PARTY_ADDED = "party_added", N_("增加当事人")


class DeclineReason(Labelled):
    """为什么谢绝."""

    CONFLICT = "conflict", N_("存在利益冲突")
    SCOPE = "scope", N_("不在服务范围")
    CAPACITY = "capacity", N_("人手不足")
    WITHDRAWN = "withdrawn", N_("当事人不再委托")
    OTHER = "other", N_("其他原因")


class WallReason(Labelled):
    """为什么隔离."""

    CONFLICT = "conflict", N_("利益冲突")
    RELATIVE = "relative", N_("本人或近亲属有利害关系")
    SERVED = "served", N_("曾为对方提供服务")
    ASKED = "asked", N_("本人申请回避")
    OTHER = "other", N_("其他原因")


TONES = {
    M.OPEN: "info",
    M.FROZEN: "danger",
    M.DECLINED: "neutral",
    M.CLOSED: "success",
}
CONFLICT_TONES = {
    C.OPEN: "danger",
    C.CLEARED: "success",
    C.WALLED: "info",
    C.WAIVED: "warning",
    C.DECLINED: "neutral",
}
MATTER_ACTS = {
    "open_matter": N_("立项"),
    "change_matter": N_("修改事项"),
    "add_party": N_("增加当事人"),
    "remove_party": N_("移除当事人"),
    "freeze": N_("冻结"),
    "release": N_("解除冻结"),
    "decline": N_("谢绝"),
    "close_matter": N_("办结"),
    "wall_off": N_("隔离成员"),
    "lift_wall": N_("解除隔离"),
    "link_matter_service": N_("关联服务"),
    "unlink_matter_service": N_("取消关联服务"),
    "unmask_parties": N_("查看当事人完整信息"),
    "read_paper": N_("下载豁免文件"),
    "print_decline": N_("打印谢绝告知书"),
    "expire_parties": N_("保存期满，擦除当事人"),
}
CHECK_ACTS = {"check_conflict": N_("检查利益冲突")}
CONFLICT_ACTS = {
    "find_conflict": N_("发现可能的冲突"),
    "clear": N_("核实后排除"),
    "wall": N_("相互隔离"),
    "waive": N_("批准书面豁免"),
    "give_up": N_("因冲突谢绝"),
}
"""What the record says of each act."""
