"""Codes of pairings, their lists and activities, and the tables of their moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class PairingStatus(Labelled):
    """Where an agreement stands."""

    DRAFT = "draft", N_("草稿")
    SIGNED = "signed", N_("已签订")
    ACTIVE = "active", N_("共建中")
    ENDED = "ended", N_("已结束")


S = PairingStatus
PAIRING_FLOW = {
    "sign_pairing": Move(frozenset({S.DRAFT}), S.SIGNED),
    "activate_pairing": Move(frozenset({S.SIGNED}), S.ACTIVE),
    "end_pairing": Move(frozenset({S.SIGNED, S.ACTIVE}), S.ENDED),
}
OPEN = (S.DRAFT, S.SIGNED, S.ACTIVE)
"""States in which an agreement may still be changed."""
WORKING = (S.SIGNED, S.ACTIVE)
"""States in which its plan and lists are written; activities take place when it is active."""
TONES = {S.DRAFT: "neutral", S.SIGNED: "info", S.ACTIVE: "success", S.ENDED: "neutral"}


class Topic(Labelled):
    """共建内容: the groups of duties that agreements name."""

    ORGANISATION = "organisation", N_("组织联动")
    DEVELOPMENT = "development", N_("发展联促")
    ACTIVITIES = "activities", N_("活动联办")
    TRAINING = "training", N_("党员联训")
    BASES = "bases", N_("基地联建")
    CUSTOM = "custom", N_("自定义")


class ListKind(Labelled):
    """On which of the two open lists an item stands; the third, of projects, comes of both."""

    RESOURCE = "resource", N_("资源清单")
    NEED = "need", N_("需求清单")


class Side(Labelled):
    """Whose item it is."""

    FIRM = "firm", N_("律所党组织")
    COMMUNITY = "community", N_("社区党组织")


class ItemStatus(Labelled):
    """Where an item of a list stands."""

    OFFERED = "offered", N_("待对接")
    MATCHED = "matched", N_("已对接")
    DONE = "done", N_("已完成")


ITEM_FLOW = {
    "match_item": Move(frozenset({ItemStatus.OFFERED, ItemStatus.DONE}), ItemStatus.MATCHED),
    "finish_item": Move(frozenset({ItemStatus.MATCHED}), ItemStatus.DONE),
    "release_item": Move(frozenset({ItemStatus.MATCHED}), ItemStatus.OFFERED),
}
ITEM_TONES = {
    ItemStatus.OFFERED: "warning",
    ItemStatus.MATCHED: "info",
    ItemStatus.DONE: "success",
}


class ProjectStatus(Labelled):
    """Where a project of the third list stands."""

    RUNNING = "running", N_("进行中")
    DONE = "done", N_("已完成")
    DROPPED = "dropped", N_("已取消")


PROJECT_FLOW = {
    "finish_project": Move(frozenset({ProjectStatus.RUNNING}), ProjectStatus.DONE),
    "drop_project": Move(frozenset({ProjectStatus.RUNNING}), ProjectStatus.DROPPED),
}
PROJECT_TONES = {
    ProjectStatus.RUNNING: "info",
    ProjectStatus.DONE: "success",
    ProjectStatus.DROPPED: "neutral",
}
ACTS = {
    "add": N_("新增"),
    "change": N_("修改"),
    "sign_pairing": N_("双方签订"),
    "activate_pairing": N_("开始共建"),
    "end_pairing": N_("结束共建"),
    "renew_pairing": N_("续签为新协议"),
    "add_scan": N_("上传签署件"),
    "remove_scan": N_("删除签署件"),
    "drop_draft": N_("删除草稿"),
}
"""What the record says of each act on an agreement."""
ITEM_ACTS = {
    "add_item": N_("列入清单"),
    "change_item": N_("修改清单项"),
    "remove_item": N_("从清单删除"),
    "match_item": N_("对接"),
    "finish_item": N_("完成"),
    "release_item": N_("恢复待对接"),
}
PROJECT_ACTS = {
    "make_project": N_("对接为项目"),
    "finish_project": N_("项目完成"),
    "drop_project": N_("项目取消"),
}
PLAN_ACTS = {
    "add_plan": N_("列入年度计划"),
    "change_plan": N_("修改年度计划"),
    "remove_plan": N_("从年度计划删除"),
}
ACTIVITY_ACTS = {
    "add_activity": N_("登记活动"),
    "change_activity": N_("修改活动"),
    "remove_activity": N_("删除活动"),
    "share_activity": N_("向司法所公开"),
    "unshare_activity": N_("撤回公开"),
    "add_activity_photo": N_("添加活动照片"),
    "remove_activity_photo": N_("删除活动照片"),
}
STUDIO_ACTS = {
    "add_studio": N_("登记工作室"),
    "change_studio": N_("修改工作室"),
    "remove_studio": N_("删除工作室"),
}
