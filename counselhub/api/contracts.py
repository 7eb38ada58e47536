"""Contracts and the communities that each covers."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from flask_babel import gettext as _
from pydantic import AwareDatetime, Field

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import expect, operation
from counselhub.api.shapes import LEFT_OUT, Asked, Code, Day, Listed, PageOf, Shown, Words
from counselhub.contracts import actions, moves, queries
from counselhub.contracts.kinds import ContractKind, ContractStatus, EndCause
from counselhub.contracts.models import Contract
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.core.money import LARGEST_GIVEN_FEN
from counselhub.core.permissions import Permission
from counselhub.schemes.models import Scheme

READ, WRITE = "contracts:read", "contracts:write"
Number = Annotated[str, Field(min_length=1, max_length=60)]
Codes = Annotated[list[Code], Field(min_length=1, max_length=500)]
Fen = Annotated[int, Field(ge=0, le=LARGEST_GIVEN_FEN)]


class Covered(Shown):
    """A community under a contract; `last_on`: its last day under it."""

    community_code: str
    street_code: str
    starts_on: date
    last_on: date


class ContractShown(Shown):
    """聘用合同 or 政府购买服务合同; `annual_fen`: per community, null where the scheme says it."""

    id: UUID
    revision: int
    number: str
    kind: str
    status: str
    starts_on: date
    ends_on: date
    last_on: date
    signed_on: date | None
    terminated_on: date | None
    scheme_id: UUID
    annual_fen: int | None
    paid_by: str
    renews_id: UUID | None
    communities: list[Covered]


class ContractsAsked(Listed):
    """Words of the number or of a community; state, kind, and how soon it ends."""

    q: Words | None = None
    status: ContractStatus | None = None
    kind: ContractKind | None = None
    expiring: Literal[30, 60, 90] | None = None
    changed_since: AwareDatetime | None = None


@operation(
    "GET",
    "/contracts",
    N_("列出合同"),
    READ,
    Permission.CONTRACT_MANAGE,
    query=ContractsAsked,
    answer=PageOf[ContractShown],
)
def list_contracts(asked: ContractsAsked) -> PageOf[ContractShown]:
    """List contracts as their page does."""
    query = queries.contracts(
        asked.q, status=asked.status, kind=asked.kind, expiring_days=asked.expiring
    )
    if asked.changed_since:
        query = query.where(changed_since(Contract, asked.changed_since))
    return part_of(query, Contract.id, asked, shown, PageOf[ContractShown])


@operation(
    "GET",
    "/contracts/<uuid:contract_id>",
    N_("查看一份合同"),
    READ,
    Permission.CONTRACT_MANAGE,
    answer=ContractShown,
)
def contract(contract_id: UUID) -> ContractShown:
    """Show one contract."""
    return shown(fetch(Contract, contract_id))


class ContractGiven(Asked):
    """What a draft is to say."""

    number: Number
    kind: ContractKind
    starts_on: Day
    ends_on: Day
    scheme_id: UUID
    communities: Codes
    signed_on: Day | None = None
    annual_fen: Fen | None = None


class ContractChanged(Asked):
    """What is to be changed; what is left out stays, null empties what may be empty."""

    number: Number = LEFT_OUT
    kind: ContractKind = LEFT_OUT
    starts_on: Day = LEFT_OUT
    ends_on: Day = LEFT_OUT
    scheme_id: UUID = LEFT_OUT
    communities: Codes = LEFT_OUT
    signed_on: Day | None = None
    annual_fen: Fen | None = None


class ContractMove(Asked):
    """The next step; `on`: the day of the signature, or the last day of what ends early."""

    act: Literal["send", "sign", "file", "activate", "expire", "terminate"]
    on: Day | None = None
    reason: str = Field("", max_length=500)
    cause: EndCause = EndCause.AGREED


@operation(
    "POST",
    "/contracts",
    N_("登记一份合同"),
    WRITE,
    Permission.CONTRACT_MANAGE,
    body=ContractGiven,
    answer=ContractShown,
    made=True,
)
def create_contract(body: ContractGiven) -> ContractShown:
    """Make a draft."""
    return shown(actions.save(None, _given(body.model_dump()), by=current_member()))


@operation(
    "PATCH",
    "/contracts/<uuid:contract_id>",
    N_("修改一份合同"),
    WRITE,
    Permission.CONTRACT_MANAGE,
    body=ContractChanged,
    answer=ContractShown,
)
def change_contract(contract_id: UUID, body: ContractChanged) -> ContractShown:
    """Change what is given of a contract; what a closed month rests on stays."""
    row = fetch(Contract, contract_id)
    expect(shown(row))
    now = asdict(actions.Given.of(row))
    return shown(
        actions.save(row, _given(now | body.model_dump(exclude_unset=True)), by=current_member())
    )


def _given(told: dict[str, Any]) -> actions.Given:
    try:
        fetch(Scheme, told["scheme_id"])
    except NotFoundError as unknown:
        raise RefusedError(_("没有这套补贴方案。"), at="scheme_id") from unknown
    codes = tuple(dict.fromkeys(told["communities"]))
    return actions.Given(**told | {"communities": codes})


@operation(
    "POST",
    "/contracts/<uuid:contract_id>/moves",
    N_("推进一份合同"),
    WRITE,
    Permission.CONTRACT_MANAGE,
    body=ContractMove,
    answer=ContractShown,
)
def move_contract(contract_id: UUID, body: ContractMove) -> ContractShown:
    """Send, sign, file, activate, expire or terminate a contract."""
    row = fetch(Contract, contract_id)
    _move(row, body, current_member())
    db.session.flush()
    return shown(row)


def _move(row: Contract, body: ContractMove, by: Member) -> None:
    match body.act:
        case "sign":
            moves.sign(row, _day(body), by=by)
        case "terminate":
            if not body.reason:
                raise RefusedError(_("请填写终止原因。"), at="reason")
            moves.terminate(row, _day(body), body.reason, by=by, cause=body.cause)
        case act:
            PLAIN[act](row, by=by)


PLAIN: dict[str, Callable[..., None]] = {
    "send": moves.send,
    "file": moves.file,
    "activate": moves.activate,
    "expire": moves.expire,
}


def _day(body: ContractMove) -> date:
    if body.on is None:
        raise RefusedError(_("请填写日期。"), at="on")
    return body.on


def shown(row: Contract) -> ContractShown:
    """Return what is told of a contract."""
    return ContractShown.model_validate(row)
