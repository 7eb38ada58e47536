"""Why somebody looks at a client's full data, and why it is erased."""

from counselhub.core.labels import N_, Labelled


class UnmaskReason(Labelled):
    """查看完整信息的原因."""

    CONTACT = "contact", N_("联系服务对象")
    CONFLICT = "conflict", N_("利益冲突检查")
    VERIFY = "verify", N_("核对信息")
    COMPLAINT = "complaint", N_("处理投诉")
    REQUEST = "request", N_("本人要求")
    OTHER = "other", N_("其他原因")


class EraseReason(Labelled):
    """删除个人信息的原因."""

    REQUEST = "request", N_("本人要求删除")
    WITHDRAWN = "withdrawn", N_("本人撤回同意")
    MISTAKE = "mistake", N_("误录")
    NEEDLESS = "needless", N_("不再需要")


ACTS = {
    "create": N_("登记"),
    "change": N_("更正"),
    "link": N_("关联服务"),
    "unlink": N_("取消关联"),
    "link_case": N_("关联案件"),
    "unlink_case": N_("取消关联案件"),
    "unmask": N_("查看完整信息"),
    "download": N_("下载全部资料"),
    "erase": N_("删除个人信息"),
    "expire": N_("保存期满，自动删除"),
}
"""The words for what is on record about a client."""
