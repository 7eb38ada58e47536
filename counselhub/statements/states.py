"""States of a statement, of its lines and of the queries on them, as tables of moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class StatementStatus(Labelled):
    """Where a statement stands."""

    DRAFT = "draft", N_("编制中")
    CERTIFIED = "certified", N_("律所已确认")
    SUBMITTED = "submitted", N_("已提交")
    IN_REVIEW = "in_review", N_("审核中")
    QUERIED = "queried", N_("退回说明")
    APPROVED = "approved", N_("初审通过")
    SIGNED = "signed", N_("已审定")
    PAYABLE = "payable", N_("待支付")
    PAID = "paid", N_("已支付")
    RECONCILED = "reconciled", N_("已对账")
    VOID = "void", N_("已作废")


S = StatementStatus
STATUSES = {status.value: status for status in StatementStatus}

STATEMENT_FLOW = {
    "certify": Move(frozenset({S.DRAFT}), S.CERTIFIED),
    "reopen": Move(frozenset({S.CERTIFIED}), S.DRAFT),
    "submit": Move(frozenset({S.CERTIFIED}), S.SUBMITTED),
    "open_review": Move(frozenset({S.SUBMITTED}), S.IN_REVIEW),
    "return_queried": Move(frozenset({S.IN_REVIEW}), S.QUERIED),
    "resubmit": Move(frozenset({S.QUERIED}), S.IN_REVIEW),
    "approve": Move(frozenset({S.IN_REVIEW}), S.APPROVED),
    "send_back": Move(frozenset({S.APPROVED}), S.IN_REVIEW),
    "sign": Move(frozenset({S.APPROVED}), S.SIGNED),
    "release": Move(frozenset({S.SIGNED}), S.PAYABLE),
    "pay": Move(frozenset({S.PAYABLE}), S.PAID),
    "bounce": Move(frozenset({S.PAID}), S.PAYABLE),
    "reconcile": Move(frozenset({S.PAID}), S.RECONCILED),
    "unreconcile": Move(frozenset({S.RECONCILED}), S.PAID),
    "void": Move(frozenset({S.DRAFT, S.CERTIFIED, S.SUBMITTED, S.IN_REVIEW, S.QUERIED}), S.VOID),
}

OPEN_TO_FIRM = frozenset({S.DRAFT, S.QUERIED})
"""States in which the firm may compute; a certified one is reopened first."""

AT_OFFICE = frozenset({S.SUBMITTED, S.IN_REVIEW})
SEALED = frozenset({S.APPROVED, S.SIGNED, S.PAYABLE, S.PAID, S.RECONCILED})
"""States in which nothing about an amount ever changes."""


class LineReview(Labelled):
    """The office's view of one line."""

    PENDING = "pending", N_("待审核")
    ACCEPTED = "accepted", N_("已通过")
    QUERIED = "queried", N_("有疑问")
    DEFERRED = "deferred", N_("结转下期")
    REFUSED = "refused", N_("不予支付")


SETTLED = frozenset({LineReview.ACCEPTED, LineReview.DEFERRED, LineReview.REFUSED})
"""What a computation leaves as it is: accepted, or held back at nothing."""


class LinePayment(Labelled):
    """Whether a line was paid."""

    UNPAID = "unpaid", N_("未支付")
    PAID = "paid", N_("已支付")
    AWAITING_CLAWBACK = "awaiting_clawback", N_("待追回")
    CLAWED_BACK = "clawed_back", N_("已追回")


class QueryReason(Labelled):
    """Why the office asks about a line."""

    PRESENCE = "presence", N_("到岗时长与台账不符")
    VISITS = "visits", N_("到岗次数与台账不符")
    EVIDENCE = "evidence", N_("佐证材料不足")
    LECTURE = "lecture", N_("讲座无签到表或讲稿")
    CASE_DOSSIER = "case_dossier", N_("案件卷宗不齐")
    CASE_CLASS = "case_class", N_("难易等级认定有异议")
    AMOUNT = "amount", N_("金额计算有疑问")
    OTHER = "other", N_("其他")


class RefusalReason(Labelled):
    """Why the office will not pay a line."""

    NOT_SERVED = "not_served", N_("未提供相应服务")
    NO_EVIDENCE = "no_evidence", N_("没有佐证材料")
    OUTSIDE = "outside", N_("不属于补贴范围")
    PAID_ELSEWHERE = "paid_elsewhere", N_("已由其他经费支付")
    LATE = "late", N_("逾期未说明")
    OTHER = "other", N_("其他原因")


class Side(Labelled):
    """Who speaks in a thread."""

    OFFICE = "office", N_("司法所")
    FIRM = "firm", N_("律所")
