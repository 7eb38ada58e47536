"""The moves of a contract, from draft to its end."""

from datetime import date

from flask_babel import gettext as _

from counselhub.contracts.actions import in_force, protect
from counselhub.contracts.kinds import CONTRACT_FLOW, ContractStatus, EndCause
from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member


def send(contract: Contract, *, by: Member) -> None:
    """Note that the draft went to the other side. Raises IllegalMoveError."""
    history.advance(contract, CONTRACT_FLOW, "send", by=by)


def sign(contract: Contract, signed_on: date, *, by: Member) -> None:
    """Note the signature and its day. Raises IllegalMoveError, RefusedError for a day to come."""
    if signed_on > clock.today():
        raise RefusedError(_("签订日期不能晚于今天。"))
    history.advance(contract, CONTRACT_FLOW, "sign", by=by, signed_on=str(signed_on))
    contract.signed_on = signed_on


def file(contract: Contract, *, by: Member) -> None:
    """Note that the contract was filed with the justice office (备案). Raises IllegalMoveError."""
    history.advance(contract, CONTRACT_FLOW, "file", by=by)


def activate(contract: Contract, *, by: Member) -> None:
    """Let the contract's days count for money. Raises IllegalMoveError, FrozenError."""
    if contract.status == ContractStatus.FILED:
        protect(None, in_force(contract))
    history.advance(contract, CONTRACT_FLOW, "activate", by=by)


def expire(contract: Contract, *, by: Member) -> None:
    """Close a contract whose last day has passed. Raises IllegalMoveError, RefusedError."""
    if contract.ends_on >= clock.today():
        raise RefusedError(_("合同到 %(day)s 才到期；提前结束请用“终止”。", day=contract.ends_on))
    history.advance(contract, CONTRACT_FLOW, "expire", by=by)


def terminate(
    contract: Contract, last_on: date, reason: str, *, by: Member, cause: str = EndCause.OTHER
) -> None:
    """End a contract early; `last_on` is its last day in force.

    Raises IllegalMoveError, RefusedError for a day outside the term, FrozenError.
    """
    if not contract.starts_on <= last_on <= contract.ends_on:
        raise RefusedError(
            _(
                "终止日期应在 %(first)s 至 %(last)s 之间。",
                first=contract.starts_on,
                last=contract.ends_on,
            )
        )
    if contract.status == ContractStatus.ACTIVE:
        protect(in_force(contract), in_force(contract, last_on))
    history.advance(
        contract, CONTRACT_FLOW, "terminate", by=by, last_on=str(last_on), reason=reason
    )
    contract.terminated_on, contract.termination_reason = last_on, reason
    contract.end_cause = cause
    for one in contract.communities:
        one.last_on = last_on
