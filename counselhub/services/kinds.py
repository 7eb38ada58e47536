"""Codes of a service record, and the words of the acts on one."""

from counselhub.core.labels import N_, Labelled


class ServiceKind(Labelled):
    """服务类别."""

    CONSULTATION = "consultation", N_("法律咨询")
    LEGAL_OPINION = "legal_opinion", N_("法律意见书")
    MEDIATION = "mediation", N_("参与调解")
    PUBLICITY = "publicity", N_("法治宣传")
    LECTURE = "lecture", N_("法治讲座")
    LEGAL_AID = "legal_aid", N_("法律援助")
    DRAFTING = "drafting", N_("代写文书")
    CONTRACT_REVIEW = "contract_review", N_("合同审查")
    BYLAW_REVISION = "bylaw_revision", N_("修订村规民约")
    LEGAL_CHECKUP = "legal_checkup", N_("法治体检")
    LEGAL_AFFAIRS = "legal_affairs", N_("涉法事务")
    TRAINING = "training", N_("培训")
    OTHER = "other", N_("其他")


class ServiceMode(Labelled):
    """服务方式."""

    ON_SITE = "on_site", N_("现场")
    PHONE = "phone", N_("电话")
    WECHAT = "wechat", N_("微信")
    VISIT = "visit", N_("上门")
    OTHER = "other", N_("其他")


class DisputeKind(Labelled):
    """纠纷类型."""

    NEIGHBOUR = "neighbour", N_("邻里")
    FAMILY = "family", N_("婚姻家庭")
    LABOUR = "labour", N_("劳动争议")
    DEMOLITION = "demolition", N_("征地拆迁")
    TRAFFIC = "traffic", N_("交通事故")
    MEDICAL = "medical", N_("医疗纠纷")
    ENVIRONMENT = "environment", N_("环境保护")
    LAND = "land", N_("土地")
    PROPERTY = "property_management", N_("物业")
    OTHER = "other", N_("其他")


class FileKind(Labelled):
    """附件种类."""

    PHOTO = "photo", N_("现场照片")
    DRAFT = "draft", N_("讲稿")
    SIGN_IN = "sign_in", N_("签到表")
    OPINION = "opinion", N_("意见书")
    OTHER = "other", N_("其他")


SHAREABLE = frozenset({FileKind.PHOTO, FileKind.DRAFT})
"""Kinds that hold no client data by their nature: the firm may let the office see one."""

ACTS = {
    "add": N_("新增"),
    "change": N_("修改"),
    "remove": N_("删除"),
    "blank_words": N_("清空服务内容"),
    "follow_up": N_("记跟进"),
    "follow_up_remove": N_("删除跟进"),
    "file_add": N_("加附件"),
    "file_share": N_("更改附件的可见范围"),
    "file_remove": N_("删除附件"),
}
"""What happens to a record is called."""
