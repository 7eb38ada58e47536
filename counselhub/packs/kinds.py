"""Codes of rule packs, the moves of a version, and the words of the acts."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class PackStatus(Labelled):
    """Where a version stands; firms see it from `active` on."""

    DRAFT = "draft", N_("起草")
    PROPOSED = "proposed", N_("待启用")
    ACTIVE = "active", N_("已启用")
    WITHDRAWN = "withdrawn", N_("已停用")


class RehearsalStatus(Labelled):
    """How far a rehearsal is."""

    QUEUED = "queued", N_("排队中")
    RUNNING = "running", N_("试算中")
    DONE = "done", N_("已完成")
    FAILED = "failed", N_("未能完成")


_S = PackStatus
PACK_FLOW = {
    "propose_pack": Move(frozenset({_S.DRAFT}), _S.PROPOSED),
    "return_pack": Move(frozenset({_S.PROPOSED}), _S.DRAFT),
    "activate_pack": Move(frozenset({_S.PROPOSED}), _S.ACTIVE),
    "withdraw_pack": Move(frozenset({_S.DRAFT, _S.PROPOSED, _S.ACTIVE}), _S.WITHDRAWN),
}
_R = RehearsalStatus
REHEARSAL_FLOW = {
    "begin_rehearsal": Move(frozenset({_R.QUEUED, _R.RUNNING}), _R.RUNNING),
    "end_rehearsal": Move(frozenset({_R.RUNNING}), _R.DONE),
    "fail_rehearsal": Move(frozenset({_R.QUEUED, _R.RUNNING}), _R.FAILED),
}

ACTS = {
    "create_pack": N_("新建补贴办法"),
    "rename_pack": N_("给补贴办法改名"),
    "add_pack_version": N_("起草补贴办法的新版本"),
    "change_pack_version": N_("修改补贴办法的草稿"),
    "propose_pack": N_("提请启用补贴办法"),
    "return_pack": N_("退回补贴办法的草稿"),
    "activate_pack": N_("启用补贴办法"),
    "withdraw_pack": N_("停用补贴办法"),
    "save_pack_example": N_("保存补贴办法的算例"),
    "remove_pack_example": N_("删除补贴办法的算例"),
    "ask_rehearsal": N_("试算补贴办法"),
    "begin_rehearsal": N_("开始试算"),
    "end_rehearsal": N_("完成试算"),
    "fail_rehearsal": N_("试算未能完成"),
    "enter_mark": N_("登记绩效评分"),
    "remove_mark": N_("撤销绩效评分"),
}
"""Acts on packs, their examples and rehearsals, and on marks: told to their owner."""
SCHEME_ACTS = {
    "adopt_pack": N_("采用补贴办法"),
    "take_pack_version": N_("按补贴办法更新方案"),
}
"""What becomes of a firm's scheme by them."""
