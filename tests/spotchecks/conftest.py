"""A street with duty planned in the week of 21 September 2026, and its office."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.roster.models import DutySlot, DutyTerm
from counselhub.spotchecks import actions, draw_actions
from counselhub.spotchecks.actions import Found
from counselhub.spotchecks.draw_actions import Order
from counselhub.spotchecks.kinds import Finding
from counselhub.spotchecks.models import SpotCheck, SpotDraw
from tests.factories import Tenant, Town

MONDAY = date(2026, 9, 21)
DUTY = date(2026, 9, 23)
SUNDAY = date(2026, 9, 27)


def at(day: date, hour: int) -> datetime:
    """An hour of Shanghai's wall clock."""
    return datetime.combine(day, time(hour), clock.SHANGHAI)


@pytest.fixture
def monday() -> Iterator[None]:
    """Nine o'clock on Monday: the week's duty is still to come."""
    with clock.frozen(at(MONDAY, 9)):
        yield


@pytest.fixture
def on_site() -> Iterator[None]:
    """Ten o'clock on Wednesday, while duty is on."""
    with clock.frozen(at(DUTY, 10)):
        yield


def plan(app: Flask, tenant: Tenant, days: tuple[date, ...] = (DUTY,)) -> list[UUID]:
    """Plan a morning in each of the firm's two communities on each of `days`."""
    with app.app_context(), as_scope(tenant.scope):
        term = DutyTerm(
            contract_id=tenant.contract_id, kind="weekly", weekday=2, starts=time(9), ends=time(12)
        )
        db.session.add(term)
        db.session.flush()
        slots = [
            DutySlot(
                term_id=term.id,
                turn=turn,
                month=day.replace(day=1),
                community_code=code,
                street_code=tenant.town.street_code,
                adviser_id=adviser,
                day=day,
                starts=time(9),
                ends=time(12),
            )
            for turn, day in enumerate(days, 1)
            for code, adviser in zip(
                tenant.town.communities, (tenant.adviser_id, tenant.backup_id), strict=False
            )
        ]
        db.session.add_all(slots)
        db.session.commit()
        return [slot.id for slot in slots]


def checker(town: Town, role: Role = Role.CHECKER) -> Member:
    """Somebody of the street's office."""
    return Member(None, "甲经办", role, town.scope, "测试司法所")


@pytest.fixture
def drawn(app: Flask, tenant: Tenant, town: Town) -> UUID:
    """Draw both communities on Monday; return the draw."""
    plan(app, tenant)
    with clock.frozen(at(MONDAY, 9)), app.test_request_context(), as_office(town.street_code):
        made = draw_actions.draw(Order(MONDAY, SUNDAY, 2, 7), by=checker(town))
        db.session.commit()
        return made.id


def checks_of(draw_id: UUID) -> list[SpotCheck]:
    """The checks of a draw in their order."""
    query = db.select(SpotCheck).where(SpotCheck.draw_id == draw_id)
    return list(db.session.scalars(query.order_by(SpotCheck.turn)))


@pytest.fixture
def published(app: Flask, town: Town, drawn: UUID) -> UUID:
    """Find the first drawn lawyer absent and publish it; return the check."""
    with clock.frozen(at(DUTY, 10)), app.test_request_context(), as_office(town.street_code):
        check = checks_of(drawn)[0]
        actions.record(check, Found(Finding.ABSENT, words="门锁着"), by=checker(town))
        actions.publish(check, 5, by=checker(town))
        db.session.commit()
        return check.id


@pytest.fixture
def get() -> Callable[[UUID], SpotCheck]:
    """Read a check in the present scope."""

    def read(check_id: UUID) -> SpotCheck:
        return db.session.scalars(db.select(SpotCheck).where(SpotCheck.id == check_id)).one()

    return read


def draw_of(draw_id: UUID) -> SpotDraw:
    """Read a draw in the present scope."""
    return db.session.scalars(db.select(SpotDraw).where(SpotDraw.id == draw_id)).one()


def photo(*, size: tuple[int, int] = (2400, 1200), place: bool = True) -> bytes:
    """A photo as a phone takes it, with its place and model."""
    file, exif = BytesIO(), Image.Exif()
    if place:
        exif[0x0110] = "SecretPhone 9"
        exif[0x0112] = 6  # turned by a quarter
        exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", size, "navy").save(file, "JPEG", exif=exif)
    return file.getvalue()
