"""Where a job of the queue stands."""

from counselhub.core.i18n import page_text
from counselhub.core.labels import N_, Labelled


class JobState(Labelled):
    """The queue's own states, by its own words: `todo` is a job that waits."""

    FAILED = "failed", N_("失败")
    WAITING = "todo", N_("等待")
    DOING = "doing", N_("进行中")
    SUCCEEDED = "succeeded", N_("完成")
    CANCELLED = "cancelled", N_("已放弃")
    ABORTED = "aborted", N_("已中止")


JOB_WORDS = {
    "retention": N_("按保存期限清除"),
    "end_pairings": N_("结对到期"),
    "settle_duty": N_("值班结果的认定"),
    "referral_limits": N_("转介的时限"),
    "packet_terms": N_("转外所的时限"),
    "fetch_punches": N_("读取钉钉打卡"),
    "compare_punches": N_("核对打卡"),
    "contract_days": N_("合同和分期款到期"),
    "cut_off": N_("结算截止"),
    "adjust_corrections": N_("补正转入调整"),
    "check_books": N_("账目核对"),
    "premises_days": N_("场所整改的期限"),
    "stripe_events": N_("处理Stripe的通知"),
    "stripe_event": N_("处理一条Stripe的通知"),
    "billing_days": N_("订阅到期和账单"),
    "rehearse_packs": N_("补贴办法试算"),
    "delete_departed": N_("删除离开的律所的数据"),
    "remind": N_("每日提醒"),
    "set_out_notices": N_("安排发送通知"),
    "deliver_notices": N_("发送通知"),
    "due_hooks": N_("安排事件推送"),
    "send_hooks": N_("推送事件"),
    "long_work": N_("成员的后台任务"),
    "begin_again": N_("重新开始中断的作业"),
    "forget_jobs": N_("清除很久以前的作业"),
}
"""What the jobs of the timetable and the tasks are called to the operator."""


def job_word(name: str) -> str:
    """Return what a job is called, its name where nobody has worded it."""
    return page_text(JOB_WORDS[name]) if name in JOB_WORDS else name


def named(words: str) -> list[str]:
    """Return the names of the jobs whose word contains `words`; none for ''."""
    return [name for name in JOB_WORDS if words and words in job_word(name)]


TONES = {
    JobState.FAILED: "danger",
    JobState.WAITING: "neutral",
    JobState.DOING: "info",
    JobState.SUCCEEDED: "success",
    JobState.CANCELLED: "neutral",
    JobState.ABORTED: "warning",
}
