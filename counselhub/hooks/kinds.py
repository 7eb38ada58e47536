"""What is told, of which acts; where a hook and a delivery stand; what acts on hooks are called."""

from collections.abc import Mapping

from counselhub.core.labels import N_, Labelled
from counselhub.core.tenancy import ScopeKind
from counselhub.core.workflow import Move


class HookKind(Labelled):
    """What may be told."""

    STATEMENT_SUBMITTED = "statement.submitted", N_("结算单已提交")
    STATEMENT_QUERIED = "statement.queried", N_("结算单退回说明")
    STATEMENT_APPROVED = "statement.approved", N_("结算单初审通过")
    STATEMENT_SENT_BACK = "statement.sent_back", N_("结算单退回初审")
    STATEMENT_SIGNED = "statement.signed", N_("结算单已审定")
    STATEMENT_PAYABLE = "statement.payable", N_("结算单待支付")
    STATEMENT_PAID = "statement.paid", N_("结算单已支付")
    STATEMENT_BOUNCED = "statement.bounced", N_("结算单被银行退回")
    STATEMENT_RECONCILED = "statement.reconciled", N_("结算单已对账")
    STATEMENT_VOIDED = "statement.voided", N_("结算单已作废")
    CONTRACT_CHANGED = "contract.changed", N_("合同有变化")
    ASSIGNMENT_CHANGED = "assignment.changed", N_("指派有变化")
    DUTY_STARTED = "duty.started", N_("值班签到")
    DUTY_FINISHED = "duty.finished", N_("值班结束")
    DUTY_CHANGED = "duty.changed", N_("值班记录有改动")
    SERVICE_RECORDED = "service.recorded", N_("记了一条服务")
    SERVICE_CHANGED = "service.changed", N_("服务记录有改动")
    SERVICE_REMOVED = "service.removed", N_("删了一条服务")
    REFERRAL_ASKED = "referral.asked", N_("提出转介")
    REFERRAL_OFFERED = "referral.offered", N_("转介征询律师")
    REFERRAL_ACCEPTED = "referral.accepted", N_("转介有人承办")
    REFERRAL_CONCLUDED = "referral.concluded", N_("转介有了意见")
    REFERRAL_CLOSED = "referral.closed", N_("转介办结或撤回")
    PING = "ping", N_("试推送")


K = HookKind
OF_STATEMENTS = {
    "submit": K.STATEMENT_SUBMITTED,
    "resubmit": K.STATEMENT_SUBMITTED,
    "return_queried": K.STATEMENT_QUERIED,
    "approve": K.STATEMENT_APPROVED,
    "send_back": K.STATEMENT_SENT_BACK,
    "sign": K.STATEMENT_SIGNED,
    "release": K.STATEMENT_PAYABLE,
    "pay": K.STATEMENT_PAID,
    "bounce": K.STATEMENT_BOUNCED,
    "reconcile": K.STATEMENT_RECONCILED,
    "void": K.STATEMENT_VOIDED,
}
OF_SESSIONS = {
    "sign_in": K.DUTY_STARTED,
    "sign_out": K.DUTY_FINISHED,
    "leave_untold": K.DUTY_FINISHED,
    "add": K.DUTY_CHANGED,
    "correct": K.DUTY_CHANGED,
    "merge": K.DUTY_CHANGED,
    "ask_again": K.DUTY_CHANGED,
    "void": K.DUTY_CHANGED,
}
OF_SERVICES = {
    "add": K.SERVICE_RECORDED,
    "change": K.SERVICE_CHANGED,
    "remove": K.SERVICE_REMOVED,
}
OF_REFERRALS = {
    "ask": K.REFERRAL_ASKED,
    "form": K.REFERRAL_OFFERED,
    "offer_next": K.REFERRAL_OFFERED,
    "accept": K.REFERRAL_ACCEPTED,
    "conclude": K.REFERRAL_CONCLUDED,
    "close": K.REFERRAL_CLOSED,
    "withdraw": K.REFERRAL_CLOSED,
}
CHANGING_CONTRACTS = ("create", "change", "send", "sign", "file", "activate", "expire", "terminate")
CHANGING_ASSIGNMENTS = ("assign", "end", "withdraw")
OF_ACTS: Mapping[tuple[str, str], HookKind] = {
    **{("statement", act): kind for act, kind in OF_STATEMENTS.items()},
    **{("contract", act): K.CONTRACT_CHANGED for act in CHANGING_CONTRACTS},
    **{("assignment", act): K.ASSIGNMENT_CHANGED for act in CHANGING_ASSIGNMENTS},
    **{("duty_session", act): kind for act, kind in OF_SESSIONS.items()},
    **{("service_record", act): kind for act, kind in OF_SERVICES.items()},
    **{("referral", act): kind for act, kind in OF_REFERRALS.items()},
}
"""Subject and act, as the record has them, to what is told; the database's `hook_kind` says the
same, so a change here needs a migration."""
PATHS: Mapping[str, str] = {
    "statement": "/statements/",
    "contract": "/contracts/",
    "assignment": "/assignments/",
    "duty_session": "/duty/sessions/",
    "service_record": "/services/",
    "referral": "/referrals/",
}
"""Where the interface shows what an event is about; the id follows."""
CHOSEN = tuple(kind for kind in HookKind if kind is not K.PING)
OF_OFFICES = tuple(kind for kind in CHOSEN if kind.startswith("statement."))
"""What an office's tokens may read, one by one."""


def offered(side: ScopeKind) -> tuple[HookKind, ...]:
    """Return what a firm, or an office, may choose to be told."""
    return CHOSEN if side is ScopeKind.FIRM else OF_OFFICES


class HookState(Labelled):
    """Where a hook stands."""

    LIVE = "live", N_("正常")
    PAUSED = "paused", N_("已暂停")


HOOK_FLOW = {
    "pause": Move(frozenset({HookState.LIVE}), HookState.PAUSED),
    "resume": Move(frozenset({HookState.PAUSED}), HookState.LIVE),
}
HOOK_TONES = {HookState.LIVE: "success", HookState.PAUSED: "danger"}


class PauseCause(Labelled):
    """Why nothing is sent."""

    ASKED = "asked", N_("由本单位暂停")
    DEAD = "dead", N_("连续多次投递失败，系统已暂停")
    GONE = "gone", N_("对方回答 410，表示不再接收，系统已暂停")


class DeliveryState(Labelled):
    """Where a delivery stands."""

    WAITING = "waiting", N_("待投递")
    SENT = "sent", N_("已送达")
    DEAD = "dead", N_("已放弃")


D = DeliveryState
DELIVERY_FLOW = {
    "arrive": Move(frozenset({D.WAITING}), D.SENT),
    "give_up": Move(frozenset({D.WAITING}), D.DEAD),
    "replay": Move(frozenset({D.SENT, D.DEAD}), D.WAITING),
}
DELIVERY_TONES = {D.WAITING: "warning", D.SENT: "success", D.DEAD: "danger"}


class Fault(Labelled):
    """Why an attempt did not arrive."""

    UNKNOWN_HOST = "unknown_host", N_("找不到这个主机名")
    FORBIDDEN = "forbidden", N_("地址不允许：它指向内部网络，或者不是 https")
    REFUSED = "refused", N_("连接不上，或者连接中断")
    CERTIFICATE = "certificate", N_("证书不可信")
    SLOW = "slow", N_("超过10秒没有回答完")
    REDIRECT = "redirect", N_("对方要求跳转；推送从不跟随跳转，请改填最终的地址")
    STATUS = "status", N_("对方的回答不是 2xx")


HOOK_ACTS = {
    "hook_made": N_("新建事件推送"),
    "hook_changed": N_("修改事件推送"),
    "hook_secret_changed": N_("更换事件推送的密钥"),
    "hook_paused": N_("暂停事件推送"),
    "hook_resumed": N_("恢复事件推送"),
    "hook_removed": N_("删除事件推送"),
    "hook_tested": N_("试推送"),
    "hook_replayed": N_("重新投递事件"),
}
