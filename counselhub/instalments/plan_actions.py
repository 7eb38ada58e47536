"""Settle who pays what of a contract, plan its instalments, let them fall due, cancel them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.contracts.kinds import AGREED, ContractKind, PaidBy
from counselhub.contracts.kinds import OPEN as OPEN_CONTRACTS
from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.instalments import files, queries, rules
from counselhub.instalments.facts import fact_of
from counselhub.instalments.files import Sent
from counselhub.instalments.kinds import (
    INSTALMENT_FLOW,
    Condition,
    FileKind,
    InstalmentStatus,
    Subject,
)
from counselhub.instalments.models import PAID_TWICE, Instalment
from counselhub.instalments.rules import PlanError, Share
from counselhub.statements.facts import ContractFact
from counselhub.statements.terms import SchemeRefusedError

PROVEN = (Condition.MID_YEAR, Condition.ACCEPTANCE, Condition.ASSESSMENT)
"""Conditions that a paper of the other side shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a plan as it is written; share: percent or fen."""

    name: str
    subject: str
    condition: str
    due_on: date | None
    share: Share


def settle_payment(contract: Contract, paid_by: str, *, by: Member) -> None:
    """Settle whether statements or instalments pay.

    Raises RefusedError naming the statement line or the instalment that pays already.
    """
    if contract.status not in OPEN_CONTRACTS:
        raise IllegalMoveError(_("合同已经结束，付款方式不能再改。"), row=contract)
    _refuse_lines(contract, rules.subjects_given_up(paid_by))
    taken = rules.paid_by_statement(paid_by, _scheme_pays(contract))
    if there := queries.live_of(contract.id, taken):
        raise RefusedError(
            _(
                "第 %(place)s 期“%(name)s”支付的是%(subject)s，改成“%(way)s”会重复支付。"
                "请先取消这一期。",
                place=there[0].position,
                name=there[0].name,
                subject=Subject(there[0].subject).label,
                way=PaidBy(paid_by).label,
            )
        )
    if contract.paid_by != paid_by:
        contract.paid_by = paid_by
        history.record(contract, "settle_payment", by=by, paid_by=paid_by)


def _refuse_lines(contract: Contract, subjects: frozenset[Subject]) -> None:
    found = queries.line_in_the_way(contract.id, subjects) if subjects else None
    if found is None:
        return
    line, statement = found
    raise RefusedError(
        _(
            "%(month)s 结算单 %(number)s 第 %(place)s 行已向%(community)s支付%(subject)s"
            " %(amount)s 元，同一事项不能再分期付款。",
            month=f"{line.month:%Y-%m}",
            number=statement.number,
            place=line.position + 1,
            community=line.community.short_name if line.community else "",
            subject=Subject(line.kind).label,
            amount=format_yuan(line.amount_fen),
        )
    )


def _scheme_pays(contract: Contract) -> frozenset[Subject]:
    return rules.paid_by_scheme(_fact(contract).scheme_versions)


def _fact(contract: Contract) -> ContractFact:
    try:
        return fact_of(contract)
    except SchemeRefusedError as refusal:
        raise RefusedError(
            _("补贴方案“%(scheme)s”还不完整，算不出合同总额。", scheme=contract.scheme.code)
        ) from refusal


def worth_of(contract: Contract) -> int:
    """Return the fen that the contract is worth. Raises RefusedError for an unusable scheme."""
    return rules.worth(_fact(contract))


def plan(contract: Contract, rows: Sequence[Row], *, in_percent: bool, by: Member) -> None:
    """Write the plan anew; what has fallen due stays, and is no part of the shares.

    Raises RefusedError: shares that do not make the whole, a subject that statements pay, a
    contract of several streets; IllegalMoveError for one that has ended.
    """
    if contract.status not in OPEN_CONTRACTS:
        raise IllegalMoveError(_("合同已经结束，付款计划不能再改。"), row=contract)
    db.session.flush()
    db.session.refresh(contract, with_for_update=True)
    street = payer_of(contract)
    _refuse_subjects(contract, rows)
    kept, planned = _parted(queries.of_contract(contract))
    rest_fen = worth_of(contract) - sum(
        one.amount_fen for one in kept if one.status != InstalmentStatus.CANCELLED
    )
    amounts = _amounts(rest_fen, rows, in_percent)
    for one in planned:
        files.drop_all(one)
        db.session.delete(one)
    db.session.flush()
    after = max((one.position for one in kept), default=0)
    with _not_paid_twice(contract):
        for place, (row, amount_fen) in enumerate(zip(rows, amounts, strict=True), after + 1):
            db.session.add(_made(contract, row, place, amount_fen, street))
    history.record(contract, "plan_instalments", by=by, street_code=street, count=len(rows))


def _parted(there: Sequence[Instalment]) -> tuple[list[Instalment], list[Instalment]]:
    """Return what stays in a new plan, and what it replaces."""
    planned = [one for one in there if one.status == InstalmentStatus.PLANNED]
    return [one for one in there if one not in planned], planned


def _made(
    contract: Contract, row: Row, place: int, amount_fen: int, street: str | None
) -> Instalment:
    return Instalment(
        contract_id=contract.id,
        street_code=street,
        position=place,
        name=row.name,
        subject=row.subject,
        condition=row.condition,
        amount_fen=amount_fen,
        due_on=row.due_on,
        is_retention=row.share.is_retention,
    )


def payer_of(contract: Contract) -> str | None:
    """Return the street that pays, None where a community does. Raises RefusedError for several."""
    if contract.kind == ContractKind.ENGAGEMENT:
        return None
    streets = {one.street_code for one in contract.communities}
    if len(streets) > 1:
        raise RefusedError(
            _(
                "这份合同的社区分属 %(count)s 个街道，付款方不明确，请按街道分别签合同。",
                count=len(streets),
            )
        )
    return streets.pop()


def _refuse_subjects(contract: Contract, rows: Sequence[Row]) -> None:
    taken = rules.paid_by_statement(contract.paid_by, _scheme_pays(contract))
    for row in rows:
        subject = Subject(row.subject)
        if subject not in taken:
            _refuse_lines(contract, frozenset({subject} - {Subject.OTHER}))
            continue
        raise RefusedError(
            _(
                "“%(name)s”要付的是%(subject)s，补贴方案 %(scheme)s 已在每期结算单的"
                "“%(subject)s”行支付，不能重复。请换一个付款事项，或先改合同的付款方式。",
                name=row.name,
                subject=subject.label,
                scheme=contract.scheme.code,
            )
        )


def _amounts(rest_fen: int, rows: Sequence[Row], in_percent: bool) -> list[int]:
    if not rows:
        raise RefusedError(_("请至少填写一期。"))
    try:
        return rules.amounts_of(rest_fen, [row.share for row in rows], in_percent=in_percent)
    except PlanError as error:
        raise RefusedError(_fault(error, rest_fen, rows)) from error


def _fault(error: PlanError, rest_fen: int, rows: Sequence[Row]) -> str:
    if error.code == "percent":
        total = sum(row.share.value for row in rows)
        return str(_("各期比例合计是 %(total)s%%，应为 100%%。", total=f"{total:g}"))
    if error.code == "retention":
        return str(_("预留款应放在最后一期。"))
    if error.code == "nothing":
        return str(_("“%(name)s”的金额是 0，请删去这一期。", name=rows[error.place].name))
    return str(
        _(
            "各期金额合计与应分的 %(rest)s 元相差 %(off)s 元。",
            rest=format_yuan(rest_fen),
            off=format_yuan(error.off_fen),
        )
    )


@contextmanager
def _not_paid_twice(contract: Contract) -> Iterator[None]:
    """Write inside; a statement made in the meantime is named. Raises RefusedError."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != PAID_TWICE:
            raise
        _refuse_lines(contract, frozenset(Subject) - {Subject.OTHER})
        raise RefusedError(_("结算单正在支付同一事项，请刷新后重试。")) from error


def fall_due(
    instalment: Instalment, on: date, words: str, sent: Sequence[Sent], *, by: Member
) -> None:
    """Note that an instalment's condition is met, with the paper that shows it.

    Raises RefusedError for a day to come, a contract not signed, a paper that is missing;
    IllegalMoveError when it is no longer planned.
    """
    if on > clock.today():
        raise RefusedError(_("条件成立的日期不能晚于今天。"), at="met_on")
    if instalment.contract.status not in AGREED:
        raise RefusedError(_("合同还没有签订，付款条件不能成立。"))
    for one in sent:
        files.add(instalment, one, FileKind.EVIDENCE, by=by)
    if instalment.condition in PROVEN and not files.evidence_of(instalment):
        raise RefusedError(
            _(
                "“%(condition)s”要有证明，请上传验收单、考核结果等扫描件或照片。",
                condition=Condition(instalment.condition).label,
            ),
            at="files",
        )
    instalment.due_on, instalment.met_words = on, words or None
    history.advance(
        instalment, INSTALMENT_FLOW, "fall_due", by=by, street_code=instalment.street_code
    )


def cancel(instalment: Instalment, reason: str, *, by: Member) -> None:
    """Cancel an instalment that nobody has invoiced or paid. Raises RefusedError naming what is."""
    if instalment.invoiced_fen:
        raise RefusedError(
            _(
                "这一期已开票 %(amount)s 元，请先开红字发票冲回。",
                amount=format_yuan(instalment.invoiced_fen),
            )
        )
    history.advance(
        instalment,
        INSTALMENT_FLOW,
        "cancel",
        by=by,
        street_code=instalment.street_code,
        reason=reason,
    )


def pass_days(today: date, *, by: Member) -> int:
    """Let fall due what has a day that has come, of agreed contracts; return how many."""
    found = [one for one in queries.falling_due(today) if one.contract.status in AGREED]
    for one in found:
        history.advance(one, INSTALMENT_FLOW, "fall_due", by=by, street_code=one.street_code)
    return len(found)
