"""Ask for year files, make what was asked for, and let them go when their time is over."""

import logging
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, config, history, tenancy
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member, command_member
from counselhub.core.tenancy import Scope, ScopeKind, as_platform, as_scope
from counselhub.people.models import Firm
from counselhub.places.models import Street
from counselhub.yearfiles import gather, rules
from counselhub.yearfiles.making import Made, Order, make
from counselhub.yearfiles.models import YearFile
from counselhub.yearfiles.rules import Gap
from counselhub.yearfiles.sections import Place

log = logging.getLogger(__name__)
AT_ONCE = 200
"""How many one click may ask for: a street or a firm of many communities."""


def ask(codes: Collection[str], year: int, papers: str, *, by: Member) -> int:
    """Ask for the files of communities; return how many were not being made already.

    codes: of communities in sight. papers: where papers are checked. Raises RefusedError for none,
    or for more than AT_ONCE.
    """
    if not codes:
        raise RefusedError(_("%(year)d 年没有可以成卷的社区。", year=year))
    if len(codes) > AT_ONCE:
        raise RefusedError(_("一次最多制作 %(most)d 个社区，请分批制作。", most=AT_ONCE))
    rows = [
        {
            "id": uuid7(),
            "kind": by.scope.kind.value,
            "key": by.scope.key,
            "community_code": code,
            "year": year,
            "person_id": by.person_id,
            "asked_by_name": by.name,
            "asked_at": clock.now(),
            "papers": papers,
            "parts": 0,
            "done": 0,
            "gaps": 0,
        }
        for code in sorted(codes)
    ]
    wanted = insert(YearFile).values(rows).on_conflict_do_nothing().returning(YearFile.id)
    with as_platform():
        asked = len(db.session.scalars(wanted).all())
    history.note("year_file_asked", scope=by.scope, by=by, year=year, count=asked)
    return asked


def gaps_of(facts: rules.YearFacts, year: int, scope: Scope) -> list[Gap]:
    """Return what is missing in a community's year, as the tenant may see it."""
    return rules.gaps(facts, year, clock.today(), for_office=scope.kind is ScopeKind.OFFICE)


def run() -> None:
    """Make every file that waits, the oldest first; the timetable calls it each minute."""
    while (waiting := _next()) is not None:
        try:
            _make(waiting)
        except Exception:  # one file that cannot be made must not hold up the others
            db.session.rollback()
            log.exception("year file %s", waiting)
            _end(waiting, failure="error")
        finally:
            tenancy.name_person(None)


def _next() -> UUID | None:
    """Take the oldest file that is not made; a worker that died began it in vain."""
    with as_platform():
        query = select(YearFile.id).where(YearFile.ended_at.is_(None))
        found = db.session.scalars(query.order_by(YearFile.asked_at, YearFile.id).limit(1)).first()
        if found is not None:
            _set(found, started_at=clock.now(), done=0)
    return found


def _set(file_id: UUID, **values: object) -> None:
    with as_platform():
        db.session.execute(update(YearFile).where(YearFile.id == file_id).values(**values))
        db.session.commit()


def _make(file_id: UUID) -> None:
    with as_platform():
        file = db.session.get_one(YearFile, file_id)
        scope = file.scope
        place, papers = Place(file.community_code, file.year), file.papers
        name, person_id = file.community.name, file.person_id
    tenancy.name_person(person_id)
    with as_scope(scope):
        facts = gather.facts_of(place.year, [place.code]).get(place.code, rules.YearFacts())
        found = gaps_of(facts, place.year, scope)
        order = Order(place, name, _maker(scope), papers, found, clock.local(clock.now()))
        target, beside = path_of(file_id, ".pdf"), path_of(file_id, ".zip")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = make(order, target, beside, lambda done, parts: _tick(file_id, done, parts))
    _end(file_id, made=made, gaps=len(found), scope=scope, named=f"{place.code} {place.year}")


def _tick(file_id: UUID, done: int, parts: int) -> None:
    """Tell how far it is, in a transaction of its own: what is being read goes on."""
    with tenancy.apart(db.engine, tenancy.PLATFORM) as connection:
        told = update(YearFile).where(YearFile.id == file_id).values(done=done, parts=parts)
        connection.execute(told)


def _maker(scope: Scope) -> str:
    if scope.kind is ScopeKind.FIRM:
        return db.session.scalars(select(Firm.name).where(Firm.id == UUID(scope.key))).one()
    street = db.session.get_one(Street, scope.key)
    return f"{street.name}司法所"


def _end(
    file_id: UUID,
    *,
    made: Made | None = None,
    gaps: int = 0,
    failure: str | None = None,
    scope: Scope | None = None,
    named: str = "",
) -> None:
    """Write how it ended, with the digests as an act of the tenant's record."""
    values: dict[str, object] = {"ended_at": clock.now(), "gaps": gaps, "failure": failure}
    if made is not None:
        values |= {
            "pdf_digest": made.pdf_digest,
            "pdf_bytes": made.pdf_bytes,
            "zip_digest": made.zip_digest,
            "zip_bytes": made.zip_bytes,
        }
    if made is not None and scope is not None:
        history.note(
            "year_file_made",
            scope=scope,
            by=command_member(scope),
            whom=named,
            pdf=made.pdf_digest,
            zip=made.zip_digest,
        )
    _set(file_id, **values)


def path_of(file_id: UUID, ending: str) -> Path:
    """Return where a file lies; no page and no static file lies there."""
    return config.from_environment().data_dir / "yearfiles" / f"{file_id}{ending}"


def remove(file_id: UUID) -> int:
    """Delete what was made of a file; return how many went."""
    made = list(path_of(file_id, "").parent.glob(f"{file_id}.*"))
    for path in made:
        path.unlink(missing_ok=True)
    return len(made)


def expire(until: datetime, *, dry: bool) -> list[str]:
    """Delete what was made before `until`, rows and files; return the ids."""
    with as_platform():
        over = YearFile.ended_at < until
        rows = list(db.session.scalars(select(YearFile).where(over)))
        ids = [str(row.id) for row in rows]
        for row in [] if dry else rows:
            remove(row.id)
            db.session.delete(row)
        db.session.commit()
    return ids
