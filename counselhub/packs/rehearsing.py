"""试算: past months of every firm in an owner's place, computed now and under a version.

The same facts go twice through the same rules; nothing is written but the comparison. The job
commits firm by firm and goes on where it ended.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Row, insert, select

from counselhub.contracts.models import ContractCommunity
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import DomainError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member, command_member
from counselhub.core.rounds import Round
from counselhub.core.tenancy import Scope, as_firm, as_platform, as_scope
from counselhub.packs import rules
from counselhub.packs.kinds import REHEARSAL_FLOW, RehearsalStatus
from counselhub.packs.models import PackRehearsal, PackVersion, RehearsedMonth, owner_of
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.statements.gather import gather
from counselhub.statements.months import Month
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import SchemeTerms

WAITING = (RehearsalStatus.QUEUED, RehearsalStatus.RUNNING)
Key = tuple[str, date]
"""A community and the first day of a month."""


def ask(version: PackVersion, months: int, *, by: Member) -> PackRehearsal:
    """Ask for the last so many whole months under a version. Raises RefusedError while one runs."""
    waiting = select(PackRehearsal.id).where(
        PackRehearsal.version_id == version.id, PackRehearsal.status.in_(WAITING)
    )
    if db.session.scalar(waiting.limit(1)) is not None:
        raise RefusedError(_("这一版正在试算，请等它完成。"))
    row = PackRehearsal(
        version_id=version.id,
        district_code=version.district_code,
        street_code=version.street_code,
        terms_digest=digest(version),
        months=months,
        last_month=Month.of(clock.today()).plus(-1).first,
        asked_at=clock.now(),
        asked_by_name=by.name,
    )
    db.session.add(row)
    db.session.flush()
    history.record(row, "ask_rehearsal", by=by, number=version.number, months=months)
    return row


def digest(version: PackVersion) -> str:
    """Return a digest of what a version says: a draft changes after it was rehearsed."""
    said = [str(version.effective_from), version.terms, version.pack_terms]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Work:
    """One rehearsal, apart from its row: scopes change while it runs."""

    rehearsal_id: UUID
    owner: Scope
    terms: SchemeTerms
    months: Sequence[Month]
    names: dict[str, str]


def run() -> int:
    """Do every rehearsal that waits; return how many. A job of the timetable.

    One that cannot be done holds up no other; SomeFailedError names it at the end.
    """
    done = 0
    with Round() as each:
        for owner in _owners():
            with as_scope(owner):
                query = select(PackRehearsal.id).where(PackRehearsal.status.in_(WAITING))
                waiting = list(db.session.scalars(query.order_by(PackRehearsal.asked_at)))
            for rehearsal_id in waiting:
                with each.step(f"{owner.kind}:{owner.key} rehearsal:{rehearsal_id}"):
                    _rehearse(rehearsal_id, owner)
                    done += 1
    db.session.rollback()
    return done


def _owners() -> list[Scope]:
    """Return whoever waits for a rehearsal; the platform knows that much of them, no more."""
    query = select(PackRehearsal.district_code, PackRehearsal.street_code).distinct()
    with as_platform():
        found = db.session.execute(query.where(PackRehearsal.status.in_(WAITING))).all()
    return sorted(map(owner_of, found), key=lambda one: one.key)


def _rehearse(rehearsal_id: UUID, owner: Scope) -> None:
    """Replay one, a firm a commit; a refusal ends it with the sentence."""
    by = command_member(owner)
    with as_scope(owner):
        work = _work(rehearsal_id, owner)
        firms = _firms(owner)
        row = _row(work)
        history.advance(row, REHEARSAL_FLOW, "begin_rehearsal", by=by)
        row.firms = len(firms)
        left = firms[row.done :]
        db.session.commit()
        for firm_id, code, name in left:
            try:
                found = _of_firm(work, firm_id)
            except DomainError as refusal:
                db.session.rollback()
                _end(work, by, _("%(firm)s：%(why)s", firm=name, why=refusal.message))
                return
            _keep(work, code, name, found)
            _row(work).done += 1
            db.session.commit()
        _end(work, by, "")


def _work(rehearsal_id: UUID, owner: Scope) -> _Work:
    row = db.session.scalars(select(PackRehearsal).where(PackRehearsal.id == rehearsal_id)).one()
    version = row.version
    terms = rules.scheme_terms(
        version.pack.code, rules.terms_of(version.terms, date.min), version.pack_terms
    )
    last = Month.of(row.last_month)
    months = [last.plus(-back) for back in reversed(range(row.months))]
    place = Community.code.startswith(owner.key, autoescape=True)
    names = db.session.execute(select(Community.code, Community.name).where(place))
    return _Work(row.id, owner, terms, months, _named(names))


def _named(rows: Iterable[Row[str, str]]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows}


def _row(work: _Work) -> PackRehearsal:
    query = select(PackRehearsal).where(PackRehearsal.id == work.rehearsal_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _firms(owner: Scope) -> list[tuple[UUID, str, str]]:
    """Return (id, code, name) of every firm with a contract in the owner's place."""
    served = select(ContractCommunity.firm_id).distinct()
    query = select(Firm.id, Firm.code, Firm.name).where(Firm.id.in_(served)).order_by(Firm.code)
    return [(firm_id, code, name) for firm_id, code, name in db.session.execute(query)]


def _of_firm(work: _Work, firm_id: UUID) -> dict[Key, tuple[int, int]]:
    """Return what each community's month pays now and would under the version, in fen."""
    now: Counter[Key] = Counter()
    then: Counter[Key] = Counter()
    with as_firm(firm_id):
        for month in work.months:
            now.update(_sums(month, work.owner, None))
            then.update(_sums(month, work.owner, work.terms))
    return {key: (now[key], then[key]) for key in sorted({*now, *then})}


def _sums(month: Month, owner: Scope, instead: SchemeTerms | None) -> Counter[Key]:
    """Sum up the lines of a month's statements in the owner's place, by community."""
    sums: Counter[Key] = Counter()
    for gathered in gather(month, instead=instead):
        if not gathered.facts.street.startswith(owner.key):
            continue
        for line in compute(gathered.facts).lines:
            if line.community:
                sums[line.community, month.first] += line.amount_fen
    return sums


def _keep(work: _Work, code: str, name: str, found: dict[Key, tuple[int, int]]) -> None:
    rows = [
        {
            "id": uuid7(),
            "rehearsal_id": work.rehearsal_id,
            "district_code": community[:6],
            "street_code": community[:9],
            "law_firm_code": code,
            "law_firm_name": name,
            "community_code": community,
            "community_name": work.names.get(community, community),
            "month": month,
            "now_fen": now_fen,
            "then_fen": then_fen,
        }
        for (community, month), (now_fen, then_fen) in found.items()
    ]
    if rows:
        db.session.execute(insert(RehearsedMonth), rows)


def _end(work: _Work, by: Member, problem: str) -> None:
    row = _row(work)
    row.ended_at, row.problem = clock.now(), problem
    act = "fail_rehearsal" if problem else "end_rehearsal"
    history.advance(row, REHEARSAL_FLOW, act, by=by)
    db.session.commit()
