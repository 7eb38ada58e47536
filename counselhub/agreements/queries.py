"""Clauses, papers of a contract, and the facts that its text is made of."""

from uuid import UUID

from sqlalchemy import or_, select

from counselhub.advisers.models import Adviser
from counselhub.agreements.models import ContractClause, ContractPaper
from counselhub.agreements.rules import Facts, Part
from counselhub.assignments.models import Assignment
from counselhub.contracts.kinds import ContractKind
from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.instalments import plan_actions
from counselhub.instalments.kinds import Condition, InstalmentStatus
from counselhub.instalments.queries import of_contract
from counselhub.places.models import Community, Street


def clauses(kind: str | None = None) -> list[ContractClause]:
    """Return the firm's clauses in their order, of contracts of one kind when it is given."""
    query = select(ContractClause).order_by(ContractClause.position, ContractClause.title)
    if kind is not None:
        either = ContractClause.contract_kind.is_(None), ContractClause.contract_kind == kind
        query = query.where(or_(*either))
    return list(db.session.scalars(query))


def papers_of(contract_id: UUID) -> list[ContractPaper]:
    """Return the papers of a contract without their bytes, newest first."""
    query = select(ContractPaper).where(ContractPaper.contract_id == contract_id)
    return list(
        db.session.scalars(query.order_by(ContractPaper.added_at.desc(), ContractPaper.id.desc()))
    )


def facts_of(contract: Contract, firm_name: str) -> Facts:
    """Return what is known of a contract for its text."""
    codes = [one.community_code for one in contract.communities]
    rows = db.session.execute(
        select(Community, Street)
        .join(Street, Street.code == Community.street_code)
        .where(Community.code.in_(codes))
        .order_by(Community.pinyin, Community.code)
    ).all()
    by_community = contract.kind == ContractKind.ENGAGEMENT
    street = f"{rows[0][1].name}办事处" if rows else ""
    return Facts(
        number=contract.number,
        kind=ContractKind(contract.kind).word,
        party_a=rows[0][0].name if rows and by_community else street,
        party_b=firm_name,
        communities=[place.short_name for place, _street in rows],
        advisers=_advisers(contract, codes),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        signed_on=contract.signed_on,
        worth_fen=_worth(contract),
        parts=[
            Part(one.position, one.name, Condition(one.condition).word, one.due_on, one.amount_fen)
            for one in of_contract(contract)
            if one.status != InstalmentStatus.CANCELLED
        ],
    )


def _worth(contract: Contract) -> int | None:
    try:
        return plan_actions.worth_of(contract)
    except RefusedError:
        return None


def _advisers(contract: Contract, codes: list[str]) -> list[str]:
    """Return the names of those assigned to the communities while the contract runs."""
    query = (
        select(Adviser.name, Adviser.pinyin)
        .join(
            Assignment,
            (Assignment.firm_id == Adviser.firm_id) & (Assignment.adviser_id == Adviser.id),
        )
        .where(
            Assignment.community_code.in_(codes),
            Assignment.starts_on <= contract.ends_on,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= contract.starts_on),
        )
        .distinct()
        .order_by(Adviser.pinyin, Adviser.name)
    )
    return [name for name, _key in db.session.execute(query)]
