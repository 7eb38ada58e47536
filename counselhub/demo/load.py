"""Load the demonstration, once, in one transaction, into a service without a firm."""

from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from counselhub import places
from counselhub.admins import actions as admins
from counselhub.advisers.models import Adviser
from counselhub.core import clock, config
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_platform
from counselhub.demo import packs
from counselhub.demo.accounts import keep_books
from counselhub.demo.book import Values, communities_of, sheets_of, tapped_of, written
from counselhub.demo.cast import (
    ACCOUNTS,
    DUTIES,
    HOUSES,
    LONGGANG,
    NANWAN,
    PASSWORD,
    Account,
    House,
)
from counselhub.demo.clients import enter_clients
from counselhub.demo.days import Calendar
from counselhub.demo.desk import FirmDesk
from counselhub.demo.inspection import Inspection
from counselhub.demo.places import set_points
from counselhub.demo.punches import import_punches
from counselhub.demo.rooms import furnish_rooms
from counselhub.demo.roster import plan_duty
from counselhub.demo.statements import Signatory, pass_statements
from counselhub.demo.taps import tap_visits
from counselhub.demo.teams import TeamWork
from counselhub.duty import settling
from counselhub.people import passwords
from counselhub.people.actions import create_firm, join
from counselhub.people.kinds import ROLE_WORDS
from counselhub.people.models import Firm
from counselhub.places.actions import import_places
from counselhub.places.models import Community
from counselhub.workbook.actions import import_workbook

FILES = ("communities-nanwan.csv", "communities-yuexiu.csv")


def load_once(urls: DatabaseUrls) -> None:
    """Load the demonstration when there is no firm yet; print its sign-ins whenever it is there.

    COUNSELHUB_DEMO=0 keeps it out, and so does production. All of it is one transaction: a start
    that is killed in the middle leaves nothing, and the next one begins again.
    """
    if not config.from_environment().has_demonstration:
        return
    from counselhub import create_app

    app = create_app(urls)
    with app.test_request_context():
        codes = _firm_codes()
        if not codes:
            print("正在装入演示数据，约需半分钟… (loading the demonstration)", flush=True)
            load()
            db.session.commit()
        if not codes or HOUSES[0].code in codes:
            print(_sign_ins(), flush=True)
        db.session.remove()
        db.engine.dispose()


def _firm_codes() -> set[str]:
    with as_platform():
        return set(db.session.scalars(select(Firm.code)))


def load() -> None:
    """Write everything that the demonstration shows; the caller commits."""
    calendar = Calendar(clock.today())
    with as_platform():
        for name in FILES:
            import_places(Path(places.__path__[0]) / "data" / name)
        db.session.flush()
        communities = set(db.session.scalars(select(Community.code)))
    opened = {house.code: _open_firm(house, communities, calendar) for house in HOUSES}
    people = _open_accounts({code: one.by.firm_id for code, one in opened.items()})
    checker = people["checker@nanwan.example"]
    scope = Scope(ScopeKind.OFFICE, NANWAN)
    by = Member(checker.id, checker.name, Role.CHECKER, scope, "南湾街道")
    inspection = Inspection(by, calendar)
    drawn = inspection.draw()
    for house in HOUSES:
        _work(house, opened[house.code], calendar)
    first = opened[HOUSES[0].code].by
    _fill_desk(first, people, calendar)
    pass_statements({code: one.by for code, one in opened.items()}, people, calendar)
    keep_books(by, first, calendar.months[1])
    inspection.look(drawn)
    inspection.draw_ahead()
    inspection.talk(first.firm_id, calendar.months[-2])
    furnish_rooms(by, first, calendar.today)
    drafter, chief = (_official(people[email]) for email in BUREAU)
    packs.issue(drafter, chief, calendar.today)


BUREAU = ("drafter@longgang.example", "chief@longgang.example")


def _official(person: Signatory) -> Member:
    """Return somebody of the bureau."""
    return Member(person.id, person.name, Role.ASSESSOR, LONGGANG, "龙岗区")


class Opened(NamedTuple):
    """A firm as its workbook left it. tapped: the visits that its lawyers tap themselves."""

    by: Member
    tapped: list[Values]


def _open_firm(house: House, communities: set[str], calendar: Calendar) -> Opened:
    """Make a firm and bring its workbook in, the same way as any firm's; plan its duty."""
    firm = create_firm(house.code, house.name)
    scope = Scope(ScopeKind.FIRM, str(firm.id))
    by = Member(None, f"{house.name[3]}所主任", Role.MANAGER, scope, house.name)
    codes = [code for code in communities if code.startswith(house.place)]
    sheets = sheets_of(house, codes, calendar)
    with as_firm(firm.id):
        import_workbook(written(sheets, house, calendar), by=by, name=f"{house.code}.xlsx")
        served = communities_of(house, codes)
        plan_duty(house, served, calendar, by=by)
        if not house.is_light:
            with clock.frozen(clock.instant(calendar.months[-2], time(9))):
                set_points(served, by=by)
    return Opened(by, tapped_of(sheets, house, calendar))


def _work(house: House, firm: Opened, calendar: Calendar) -> None:
    """Do what the firm's people did up to today."""
    with as_firm(firm.by.firm_id):
        tap_visits(house, firm.tapped, by=firm.by)
        settling.settle_past(calendar.today, by=firm.by)
        if not house.is_light:
            enter_clients(calendar.months[-2], by=firm.by)


def _fill_desk(firm: Member, people: dict[str, Signatory], calendar: Calendar) -> None:
    """Give the first firm's people what waits for them."""
    house = HOUSES[0]
    accounts = {one.adviser: people[one.email].id for one in ACCOUNTS if one.firm == house.code}
    manager = replace(firm, person_id=people[f"manager@{house.code}.example"].id)
    with as_firm(firm.firm_id):
        by_licence = {row.licence_number: row.id for row in db.session.scalars(select(Adviser))}
        lawyers = [
            Member(
                accounts.get(place),
                one.name,
                Role.ADVISER,
                firm.scope,
                firm.title,
                adviser_id=by_licence[one.licence],
            )
            for place, one in enumerate(house.lawyers)
        ]
        import_punches(calendar, by=manager)
        FirmDesk(manager, lawyers, calendar).fill()
        TeamWork(manager, lawyers, calendar).fill()


def _open_accounts(firms: dict[str, UUID]) -> dict[str, Signatory]:
    """Make everybody who may sign in; return them by address."""
    hashed, people = passwords.hashed(PASSWORD), dict[str, Signatory]()
    for account in ACCOUNTS:
        scope = account.scope or Scope(ScopeKind.FIRM, str(firms[account.firm]))
        name, adviser_id = _who(account, firms)
        membership = join(
            account.email, name, scope, account.role, adviser_id=adviser_id, is_proved=True
        )
        with as_platform():
            membership.person.password_hash = hashed
            db.session.flush()
            people[account.email] = Signatory(membership.person.id, membership.person.name)
        if duty := DUTIES.get(account.email):
            hand = Member(None, HOUSES[0].manager, Role.MANAGER, scope, HOUSES[0].name)
            admins.name(duty, membership.id, by=hand)
    return people


def _who(account: Account, firms: dict[str, UUID]) -> tuple[str, UUID | None]:
    if account.adviser is None:
        return account.name, None
    lawyer = next(h for h in HOUSES if h.code == account.firm).lawyers[account.adviser]
    with as_firm(firms[account.firm]):
        chosen = select(Adviser.id).where(Adviser.licence_number == lawyer.licence)
        return lawyer.name, db.session.scalars(chosen).one()


def _sign_ins() -> str:

    lines = [f"演示账号，密码都是 {PASSWORD} (demonstration accounts, one password):"]
    shown = dict.fromkeys((account.email, account.role) for account in ACCOUNTS)
    lines += [f"  {ROLE_WORDS[role]:<8}{role.value:<10}{email}" for email, role in shown]
    return "\n".join(lines)
