"""Ask for year files, and make what was asked for."""

from collections.abc import Collection
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_
from counselhub.core.members import Member, command_member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.people.models import Firm
from counselhub.places.models import Community, Street
from counselhub.work import actions as work
from counselhub.work import running
from counselhub.work.running import Result
from counselhub.yearfiles import gather, rules
from counselhub.yearfiles.kinds import TASK
from counselhub.yearfiles.making import Order, make
from counselhub.yearfiles.rules import Gap, subject
from counselhub.yearfiles.sections import Place

DOING = N_("制作中")
AT_ONCE = 200
"""How many one click may ask for: a street or a firm of many communities."""


def ask(codes: Collection[str], year: int, papers: str, *, by: Member) -> int:
    """Ask for the files of communities; return how many were not being made already.

    codes: of communities in sight. papers: where papers are checked, as the asker's browser knows
    this service. Raises RefusedError for none, or for more than AT_ONCE.
    """
    if not codes:
        raise RefusedError(_("%(year)d 年没有可以成卷的社区。", year=year))
    if len(codes) > AT_ONCE:
        raise RefusedError(_("一次最多制作 %(most)d 个社区，请分批制作。", most=AT_ONCE))
    named = select(Community.code, Community.name).where(Community.code.in_(codes))
    details = {
        subject(code, year): {
            "code": code,
            "year": year,
            "title": f"{name} {year}",
            "papers": papers,
        }
        for code, name in db.session.execute(named.order_by(Community.code))
    }
    asked = work.ask_each(TASK, details, by=by)
    history.note("year_file_asked", scope=by.scope, by=by, year=year, count=asked)
    return asked


def gaps_of(facts: rules.YearFacts, year: int, scope: Scope) -> list[Gap]:
    """Return what is missing in a community's year, as the tenant may see it."""
    return rules.gaps(facts, year, clock.today(), for_office=scope.kind is ScopeKind.OFFICE)


def run(order: running.Order) -> Result:
    """Make both files as the asker may see the year; their digests go on record with the end."""
    place, scope = Place(str(order.detail["code"]), int(order.detail["year"])), order.by.scope
    facts = gather.facts_of(place.year, [place.code]).get(place.code, rules.YearFacts())
    found = gaps_of(facts, place.year, scope)
    name, papers = db.session.get_one(Community, place.code).name, str(order.detail["papers"])
    wanted = Order(place, name, _maker(scope), papers, found, clock.local(clock.now()))
    made = make(
        wanted,
        order.draft(".pdf"),
        order.draft(".zip"),
        lambda done, parts: order.tell(done, parts, DOING),
    )
    history.note(
        "year_file_made",
        scope=scope,
        by=command_member(scope),
        whom=f"{place.code} {place.year}",
        pdf=made.pdf_digest,
        zip=made.zip_digest,
    )
    words = _("制作时缺 %(count)d 类", count=len(found)) if found else _("制作时齐全")
    told = {"gaps": len(found), "pdf": made.pdf_digest, "zip": made.zip_digest}
    return Result(words, detail=order.detail | told)


def _maker(scope: Scope) -> str:
    if scope.kind is ScopeKind.FIRM:
        return db.session.scalars(select(Firm.name).where(Firm.id == UUID(scope.key))).one()
    street = db.session.get_one(Street, scope.key)
    return f"{street.name}司法所"
