"""What each kind of notice says, whom it concerns, and which facts it may carry: two
tables, a row for each kind in both.

A notice holds facts of the few types of `FIELDS`, never a sentence that somebody wrote: no client's
name, phone or case has a field to stand in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from counselhub.core import i18n
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.notices.kinds import Kind, Mode

P, K = Permission, Kind
Fact = str | int | date
LONGEST_NAME = 60
NUMBER = re.compile(r"[0-9０-９]{7,}|1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}")
"""A phone, a certificate, an account. No name of a place has any."""
FIELDS: Mapping[str, type] = MappingProxyType(
    {
        "month": date,
        "day": date,
        "until": date,
        "days": int,
        "count": int,
        "minutes": int,
        "street": str,
        "community": str,
        "firm": str,
        "adviser": str,
        "work": str,
    }
)
"""What a sentence may name. adviser: a lawyer of the firm, never a client. work: a word of ours."""
OF_PEOPLE = frozenset({"adviser"})
"""Fields that stay out of a group's chat."""
_FIELD = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class About:
    """One row. side: whom it may reach, None: firms and offices. permission: whom in the place it

    concerns; None: the people named by the teller.

    sentence: what is told, with its facts by name. default: how who has chosen nothing gets it.
    may_be_off: whether one may leave it out. to_groups: whether a group's robot may pass it on.
    """

    sentence: str
    side: ScopeKind | None
    permission: Permission | None
    default: Mode = Mode.INBOX
    may_be_off: bool = True
    to_groups: bool = False

    @property
    def fields(self) -> frozenset[str]:
        """The names of the facts that the sentence asks for."""
        return frozenset(_FIELD.findall(self.sentence))


class UnfitFactError(ValueError):
    """A notice was to carry what its kind has no field for: a fault of ours."""


SENTENCES: Mapping[Kind, str] = MappingProxyType(
    {
        K.CONTRACT_ENDING: N_(
            "合同 %(day)s 到期，还有 %(days)s 天（%(community)s，共 %(count)s 个社区）"
        ),
        K.COVERAGE_GAP: N_("%(community)s从 %(day)s 起没有主责律师"),
        K.ROTA_GAP: N_("%(street)s %(day)s 起的线上值班还没有人"),
        K.HOURS_SHORT: N_(
            "%(adviser)s %(month)s 的值班时长还差 %(minutes)s，月底前还有 %(days)s 天"
        ),
        K.STATEMENT_DUE: N_("%(street)s %(month)s 的结算单还没有提交，截止 %(day)s"),
        K.QUERY_WAITING: N_("%(street)s %(month)s 结算单的疑问已等待答复 %(days)s 天"),
        K.ANSWER_WAITING: N_("%(firm)s %(month)s 结算单的答复已等待审核 %(days)s 天"),
        K.REFERRAL_DUE: N_("%(count)s 件转介将在 %(day)s 到期限"),
        K.OWN_REFERRAL_DUE: N_("您承办的 %(count)s 件转介将在 %(day)s 到期限"),
        K.PAIRING_RENEWAL: N_("与%(community)s的结对 %(day)s 期满，还有 %(days)s 天"),
        K.STATEMENT_SUBMITTED: N_("%(firm)s提交了 %(month)s 的结算单，等您审核"),
        K.STATEMENT_RESUBMITTED: N_("%(firm)s答复了 %(month)s 结算单的疑问，再次提交，等您审核"),
        K.STATEMENT_CHECKED: N_("%(firm)s %(month)s 的结算单已初审通过，等您审定"),
        K.STATEMENT_SENT_BACK: N_("%(firm)s %(month)s 的结算单被审定人退回复核"),
        K.STATEMENT_RETURNED: N_("%(street)s退回了 %(month)s 的结算单，有 %(count)s 项疑问要说明"),
        K.STATEMENT_SIGNED: N_("%(street)s审定了 %(month)s 的结算单，等待支付"),
        K.STATEMENT_PAID: N_("%(street)s支付了 %(month)s 的补贴，请核对到账"),
        K.REFERRAL_OFFERED: N_("有一件转介征询您是否承办，请尽快答复"),
        K.LEAVE_ASKED: N_("%(adviser)s申请 %(day)s 至 %(until)s 请假，等您审批"),
        K.LEAVE_DECIDED: N_("您 %(day)s 至 %(until)s 的请假有结果了"),
        K.COVER_OFFERED: N_("%(community)s %(day)s 的值班征询您能否替班"),
        K.COVER_TAKEN: N_("%(adviser)s愿替 %(community)s %(day)s 的值班，等您批准"),
        K.COVER_AGREED: N_("%(community)s %(day)s 的值班定由您替班"),
        K.PAYMENT_DUE: N_("套餐费用没有付清，%(day)s 起将只能查看"),
        K.READ_ONLY_SOON: N_("套餐费用仍未付清，还有 %(days)s 天就只能查看（%(day)s 起）"),
        K.READ_ONLY: N_("套餐费用未付，%(day)s 起只能查看；付清后立即恢复"),
        K.ARCHIVE_READY: N_("您要的全部导出已完成，可以下载"),
        K.WORK_ENDED: N_("后台任务“%(work)s”已结束"),
    }
)
_FIRM, _OFFICE = ScopeKind.FIRM, ScopeKind.OFFICE
_REMINDER = {"default": Mode.DIGEST, "to_groups": True}
_OWN_REMINDER = {"default": Mode.DIGEST}
_NEWS = {"to_groups": True}
_OWN_NEWS: dict[str, Any] = {}
_CALL = {"default": Mode.MAIL}
_DEMAND = {"default": Mode.MAIL, "may_be_off": False}
"""How who has chosen nothing gets it. Own: of one person, or naming one, so that no group reads it.
Call: an answer is waited for. Demand: nobody may leave it out."""
_WHOM: Mapping[Kind, tuple[ScopeKind | None, Permission | None, Mapping[str, Any]]] = {
    K.CONTRACT_ENDING: (_FIRM, P.CONTRACT_MANAGE, _REMINDER),
    K.COVERAGE_GAP: (_FIRM, P.ASSIGN, _REMINDER),
    K.ROTA_GAP: (_FIRM, P.DUTY_MANAGE, _REMINDER),
    K.HOURS_SHORT: (_FIRM, P.DUTY_MANAGE, _OWN_REMINDER),
    K.STATEMENT_DUE: (_FIRM, P.STATEMENT_PREPARE, _REMINDER),
    K.QUERY_WAITING: (_FIRM, P.STATEMENT_PREPARE, _REMINDER),
    K.ANSWER_WAITING: (_OFFICE, P.REVIEW_CHECK, _REMINDER),
    K.REFERRAL_DUE: (_FIRM, P.REFERRAL_MANAGE, _REMINDER),
    K.OWN_REFERRAL_DUE: (_FIRM, None, _OWN_REMINDER),
    K.PAIRING_RENEWAL: (_FIRM, P.PAIRING_MANAGE, _REMINDER),
    K.STATEMENT_SUBMITTED: (_OFFICE, P.REVIEW_CHECK, _NEWS),
    K.STATEMENT_RESUBMITTED: (_OFFICE, P.REVIEW_CHECK, _NEWS),
    K.STATEMENT_CHECKED: (_OFFICE, P.REVIEW_SIGN, _NEWS),
    K.STATEMENT_SENT_BACK: (_OFFICE, P.REVIEW_CHECK, _NEWS),
    K.STATEMENT_RETURNED: (_FIRM, P.STATEMENT_PREPARE, _DEMAND | _NEWS),
    K.STATEMENT_SIGNED: (_FIRM, P.STATEMENT_READ, _NEWS),
    K.STATEMENT_PAID: (_FIRM, P.STATEMENT_READ, _NEWS),
    K.REFERRAL_OFFERED: (_FIRM, None, _CALL),
    K.LEAVE_ASKED: (_FIRM, P.LEAVE_DECIDE, _OWN_NEWS),
    K.LEAVE_DECIDED: (_FIRM, None, _OWN_NEWS),
    K.COVER_OFFERED: (_FIRM, None, _CALL),
    K.COVER_TAKEN: (_FIRM, P.DUTY_MANAGE, _OWN_NEWS),
    K.COVER_AGREED: (_FIRM, None, _CALL),
    K.PAYMENT_DUE: (_FIRM, P.BILLING, _DEMAND),
    K.READ_ONLY_SOON: (_FIRM, P.BILLING, _DEMAND),
    K.READ_ONLY: (_FIRM, P.BILLING, _DEMAND),
    K.ARCHIVE_READY: (_OFFICE, None, _OWN_NEWS),
    K.WORK_ENDED: (None, None, _OWN_NEWS),
}
ABOUT: Mapping[Kind, About] = MappingProxyType(
    {
        kind: About(SENTENCES[kind], side, permission, **how)
        for kind, (side, permission, how) in _WHOM.items()
    }
)


def checked(kind: Kind, facts: Mapping[str, Fact]) -> dict[str, str | int]:
    """Return the facts as a notice keeps them. Raises UnfitFactError for what has no field."""
    if set(facts) != ABOUT[kind].fields:
        raise UnfitFactError(f"{kind} takes {sorted(ABOUT[kind].fields)}, not {sorted(facts)}")
    return {name: _fit(name, value) for name, value in facts.items()}


def _fit(name: str, value: Fact) -> str | int:
    if type(value) is not FIELDS[name]:
        raise UnfitFactError(f"{name} is a {FIELDS[name].__name__}, not {type(value).__name__}")
    if isinstance(value, date):
        return value.isoformat()
    return as_name(value) if isinstance(value, str) else value


def as_name(value: str) -> str:
    """Return a text as a name is told: one short line, a long number in it left out.

    It never raises: what a place is called must not hold up what is done there.
    """
    line = NUMBER.sub("…", " ".join(value.split()))
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


def sentence(kind: Kind, facts: Mapping[str, str | int]) -> str:
    """Return what a notice tells, in the reader's language."""
    told = {name: _told(name, value) for name, value in facts.items()}
    return i18n.page_text(ABOUT[kind].sentence) % told


def _told(name: str, value: str | int) -> str:
    if name == "minutes":
        return i18n.minutes(int(value))
    if name == "month":
        return i18n.month(date.fromisoformat(str(value)))
    if name == "work":
        return i18n.page_text(str(value))
    return str(value)
