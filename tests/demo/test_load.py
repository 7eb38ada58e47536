"""The demonstration loads on any day, gives everybody something to do, and loads once."""

from collections import Counter
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_firm, as_office
from counselhub.demo import load_once
from counselhub.demo.book import book_of, communities_of
from counselhub.demo.cast import ACCOUNTS, HOUSES, NANWAN, NANWAN_HOUSES, PASSWORD
from counselhub.demo.days import Calendar
from counselhub.demo.teams import CASES
from counselhub.duty.queries import assigned
from counselhub.ledgers.models import LedgerLine
from counselhub.matters.models import Matter, MatterWall
from counselhub.people.actions import sign_in
from counselhub.people.queries import firm_by_code, memberships_of
from counselhub.places.models import Community
from counselhub.receipts.actions import suggestions
from counselhub.receipts.queries import open_receipts
from counselhub.referrals.models import Referral
from counselhub.roster.models import DutySlot
from counselhub.statements.models import Statement
from counselhub.workbook.actions import try_workbook


def test_the_office_has_every_kind_of_work(demo: Flask) -> None:
    with as_office(NANWAN):
        rows = db.session.execute(select(Statement.month, Statement.status)).all()
    by_month = Counter((month.month, status) for month, status in rows)
    assert by_month[10, "paid"] == 8
    assert by_month[11, "paid"] == by_month[11, "payable"] == 4
    assert {status for month, status in by_month if month == 12} == {
        "submitted",
        "queried",
        "approved",
    }


def test_a_firm_has_drafts_and_sound_data(demo: Flask) -> None:
    firm = firm_by_code("nanwan-a")
    assert firm is not None
    with as_firm(firm.id):
        newest = db.session.scalars(select(Statement).order_by(Statement.month.desc())).first()
        assert newest is not None
        assert (newest.status, newest.total_fen > 0) == ("draft", True)
        codes = db.session.scalars(select(Community.code)).all()
        here = [code for code in codes if code.startswith(NANWAN)]
        again = try_workbook(book_of(NANWAN_HOUSES[0], here, Calendar(clock.today())))
        assert {n["changed"] + n["new"] for n in again.counts().values()} == {0}


def test_everybody_signs_in_and_one_switches(demo: Flask) -> None:
    person = sign_in("checker@yuexiu.example", PASSWORD)
    assert len(memberships_of(person.id)) == 2


def test_every_lawyer_with_an_account_leads_a_community_today(demo: Flask) -> None:
    lawyers = [account for account in ACCOUNTS if account.adviser is not None]
    assert lawyers
    for account in lawyers:
        [member] = memberships_of(sign_in(account.email, PASSWORD).id)
        with as_firm(UUID(member.key)):
            places = assigned(member.adviser_id, clock.today())
        assert "lead" in {place.role for place in places}, account.email


def test_a_second_start_loads_nothing(
    loaded: DatabaseUrls, capsys: pytest.CaptureFixture[str]
) -> None:
    load_once(loaded)
    printed = capsys.readouterr().out
    assert "正在装入" not in printed
    assert f"密码都是 {PASSWORD}" in printed


def test_it_stays_out_when_told_so(
    loaded: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COUNSELHUB_DEMO", "0")
    load_once(loaded)
    assert capsys.readouterr().out == ""


def test_every_community_is_one_firms() -> None:
    codes = [f"{NANWAN}{number:03d}" for number in range(2, 16)]
    served = [code for house in NANWAN_HOUSES for code in communities_of(house, codes)]
    assert sorted(served) == codes
    assert len({house.code for house in HOUSES}) == len(HOUSES)


def test_every_firm_has_planned_duty_for_last_month_and_the_next(demo: Flask) -> None:
    with as_office(NANWAN):
        planned = db.session.execute(select(DutySlot.firm_id, DutySlot.month).distinct()).all()
    assert len({firm_id for firm_id, _month in planned}) == len(NANWAN_HOUSES)
    assert {month.month for _firm_id, month in planned} >= {12, 1}


def test_hard_cases_stand_on_every_column(demo: Flask) -> None:
    """A referral in each state, one with a possible conflict, a frozen matter and a wall."""
    firm = firm_by_code("nanwan-a")
    assert firm is not None
    with as_firm(firm.id):
        states = db.session.scalars(select(Referral.status)).all()
        assert set(states) == {until.value for until, *_rest in CASES}
        against = select(Referral.status).where(Referral.conflict == "possible")
        assert db.session.scalars(against).all() == ["triaged"]
        frozen = db.session.scalars(select(Matter.title).where(Matter.status == "frozen")).all()
        assert frozen == ["合伙账目结算"]
        assert len(db.session.scalars(select(MatterWall.id)).all()) == 1


def test_both_sides_have_a_difference_and_a_receipt_to_settle(demo: Flask) -> None:
    firm = firm_by_code("nanwan-a")
    assert firm is not None
    with as_office(NANWAN):
        found = db.session.scalars(
            select(LedgerLine.outcome).where(LedgerLine.firm_id == firm.id)
        ).all()
        others = select(LedgerLine.outcome).where(LedgerLine.firm_id != firm.id).distinct()
        assert sorted(found) == ["amount_differs", "count_differs"]
        assert db.session.scalars(others).all() == ["matched"]
    with as_firm(firm.id):
        assert {one.confidence.value for one in suggestions()} == {"certain"}
        assert len(open_receipts()) == len(suggestions()) + 1
