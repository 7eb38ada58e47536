"""Make and change contracts; what a closed month rests on stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from counselhub.closing import actions as closing
from counselhub.contracts import queries
from counselhub.contracts.kinds import IN_FORCE, OPEN, ContractKind, ContractStatus
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.contracts.rules import InForce, changed_days, changed_terms
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.places.models import Community

NUMBER_TAKEN = "uq_contract_firm_id_number"
ENDED = _l("合同已经结束，不能再修改。请为下一期新建合同。")
OVERLAP = "ex_contract_community_overlap"
TERMS = {
    "number": _l("合同编号"),
    "kind": _l("合同类型"),
    "scheme_id": _l("补贴方案"),
    "annual_fen": _l("年度金额"),
    "communities": _l("社区"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a contract says. communities: 12-digit codes; annual_fen: per community, or blank."""

    number: str
    kind: str
    starts_on: date
    ends_on: date
    scheme_id: UUID
    communities: tuple[str, ...]
    signed_on: date | None = None
    annual_fen: int | None = None

    @classmethod
    def of(cls, contract: Contract) -> "Given":
        """Return what an existing contract says."""
        return cls(
            number=contract.number,
            kind=contract.kind,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            scheme_id=contract.scheme_id,
            communities=tuple(one.community_code for one in contract.communities),
            signed_on=contract.signed_on,
            annual_fen=contract.annual_fen,
        )


def save(
    contract: Contract | None, given: Given, *, by: Member, renews: Contract | None = None
) -> Contract:
    """Make a draft, or change a contract that has not ended.

    renews: the contract that a new one continues. Raises RefusedError (what is wrong, or the
    contract in the way), IllegalMoveError for one that has ended, FrozenError naming the statement.
    """
    places = _places(given)
    if contract is not None and contract.status not in OPEN:
        raise IllegalMoveError(str(ENDED), row=contract)
    if contract is not None and contract.status in IN_FORCE:
        protect(in_force(contract), _in_force(given))
    before = None if contract is None else Given.of(contract)
    with refusing_overlap(given, contract):
        row = contract or Contract(status=ContractStatus.DRAFT, communities=[])
        _write(row, given, places)
        if renews is not None:
            row.renews_id = renews.id
        db.session.add(row)
    if before is None:
        named = {"renews": renews.number} if renews else {}
        history.record(row, "create", by=by, number=given.number, **named)
    elif before != given:
        history.record(row, "change", by=by, changes=_changes(before, given))
    if renews is not None:
        history.record(renews, "renew", by=by, number=given.number)
    return row


def _places(given: Given) -> dict[str, Community]:
    """Return the communities of a contract; refuse what no contract says."""
    if given.ends_on < given.starts_on:
        raise RefusedError(_("结束日期不能早于开始日期。"), at="ends_on")
    if given.signed_on and given.signed_on > clock.today():
        raise RefusedError(_("签订日期不能晚于今天。"), at="signed_on")
    if not given.communities:
        raise RefusedError(_("请至少选择一个社区。"), at="communities")
    if given.kind == ContractKind.ENGAGEMENT and len(given.communities) != 1:
        raise RefusedError(_("聘用合同只对应一个社区；多个社区请用政府购买服务合同。"))
    known = queries.communities_by_code(given.communities)
    unknown = [code for code in given.communities if code not in known]
    if unknown:
        raise RefusedError(_("没有社区代码 %(codes)s。", codes=listed(unknown)))
    return known


def _write(row: Contract, given: Given, places: dict[str, Community]) -> None:
    """Bring a contract and its communities to what is given; rows of kept communities stay."""
    for name in ("number", "kind", "starts_on", "ends_on", "scheme_id", "signed_on", "annual_fen"):
        setattr(row, name, getattr(given, name))
    kept = {one.community_code: one for one in row.communities}
    row.communities = [
        kept.get(code)
        or ContractCommunity(
            contract_id=row.id, community_code=code, street_code=places[code].street_code
        )
        for code in places
    ]
    for one in row.communities:
        one.kind, one.starts_on, one.last_on = row.kind, row.starts_on, row.last_on
    if row in db.session:
        flag_modified(row, "number")


def _changes(before: Given, after: Given) -> dict[str, list[Any]]:
    return {
        name: [str(getattr(before, name)), str(getattr(after, name))]
        for name in Given.__slots__
        if getattr(before, name) != getattr(after, name)
    }


def in_force(contract: Contract, last_on: date | None = None) -> InForce:
    """Return what statements take from a contract, ending on another day when one is given."""
    given = Given.of(contract)
    return _in_force(given, last_on or contract.last_on)


def _in_force(given: Given, last_on: date | None = None) -> InForce:
    return InForce(
        given.number,
        given.kind,
        given.scheme_id,
        given.annual_fen,
        frozenset(given.communities),
        given.starts_on,
        last_on or given.ends_on,
    )


def protect(before: InForce | None, after: InForce | None) -> None:
    """Refuse a change of days or terms that a closed month rests on. Raises FrozenError."""
    terms = listed(TERMS[name] for name in changed_terms(before, after))
    for spans, communities in changed_days(before, after).items():
        closing.protect(communities, spans, terms=terms)


@contextmanager
def refusing_overlap(given: Given, contract: Contract | None) -> Iterator[None]:
    """Write inside; a contract or number in the way becomes a sentence. Raises RefusedError."""
    own_id = contract.id if contract is not None else None
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        match constraint_of(error):
            case name if name == OVERLAP:
                raise RefusedError(_overlap(given, own_id)) from error
            case name if name == NUMBER_TAKEN:
                raise RefusedError(_number_taken(given.number), at="number") from error
        raise


def _overlap(given: Given, own_id: UUID | None) -> str:
    found = queries.in_the_way(
        given.communities, given.kind, given.starts_on, given.ends_on, but=own_id
    )
    if found is None:  # it left the way since
        return str(_("与另一份合同的日期重叠，请重试。"))
    other, place = found
    return str(
        _(
            "%(community)s在 %(first)s 至 %(last)s 已有%(kind)s %(number)s，"
            "同一社区同类合同的日期不能重叠。",
            community=place.community.short_name,
            first=place.starts_on,
            last=place.last_on,
            kind=ContractKind(other.kind).label,
            number=other.number,
        )
    )


def _number_taken(number: str) -> str:
    other = queries.by_number(number)
    if other is None:
        return str(_("合同编号 %(number)s 已被使用，请重试。", number=number))
    return str(
        _(
            "合同编号 %(number)s 已用于 %(first)s 至 %(last)s 的%(kind)s。",
            number=number,
            first=other.starts_on,
            last=other.last_on,
            kind=ContractKind(other.kind).label,
        )
    )
