"""A check from its draw to its end, on the real database."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.history import AccountEvent, Event
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.retention.actions import sweep as sweep_out
from counselhub.retention.kinds import Kept
from counselhub.retention.sweeping import Sweep
from counselhub.roster.models import DutySlot
from counselhub.spotchecks import actions, coverage, draw_actions, queries
from counselhub.spotchecks.actions import Found, Reply
from counselhub.spotchecks.draw_actions import Order
from counselhub.spotchecks.kinds import Answer, Finding
from counselhub.spotchecks.models import SpotCheck, SpotPhoto
from counselhub.spotchecks.pictures import rewritten
from tests.factories import Tenant, Town
from tests.spotchecks.conftest import (
    DUTY,
    MONDAY,
    SUNDAY,
    at,
    checker,
    checks_of,
    draw_of,
    photo,
    plan,
)

Get = Callable[[UUID], SpotCheck]
WEEK = Order(MONDAY, SUNDAY, 5, 7)


def test_a_draw_keeps_how_it_was_done(app: Flask, context: None, town: Town, drawn: UUID) -> None:
    with as_office(town.street_code):
        draw = draw_of(drawn)
        assert (draw.seed, draw.wanted, len(draw.population)) == (7, 2, 2)
        assert draw_actions.repeat(draw).is_same is True
        assert {one.community_code for one in checks_of(drawn)} == set(town.communities[:2])


def test_a_draw_that_was_tampered_with_shows(
    app: Flask, context: None, town: Town, drawn: UUID
) -> None:
    with as_office(town.street_code):
        draw = draw_of(drawn)
        draw.population = draw.population[:1]
        with db.session.no_autoflush:
            assert draw_actions.repeat(draw).is_same is False
        with pytest.raises(DBAPIError, match="permission denied"):
            db.session.flush()
        db.session.rollback()


@pytest.mark.usefixtures("monday", "context")
def test_a_firm_learns_nothing_of_a_draw(
    app: Flask, tenant: Tenant, town: Town, drawn: UUID
) -> None:
    with as_scope(tenant.scope):
        for table in ("spot_draw", "spot_check", "spot_photo"):
            assert db.session.scalar(text(f"select count(*) from {table}")) == 0
        assert not db.session.scalars(db.select(Event).where(Event.subject == "spot_check")).all()
        db.session.execute(text("delete from duty_slot"))  # to plan anew is not refused
        db.session.rollback()
    with as_office(town.street_code):
        acts = db.session.scalars(db.select(AccountEvent.act)).all()
        assert "draw_spot_checks" in acts


@pytest.mark.usefixtures("monday", "context")
def test_what_was_drawn_is_not_drawn_again(tenant: Tenant, town: Town, drawn: UUID) -> None:
    with as_office(town.street_code):
        with pytest.raises(RefusedError, match="都已抽过"):
            draw_actions.draw(WEEK, by=checker(town))
        actions.withdraw(checks_of(drawn)[0], "律师已请假", by=checker(town))
        again = draw_actions.draw(WEEK, by=checker(town))
        assert len(checks_of(again.id)) == 1


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        pytest.param(Order(SUNDAY, MONDAY, 1), "不能早于", id="backwards"),
        pytest.param(Order(MONDAY.replace(day=1), MONDAY.replace(day=2), 1), "过去", id="over"),
        pytest.param(Order(MONDAY, MONDAY.replace(month=12), 1), "最多抽31天", id="too long"),
        pytest.param(Order(MONDAY, MONDAY, 1), "没有可以抽的班次", id="nothing planned"),
    ],
)
@pytest.mark.usefixtures("monday", "context")
def test_draws_that_are_refused(town: Town, order: Order, sentence: str) -> None:
    with as_office(town.street_code), pytest.raises(RefusedError, match=sentence):
        draw_actions.draw(order, by=checker(town))


@pytest.mark.usefixtures("context")
def test_only_slots_to_come_are_drawn(app: Flask, tenant: Tenant, town: Town) -> None:
    plan(app, tenant)
    with as_office(town.street_code):
        for hour, many in ((11, 2), (12, 0)):
            with clock.frozen(at(DUTY, hour)):
                assert len(queries.drawable(town.street_code, DUTY, DUTY)) == many


@pytest.mark.usefixtures("on_site", "context")
def test_the_same_form_twice_is_recorded_once(town: Town, drawn: UUID) -> None:
    with as_office(town.street_code):
        check = checks_of(drawn)[0]
        found = Found(Finding.PRESENT, key=uuid7(), photo=rewritten(photo()))
        actions.record(check, found, by=checker(town), revision=1)
        revision = check.revision
        actions.record(check, found, by=checker(town), revision=1)
        assert (check.revision, check.status) == (revision, "recorded")
        assert len(queries.photos(check)) == 1


@pytest.mark.usefixtures("context")
def test_a_finding_is_corrected_until_it_is_published(town: Town, drawn: UUID) -> None:
    with as_office(town.street_code), clock.frozen(at(DUTY, 10)):
        check, by = checks_of(drawn)[0], checker(town)
        with pytest.raises(RefusedError, match="姓名"):
            actions.record(check, Found(Finding.SUBSTITUTE), by=by)
        actions.record(check, Found(Finding.SUBSTITUTE, "王替班"), by=by)
        actions.record(check, Found(Finding.ABSENT), by=by)
        assert (check.finding, check.found_name) == ("absent", None)
        actions.publish(check, 5, by=by)
        with pytest.raises(IllegalMoveError):
            actions.record(check, Found(Finding.PRESENT), by=by)


@pytest.mark.usefixtures("context")
def test_nobody_is_absent_before_the_slot_begins(town: Town, drawn: UUID) -> None:
    with as_office(town.street_code), clock.frozen(at(DUTY, 8)):
        check = checks_of(drawn)[0]
        with pytest.raises(RefusedError, match="09:00开始"):
            actions.record(check, Found(Finding.ABSENT), by=checker(town))


@pytest.mark.usefixtures("context")
def test_a_check_speaks_of_the_plan_as_it_was_on_the_day(
    tenant: Tenant, town: Town, drawn: UUID
) -> None:
    thursday = DUTY.replace(day=24)
    with as_scope(tenant.scope):
        db.session.execute(db.update(DutySlot).values(day=thursday))
        db.session.commit()
    with as_office(town.street_code), clock.frozen(at(thursday, 10)):
        check = checks_of(drawn)[0]
        actions.record(check, Found(Finding.PRESENT), by=checker(town))
        assert check.day == thursday


@pytest.mark.usefixtures("context")
def test_a_firm_answers_once_and_changes_nothing_else(
    tenant: Tenant, town: Town, published: UUID, get: Get
) -> None:
    with as_scope(tenant.scope), clock.frozen(at(DUTY, 15)):
        check = get(published)
        by = tenant.member()
        with pytest.raises(RefusedError, match="理由"):
            actions.answer(check, Reply(Answer.DISAGREE), by=by)
        reply = Reply(Answer.DISAGREE, "在二楼调解室", rewritten(photo()))
        actions.answer(check, reply, by=by, revision=check.revision)
        db.session.commit()
        with pytest.raises(IllegalMoveError):
            actions.answer(get(published), Reply(Answer.AGREE), by=by)
        db.session.rollback()
        assert db.session.scalars(db.select(SpotPhoto)).one().side == "firm"


@pytest.mark.usefixtures("context")
def test_the_database_keeps_the_finding_from_the_firm(tenant: Tenant, published: UUID) -> None:
    with pytest.raises(DBAPIError, match="the office's"), as_scope(tenant.scope):
        db.session.execute(text("update spot_check set finding='present', status='answered'"))
    db.session.rollback()


@pytest.mark.usefixtures("context")
def test_the_office_decides_after_the_answer_or_its_last_day(
    town: Town, published: UUID, get: Get
) -> None:
    by = checker(town, Role.APPROVER)
    with as_office(town.street_code):
        with clock.frozen(at(DUTY, 15)), pytest.raises(RefusedError, match="09-28"):
            actions.settle(get(published), "", by=by)
        with clock.frozen(at(DUTY.replace(day=29), 9)):
            actions.settle(get(published), "", by=by)
            assert get(published).status == "settled"


@pytest.mark.usefixtures("on_site", "context")
def test_an_objection_is_met_with_words(
    tenant: Tenant, town: Town, published: UUID, get: Get
) -> None:
    with as_scope(tenant.scope):
        actions.answer(get(published), Reply(Answer.DISAGREE, "人在"), by=tenant.member())
        db.session.commit()
    by = checker(town, Role.APPROVER)
    with as_office(town.street_code):
        with pytest.raises(RefusedError, match="维持的理由"):
            actions.settle(get(published), "", by=by)
        with pytest.raises(ConflictError, match="最新内容"):
            actions.settle(get(published), "核实过", by=by, revision=1)
        actions.settle(get(published), "核实过", by=by)
        (counted,) = queries.counts(DUTY)
        assert (counted.checks, counted.absent, counted.disputed, counted.open) == (1, 1, 1, 0)


@pytest.mark.usefixtures("on_site", "context")
def test_a_published_finding_is_taken_back_by_the_director_only(
    town: Town, published: UUID, get: Get
) -> None:
    with as_office(town.street_code):
        with pytest.raises(ForbiddenError):
            actions.withdraw(get(published), "查错了", by=checker(town))
        actions.withdraw(get(published), "查错了", by=checker(town, Role.APPROVER))
        assert queries.counts(DUTY) == []


@pytest.mark.usefixtures("context")
def test_coverage_counts_what_was_carried_out(town: Town, drawn: UUID) -> None:
    street = town.street_code
    with as_office(street), clock.frozen(at(DUTY, 10)):
        assert coverage.reach(street, DUTY) == coverage.Reach(4, 0, 0)
        actions.record(checks_of(drawn)[0], Found(Finding.PRESENT), by=checker(town))
        assert coverage.reach(street, DUTY) == coverage.Reach(4, 1, 1)
        later = DUTY.replace(month=10)
        assert coverage.reach(street, later) == coverage.Reach(4, 0, 0)


def test_a_photo_is_kept_small_upright_and_without_its_place() -> None:
    kept = rewritten(photo(size=(2400, 1200)))
    assert (kept.width, kept.height) == (800, 1600)
    assert b"SecretPhone" not in kept.content
    assert b"Exif" not in kept.content


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "data", [pytest.param(b"%PDF-1.7", id="no photo"), pytest.param(photo()[:400], id="cut off")]
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedError, match="不是照片"):
        rewritten(data)


@pytest.mark.usefixtures("context")
def test_photos_go_when_a_check_was_closed_long_ago(town: Town, drawn: UUID) -> None:
    street = town.street_code
    with as_office(street), clock.frozen(at(DUTY, 10)):
        for check in checks_of(drawn):
            found = Found(Finding.PRESENT, photo=rewritten(photo()))
            actions.record(check, found, by=checker(town))
        kept, gone = checks_of(drawn)
        actions.withdraw(gone, "重复", by=checker(town))
        late = at(DUTY.replace(day=24), 0)
        assert len(actions.expire_photos(street, late, days=365, dry=True)) == 1
        assert len(queries.photos(gone)) == 1
        actions.expire_photos(street, late, days=365, dry=False)
        assert (len(queries.photos(gone)), len(queries.photos(kept))) == (0, 1)
        assert actions.expire_photos(street, at(DUTY, 9), days=365, dry=False) == []


@pytest.mark.usefixtures("context")
def test_the_job_reaches_the_photos_of_every_street(town: Town, drawn: UUID) -> None:
    with as_office(town.street_code), clock.frozen(at(DUTY, 10)):
        check = checks_of(drawn)[0]
        found = Found(Finding.PRESENT, photo=rewritten(photo()))
        actions.record(check, found, by=checker(town))
        actions.withdraw(check, "重复", by=checker(town))
        db.session.commit()
    sweep = Sweep(Kept.SPOT_PHOTO, 365, DUTY + timedelta(days=1), dry=True)
    sweep_out(sweep)
    assert len(sweep.ids[town.street_code]) == 1
