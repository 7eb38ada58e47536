"""What each kind of notice says, whom it concerns, and which facts it may carry: one table.

A notice holds facts of the few types of `FIELDS`, never a sentence that somebody wrote: no client's
name, phone or case has a field to stand in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

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
    """One row. permission: whom in the place it concerns; None: the people named by the teller.

    sentence: what is told, with its facts by name. default: how who has chosen nothing gets it.
    may_be_off: whether one may leave it out. to_groups: whether a group's robot may pass it on.
    """

    sentence: str
    side: ScopeKind
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


_FIRM, _OFFICE = ScopeKind.FIRM, ScopeKind.OFFICE
ABOUT: Mapping[Kind, About] = MappingProxyType(
    {
        K.CONTRACT_ENDING: About(
            N_("合同 %(day)s 到期，还有 %(days)s 天（%(community)s，共 %(count)s 个社区）"),
            _FIRM,
            P.CONTRACT_MANAGE,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.COVERAGE_GAP: About(
            N_("%(community)s从 %(day)s 起没有主责律师"),
            _FIRM,
            P.ASSIGN,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.ROTA_GAP: About(
            N_("%(street)s %(day)s 起的线上值班还没有人"),
            _FIRM,
            P.DUTY_MANAGE,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.HOURS_SHORT: About(
            N_("%(adviser)s %(month)s 的值班时长还差 %(minutes)s，月底前还有 %(days)s 天"),
            _FIRM,
            P.DUTY_MANAGE,
            Mode.DIGEST,
        ),
        K.STATEMENT_DUE: About(
            N_("%(street)s %(month)s 的结算单还没有提交，截止 %(day)s"),
            _FIRM,
            P.STATEMENT_PREPARE,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.QUERY_WAITING: About(
            N_("%(street)s %(month)s 结算单的疑问已等待答复 %(days)s 天"),
            _FIRM,
            P.STATEMENT_PREPARE,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.ANSWER_WAITING: About(
            N_("%(firm)s %(month)s 结算单的答复已等待审核 %(days)s 天"),
            _OFFICE,
            P.REVIEW_CHECK,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.REFERRAL_DUE: About(
            N_("%(count)s 件转介将在 %(day)s 到期限"),
            _FIRM,
            P.REFERRAL_MANAGE,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.OWN_REFERRAL_DUE: About(
            N_("您承办的 %(count)s 件转介将在 %(day)s 到期限"), _FIRM, None, Mode.DIGEST
        ),
        K.PAIRING_RENEWAL: About(
            N_("与%(community)s的结对 %(day)s 期满，还有 %(days)s 天"),
            _FIRM,
            P.PAIRING_MANAGE,
            Mode.DIGEST,
            to_groups=True,
        ),
        K.STATEMENT_SUBMITTED: About(
            N_("%(firm)s提交了 %(month)s 的结算单，等您审核"),
            _OFFICE,
            P.REVIEW_CHECK,
            to_groups=True,
        ),
        K.STATEMENT_RESUBMITTED: About(
            N_("%(firm)s答复了 %(month)s 结算单的疑问，再次提交，等您审核"),
            _OFFICE,
            P.REVIEW_CHECK,
            to_groups=True,
        ),
        K.STATEMENT_CHECKED: About(
            N_("%(firm)s %(month)s 的结算单已初审通过，等您审定"),
            _OFFICE,
            P.REVIEW_SIGN,
            to_groups=True,
        ),
        K.STATEMENT_SENT_BACK: About(
            N_("%(firm)s %(month)s 的结算单被审定人退回复核"),
            _OFFICE,
            P.REVIEW_CHECK,
            to_groups=True,
        ),
        K.STATEMENT_RETURNED: About(
            N_("%(street)s退回了 %(month)s 的结算单，有 %(count)s 项疑问要说明"),
            _FIRM,
            P.STATEMENT_PREPARE,
            Mode.MAIL,
            may_be_off=False,
            to_groups=True,
        ),
        K.STATEMENT_SIGNED: About(
            N_("%(street)s审定了 %(month)s 的结算单，等待支付"),
            _FIRM,
            P.STATEMENT_READ,
            to_groups=True,
        ),
        K.STATEMENT_PAID: About(
            N_("%(street)s支付了 %(month)s 的补贴，请核对到账"),
            _FIRM,
            P.STATEMENT_READ,
            to_groups=True,
        ),
        K.REFERRAL_OFFERED: About(
            N_("有一件转介征询您是否承办，请尽快答复"), _FIRM, None, Mode.MAIL
        ),
        K.LEAVE_ASKED: About(
            N_("%(adviser)s申请 %(day)s 至 %(until)s 请假，等您审批"), _FIRM, P.LEAVE_DECIDE
        ),
        K.LEAVE_DECIDED: About(N_("您 %(day)s 至 %(until)s 的请假有结果了"), _FIRM, None),
        K.COVER_OFFERED: About(
            N_("%(community)s %(day)s 的值班征询您能否替班"), _FIRM, None, Mode.MAIL
        ),
        K.COVER_TAKEN: About(
            N_("%(adviser)s愿替 %(community)s %(day)s 的值班，等您批准"), _FIRM, P.DUTY_MANAGE
        ),
        K.COVER_AGREED: About(N_("%(community)s %(day)s 的值班定由您替班"), _FIRM, None, Mode.MAIL),
        K.PAYMENT_DUE: About(
            N_("套餐费用没有付清，%(day)s 起将只能查看"),
            _FIRM,
            P.BILLING,
            Mode.MAIL,
            may_be_off=False,
        ),
        K.READ_ONLY_SOON: About(
            N_("套餐费用仍未付清，还有 %(days)s 天就只能查看（%(day)s 起）"),
            _FIRM,
            P.BILLING,
            Mode.MAIL,
            may_be_off=False,
        ),
        K.READ_ONLY: About(
            N_("套餐费用未付，%(day)s 起只能查看；付清后立即恢复"),
            _FIRM,
            P.BILLING,
            Mode.MAIL,
            may_be_off=False,
        ),
        K.ARCHIVE_READY: About(N_("您要的全部导出已完成，可以下载"), _OFFICE, None),
        K.WORK_ENDED: About(N_("后台任务“%(work)s”已结束"), _FIRM, None),
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
