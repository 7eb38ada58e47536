"""The demonstration shows all of duty, and leaves each role something to do."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from counselhub.attendance import queries as attendance
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm, as_office
from counselhub.corrections.models import SessionCorrection
from counselhub.cover.models import CoverRequest
from counselhub.demo.book import sheets_of, tapped_of
from counselhub.demo.cast import NANWAN, NANWAN_HOUSES
from counselhub.demo.days import Calendar
from counselhub.demo.taps import picture
from counselhub.duty import evidence
from counselhub.duty.grades import Proof
from counselhub.duty.models import DutyPunch, DutySession, PunchMatch
from counselhub.interviews.models import Interview
from counselhub.leave.models import LeaveRequest
from counselhub.people.queries import firm_by_code
from counselhub.photos import pictures
from counselhub.places.models import Community
from counselhub.points.models import DutyPoint
from counselhub.points.proof_models import DutyPosition, DutyScan
from counselhub.rota import now_queries
from counselhub.rota.models import OnlineTurn
from counselhub.spotchecks.models import SpotCheck


@pytest.fixture
def first(demo: Flask) -> UUID:
    """The firm whose people may sign in."""
    firm = firm_by_code(NANWAN_HOUSES[0].code)
    assert firm is not None
    return firm.id


def test_every_community_has_a_point(demo: Flask) -> None:
    with as_office(NANWAN):
        points = set(db.session.scalars(select(DutyPoint.community_code)))
        here = select(Community.code).where(Community.code.startswith(NANWAN))
        assert points == set(db.session.scalars(here))


def test_the_last_visits_were_tapped_and_prove_more_or_less(demo: Flask) -> None:
    with as_office(NANWAN):
        tapped = select(DutySession).where(DutySession.day >= clock.today() - timedelta(days=14))
        sessions = db.session.scalars(tapped).all()
        graded = evidence.of(sessions).values()
        codes = Counter(db.session.scalars(select(DutyScan.verdict)))
        positions = Counter(db.session.scalars(select(DutyPosition.verdict)))
        timings = set(db.session.scalars(select(DutyPunch.timing)))
    assert {"A", "B"} <= {one.grade for one in graded}
    assert {proof for one in graded for proof in one.proofs} >= {
        Proof.POSITION,
        Proof.CODE,
        Proof.PHOTO,
        Proof.PUNCH,
    }
    assert set(codes) == {"current"}
    assert positions["refused"]
    assert len(positions) > 1
    assert timings == {"at_once", "offline"}


def test_no_visit_is_told_twice(demo: Flask) -> None:
    """What was tapped did not come with the workbook too."""
    calendar = Calendar(clock.today())
    with as_office(NANWAN):
        codes = [code for code in db.session.scalars(select(Community.code)) if NANWAN in code]
        told = sum(
            len(tapped_of(sheets_of(house, codes, calendar), house, calendar))
            for house in NANWAN_HOUSES
        )
        sign_ins = select(func.count()).select_from(DutyPunch).where(DutyPunch.kind == "in")
        assert db.session.scalar(sign_ins) == told > 0
        assert set(db.session.scalars(select(DutyPunch.verdict))) == {"counted"}


def test_the_first_firms_desk_has_something_of_everything(first: UUID) -> None:
    with as_firm(first):
        covers = Counter(db.session.scalars(select(CoverRequest.status)))
        assert covers == {"offered": 1, "approved": 1}
        assert db.session.scalars(select(LeaveRequest.status)).all() == ["approved"]
        assert db.session.scalars(select(SessionCorrection.status)).all() == ["asked"]
        newest = db.session.scalar(select(func.max(DutySession.day)))
        assert newest is not None
        month = newest.replace(day=1)
        tallies = attendance.tallies(month, clock.last_day(month))
        assert (tallies["open"], tallies["accounts"], tallies["places"]) == (1, 0, 0)
        assert tallies["agrees"] > 0
        words = Counter(db.session.scalars(select(PunchMatch.verdict)))
        assert words["open"] == 1
        assert words.keys() <= {"agrees", "open", "none"}


def test_online_duty_is_planned_but_for_one_gap(first: UUID) -> None:
    with as_firm(first):
        assert Counter(db.session.scalars(select(OnlineTurn.status)))["standing"] == 1
        [outlook] = now_queries.picture().outlooks()
        assert [gap.minutes for gap in outlook.gaps] == [12 * 60]


def test_the_office_has_checks_at_every_step_and_a_talk(demo: Flask, first: UUID) -> None:
    with as_office(NANWAN):
        checks = Counter(db.session.scalars(select(SpotCheck.status)))
        assert checks == {"published": 1, "recorded": 1, "drawn": 2}
        assert db.session.scalars(select(Interview.status)).all() == ["published"]
    with as_firm(first):
        assert db.session.scalars(select(SpotCheck.status)).all() == ["published"]


def test_a_picture_has_its_time() -> None:
    at = clock.instant(clock.today(), clock.local(clock.now()).time().replace(microsecond=0))
    assert pictures.read(picture(at)).taken_at == at
