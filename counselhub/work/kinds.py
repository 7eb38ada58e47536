"""How far a long work is, what went wrong with it, and what its acts are called."""

from counselhub.core.labels import N_, Labelled


class WorkState(Labelled):
    """Where a long work stands."""

    WAITING = "waiting", N_("排队中")
    WORKING = "working", N_("进行中")
    DONE = "done", N_("已完成")
    FAILED = "failed", N_("没有做成")
    CANCELLED = "cancelled", N_("已取消")


TONES = {
    WorkState.WAITING: "neutral",
    WorkState.WORKING: "info",
    WorkState.DONE: "success",
    WorkState.FAILED: "danger",
    WorkState.CANCELLED: "neutral",
}


class Fault(Labelled):
    """Why a work failed, where nothing more is known than this."""

    REFUSED = "refused", N_("没有做成，原因如下。")
    ERROR = "error", N_("系统出错，已经记录。请重新开始；仍不成，请联系系统管理员。")
    BROKEN = "broken", N_("中断过多次，已停止。请重新开始；仍不成，请联系系统管理员。")
    LEFT = "left", N_("申请人已不在本单位，没有继续。")


WORK_ACTS = {
    "long_work_asked": N_("申请后台任务"),
    "long_work_cancelled": N_("取消后台任务"),
    "long_work_again": N_("重新开始后台任务"),
    "long_work_fetched": N_("下载后台任务的文件"),
}
JOB_ACTS = {
    "jobs_retried": N_("重新执行失败的后台作业"),
    "jobs_given_up": N_("放弃失败的后台作业"),
}
"""What the operator does with jobs of the queue."""
