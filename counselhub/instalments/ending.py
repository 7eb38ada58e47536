"""The final account (结清单) of a contract that has ended."""

from dataclasses import dataclass

from flask_babel import gettext as _

from counselhub.contracts.kinds import ContractKind, ContractStatus, EndCause
from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan, in_capitals
from counselhub.instalments import plan_actions, queries, rules
from counselhub.instalments.kinds import (
    INSTALMENT_FLOW,
    LIVE,
    InstalmentStatus,
    Subject,
)
from counselhub.instalments.models import Instalment
from counselhub.instalments.standing import stand
from counselhub.products import pdf
from counselhub.products.papers import Block, Facts, Heading, Paper, Table, Words, written

ENDED = (ContractStatus.TERMINATED, ContractStatus.EXPIRED)


@dataclass(frozen=True, slots=True)
class Account:
    """What a contract came to. balance_fen: still to be paid; below 0: to be given back."""

    worth_fen: int
    invoiced_fen: int
    paid_fen: int

    @property
    def balance_fen(self) -> int:
        """What is left between worth and payments."""
        return self.worth_fen - self.paid_fen


def account_of(contract: Contract) -> Account:
    """Return the account up to the last day. Raises RefusedError for an unusable scheme."""
    rows = queries.of_contract(contract)
    return Account(
        plan_actions.worth_of(contract),
        sum(one.invoiced_fen for one in rows),
        sum(one.paid_fen for one in rows),
    )


def settle(contract: Contract, *, by: Member) -> Account:
    """Bring unfinished instalments to what the contract was worth; the rest falls due at once.

    Raises RefusedError while the contract runs, or when it has no instalments.
    """
    if contract.status not in ENDED:
        raise RefusedError(_("合同还在履行，结束以后才能结清。"))
    rows = [one for one in queries.of_contract(contract) if one.status in LIVE]
    if not rows:
        raise RefusedError(_("这份合同没有分期款，不用结清。"))
    account = account_of(contract)
    amounts = rules.settled(
        account.worth_fen,
        [(one.amount_fen, max(one.invoiced_fen, one.paid_fen)) for one in rows],
    )
    for row, amount_fen in zip(rows, amounts, strict=True):
        _bring(row, amount_fen, contract, by)
    street = rows[0].street_code
    history.record(
        contract, "settle_end", by=by, street_code=street, amount_fen=account.balance_fen
    )
    return account


def _bring(row: Instalment, amount_fen: int, contract: Contract, by: Member) -> None:
    """Cancel an instalment of which nothing is owed, shorten one that asks for too much."""
    street = row.street_code
    if amount_fen == 0:
        history.advance(row, INSTALMENT_FLOW, "cancel", by=by, street_code=street)
        return
    if amount_fen < row.amount_fen:
        row.amount_fen = amount_fen
        history.record(row, "shorten", by=by, street_code=street, amount_fen=amount_fen)
    if row.status == InstalmentStatus.PLANNED:
        row.due_on = min(contract.last_on, clock.today())
        history.advance(row, INSTALMENT_FLOW, "fall_due", by=by, street_code=street)
    stand(row, by=by)


def paper(contract: Contract, firm_name: str) -> bytes:
    """Return the final account as PDF; of a contract that runs a trial of it.

    Raises RefusedError for an unusable scheme.
    """
    title = "合同结清单" if contract.status in ENDED else "合同结清单（试算，合同尚在履行）"
    account = account_of(contract)
    rows = [one for one in queries.of_contract(contract) if one.status in LIVE]
    balance = account.balance_fen
    verdict = (
        f"甲方还应支付乙方 {format_yuan(balance)} 元（{in_capitals(balance)}）。"
        if balance > 0
        else f"乙方应退还甲方 {format_yuan(-balance)} 元（{in_capitals(-balance)}）。"
        if balance
        else "双方款项已经结清，互不相欠。"
    )
    blocks: list[Block] = [
        Facts(_heads(contract, firm_name, account)),
        Heading("各期款"),
        Table(
            ("期次", "名称", "付款事项", "应付（元）", "已开票（元）", "已付（元）"),
            (1, 3, 2, 2, 2, 2),
            [_cells(one) for one in rows],
        ),
        Heading("结清结果"),
        Words(verdict),
    ]
    signatures = ("甲方（盖章）：　　　　　　　　　", "乙方（盖章）：　　　　　　　　　")
    return pdf.pdf(Paper(title, blocks, signatures, contract.number, clock.today()))


def _heads(contract: Contract, firm_name: str, account: Account) -> list[tuple[str, str]]:
    cause = EndCause(contract.end_cause).word if contract.end_cause else "合同期满"
    return [
        ("合同编号", contract.number),
        ("合同类型", ContractKind(contract.kind).word),
        ("乙方", firm_name),
        ("开始日期", written(contract.starts_on)),
        ("最后一天", written(contract.last_on)),
        ("结束事由", cause),
        ("应付合计", f"{format_yuan(account.worth_fen)} 元"),
        ("已付合计", f"{format_yuan(account.paid_fen)} 元"),
    ]


def _cells(one: Instalment) -> tuple[str, ...]:
    return (
        str(one.position),
        one.name,
        Subject(one.subject).word,
        format_yuan(one.amount_fen),
        format_yuan(one.invoiced_fen),
        format_yuan(one.paid_fen),
    )
