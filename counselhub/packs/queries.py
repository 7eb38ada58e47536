"""Lists of packs, of those a firm may adopt, of rehearsals and of marks."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, cast, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock, pinyin
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind
from counselhub.packs.kinds import PackStatus
from counselhub.packs.mark_models import PerformanceMark
from counselhub.packs.models import PackRehearsal, PackVersion, RehearsedMonth, SchemePack
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.schemes.models import Scheme

ORDERS = {"code": SchemePack.code, "name": SchemePack.name, "published": SchemePack.published_at}


def packs(words: str | None, order: str, *, descending: bool) -> Select[SchemePack]:
    """Select packs in scope by words in code or name, with their versions and owners."""
    query = select(SchemePack).options(
        selectinload(SchemePack.versions),
        joinedload(SchemePack.street),
        joinedload(SchemePack.district),
    )
    for word in (words or "").lower().split():
        either = func.lower(SchemePack.code + " " + SchemePack.name)
        query = query.where(either.contains(word, autoescape=True))
    column = ORDERS.get(order, SchemePack.code)
    return query.order_by(column.desc() if descending else column.asc(), SchemePack.id)


def offered() -> Select[SchemePack]:
    """Select the published packs of the streets that the firm in scope serves."""
    served = select(ContractCommunity.street_code).distinct().subquery()
    here = select(served.c.street_code).where(
        or_(
            SchemePack.street_code == served.c.street_code,
            and_(
                SchemePack.street_code.is_(None),
                SchemePack.district_code == func.left(served.c.street_code, 6),
            ),
        )
    )
    return packs(None, "code", descending=False).where(
        SchemePack.published_at.is_not(None), here.exists()
    )


def current(pack: SchemePack, day: date) -> PackVersion | None:
    """Return the version in force on a day, None when none is."""
    begun = [
        one
        for one in pack.versions
        if one.status == PackStatus.ACTIVE and one.effective_from <= day
    ]
    return max(begun, key=lambda one: one.effective_from, default=None)


def communities(member: Member) -> list[tuple[str, str]]:
    """Return (code, name) of every community of a bureau's district or an office's street."""
    key = Community.street_code == member.scope.key
    if member.scope.kind is ScopeKind.BUREAU:
        key = Community.code.startswith(member.scope.key, autoescape=True)
    rows = db.session.execute(
        select(Community.code, Community.name).where(key).order_by(Community.code)
    )
    return [(code, name) for code, name in rows]


def adoptable() -> list[tuple[str, str]]:
    """Return (id, code and name) of the firm's schemes that follow no pack."""
    rows = db.session.execute(
        select(Scheme.id, Scheme.code, Scheme.name)
        .where(Scheme.pack_id.is_(None))
        .order_by(Scheme.code)
    )
    return [(str(scheme_id), f"{code} {name}") for scheme_id, code, name in rows]


def followers(pack_id: UUID) -> list[Scheme]:
    """Return the firm's schemes that follow a pack."""
    return list(db.session.scalars(select(Scheme).where(Scheme.pack_id == pack_id)))


def rehearsals(version_id: UUID) -> list[PackRehearsal]:
    """Return the latest rehearsals of a version, newest first."""
    query = select(PackRehearsal).where(PackRehearsal.version_id == version_id)
    return list(db.session.scalars(query.order_by(PackRehearsal.asked_at.desc()).limit(5)))


BY = {
    "firm": (RehearsedMonth.law_firm_name, RehearsedMonth.law_firm_code),
    "community": (RehearsedMonth.community_name, RehearsedMonth.community_code),
    "month": (RehearsedMonth.month,),
}
SORTS = ("change", "now", "then", "name")


def rehearsed(rehearsal_id: UUID, by: str, sort: str) -> Select[Any]:
    """Select (names…, now, then, change) of a rehearsal, summed up by firm, community or month.

    sort: one of SORTS, `-` before it turns it round; the largest change first unless asked.
    """
    keys = BY.get(by, BY["firm"])
    now, then = _sum(RehearsedMonth.now_fen), _sum(RehearsedMonth.then_fen)
    change = then - now
    columns = {"change": func.abs(change), "now": now, "then": then, "name": keys[0]}
    shown: list[Any] = [*keys, now.label("now_fen"), then.label("then_fen")]
    query = select(*shown, change.label("change_fen"))
    key = columns.get(sort.removeprefix("-"), func.abs(change))
    down = sort.startswith("-") or sort not in SORTS
    return (
        query.where(RehearsedMonth.rehearsal_id == rehearsal_id)
        .group_by(*keys)
        .order_by(key.desc() if down else key.asc(), *keys)
    )


def sums(rehearsal_id: UUID) -> tuple[int, int]:
    """Return what all months pay now and would then, in fen."""
    row = db.session.execute(
        select(
            func.coalesce(_sum(RehearsedMonth.now_fen), 0),
            func.coalesce(_sum(RehearsedMonth.then_fen), 0),
        ).where(RehearsedMonth.rehearsal_id == rehearsal_id)
    ).one()
    return row[0], row[1]


def _sum(column: Any) -> Any:
    """Sum up whole fen as a whole number."""
    return cast(func.sum(column), BigInteger)


def marks(month: date, words: str, sort: str) -> Select[PerformanceMark]:
    """Select the marks of a month in scope, by words in firm, community or reason."""
    query = (
        select(PerformanceMark)
        .join(PerformanceMark.community)
        .join(PerformanceMark.firm)
        .options(contains_eager(PerformanceMark.community), contains_eager(PerformanceMark.firm))
        .where(PerformanceMark.month == month)
    )
    if words:
        query = query.where(
            or_(
                pinyin.finds(Community.search, words),
                Firm.name.contains(words, autoescape=True),
                PerformanceMark.reason.contains(words, autoescape=True),
            )
        )
    keys: dict[str, Any] = {
        "community": Community.pinyin,
        "firm": Firm.name,
        "points": PerformanceMark.points,
        "made": PerformanceMark.made_at,
    }
    key = keys.get(sort.removeprefix("-"), PerformanceMark.made_at)
    down = sort.startswith("-") or sort.removeprefix("-") not in keys
    return query.order_by(key.desc() if down else key.asc(), PerformanceMark.id)


def served(month: date) -> list[tuple[UUID, str, str, str]]:
    """Return (firm, its name, community, its name) under contract in a month, in scope."""
    rows = db.session.execute(
        select(Firm.id, Firm.name, Community.code, Community.name)
        .select_from(ContractCommunity)
        .join(
            Contract,
            and_(
                Contract.firm_id == ContractCommunity.firm_id,
                Contract.id == ContractCommunity.contract_id,
            ),
        )
        .join(Firm, Firm.id == ContractCommunity.firm_id)
        .join(Community, Community.code == ContractCommunity.community_code)
        .where(
            Contract.status.in_(IN_FORCE),
            ContractCommunity.starts_on <= clock.last_day(month),
            ContractCommunity.last_on >= month,
        )
        .distinct()
        .order_by(Firm.name, Community.code)
    )
    return [(firm_id, name, code, place) for firm_id, name, code, place in rows]
