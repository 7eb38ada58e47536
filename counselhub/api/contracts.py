"""Contracts and the communities that each covers."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Listed, PageOf, Shown, Words
from counselhub.contracts import queries
from counselhub.contracts.kinds import ContractKind, ContractStatus
from counselhub.contracts.models import Contract
from counselhub.core.access import Permission, fetch
from counselhub.core.labels import N_

READ = "contracts:read"


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


def shown(row: Contract) -> ContractShown:
    """Return what is told of a contract."""
    return ContractShown.model_validate(row)
