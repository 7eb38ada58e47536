"""Where a job of the queue stands."""

from counselhub.core.labels import N_, Labelled


class JobState(Labelled):
    """The queue's own states."""

    FAILED = "failed", N_("失败")
    TODO = "todo", N_("等待")
    DOING = "doing", N_("进行中")
    SUCCEEDED = "succeeded", N_("完成")
    CANCELLED = "cancelled", N_("已放弃")
    ABORTED = "aborted", N_("已中止")


TONES = {
    JobState.FAILED: "danger",
    JobState.TODO: "neutral",
    JobState.DOING: "info",
    JobState.SUCCEEDED: "success",
    JobState.CANCELLED: "neutral",
    JobState.ABORTED: "warning",
}
