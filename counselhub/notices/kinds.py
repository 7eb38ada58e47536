"""What people are told of, by which way, and how a message that goes out stands."""

from counselhub.core.labels import N_, Labelled


class Kind(Labelled):
    """One kind of notice; `texts.ABOUT` says what it tells and whom it concerns."""

    CONTRACT_ENDING = "contract_ending", N_("合同将到期")
    COVERAGE_GAP = "coverage_gap", N_("覆盖缺口")
    ROTA_GAP = "rota_gap", N_("线上值班缺口")
    HOURS_SHORT = "hours_short", N_("时长不足")
    STATEMENT_DUE = "statement_due", N_("结算待提交")
    QUERY_WAITING = "query_waiting", N_("疑问待答复")
    ANSWER_WAITING = "answer_waiting", N_("答复待审核")
    REFERRAL_DUE = "referral_due", N_("转介期限")
    OWN_REFERRAL_DUE = "own_referral_due", N_("承办转介期限")
    PAIRING_RENEWAL = "pairing_renewal", N_("结对续签")
    STATEMENT_SUBMITTED = "statement_submitted", N_("结算单已提交")
    STATEMENT_RESUBMITTED = "statement_resubmitted", N_("结算单疑问已答复")
    STATEMENT_CHECKED = "statement_checked", N_("结算单待审定")
    STATEMENT_SENT_BACK = "statement_sent_back", N_("结算单退回复核")
    STATEMENT_RETURNED = "statement_returned", N_("结算单有疑问")
    STATEMENT_SIGNED = "statement_signed", N_("结算单已审定")
    STATEMENT_PAID = "statement_paid", N_("补贴已支付")
    REFERRAL_OFFERED = "referral_offered", N_("转介征询")
    LEAVE_ASKED = "leave_asked", N_("请假待审批")
    LEAVE_DECIDED = "leave_decided", N_("请假有结果")
    COVER_OFFERED = "cover_offered", N_("替班征询")
    COVER_TAKEN = "cover_taken", N_("替班待批准")
    COVER_AGREED = "cover_agreed", N_("替班已定")
    PAYMENT_DUE = "payment_due", N_("套餐待付款")
    READ_ONLY_SOON = "read_only_soon", N_("即将只读")
    READ_ONLY = "read_only", N_("已经只读")
    ARCHIVE_READY = "archive_ready", N_("全部导出已完成")
    WORK_ENDED = "work_ended", N_("后台任务已结束")


class Mode(Labelled):
    """By which way a person gets the notices of one kind."""

    OFF = "off", N_("不通知")
    INBOX = "inbox", N_("只在站内")
    DIGEST = "digest", N_("站内，另发每日汇总邮件")
    MAIL = "mail", N_("站内，另立即发邮件")


class DeliveryState(Labelled):
    """How a message that goes out stands."""

    WAITING = "waiting", N_("待发送")
    SENDING = "sending", N_("发送中")
    SENT = "sent", N_("已发送")
    FAILED = "failed", N_("未送达")
    NEEDLESS = "needless", N_("已读，不用再发")
    LAPSED = "lapsed", N_("过期未发")


class Language(Labelled):
    """In which language mail is written."""

    CHINESE = "zh_CN", N_("中文")
    ENGLISH = "en", N_("英文")


CHANNEL_WORDS = {"mail": N_("通知邮件"), "link": N_("链接邮件"), "robot": N_("群机器人")}
"""Channels as the operator reads of them; one that has no word here goes by its name."""
NOTICE_ACTS = {
    "notice_choice": N_("更改通知方式"),
    "mail_address_trusted": N_("恢复向邮箱发信"),
    "deliveries_retried": N_("重新发送未送达的消息"),
}
