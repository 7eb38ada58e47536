"""Cover on the real database: asked, offered, taken by the first, approved, and it counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.cover import actions
from counselhub.cover.models import CoverRequest
from counselhub.duty import desk
from counselhub.duty.desk import Entry
from counselhub.duty.models import DutySession
from counselhub.roster.models import RosterRule
from counselhub.statements import gather
from counselhub.statements.months import Month
from tests import factories
from tests.cover.conftest import NOON, TODAY, MakeSlot, request_of, the
from tests.factories import Tenant

Ask = Callable[[UUID], UUID]
pytestmark = pytest.mark.usefixtures("third_id")


def test_a_slot_goes_to_who_takes_it_and_the_desk_approves(
    app: Flask, as_adviser: FlaskClient, as_backup: FlaskClient, as_manager: FlaskClient,
    tenant: Tenant, make_slot: MakeSlot, ask: Ask,
) -> None:  # fmt: skip
    slot_id = make_slot()
    assert "去不了，找人替" in as_adviser.get("/duty/slots").text
    cover_id = ask(slot_id)
    assert "已征询 2 位同事" in as_adviser.get("/duty/slots").text
    offered = as_backup.get("/duty/slots").text
    assert "我来替" in offered
    assert "指派了这个社区" in offered
    assert as_backup.post(f"/cover/{cover_id}/taking").status_code == 303
    assert "已接下，待批准" in as_backup.get("/duty/slots").text
    page = as_manager.get(f"/cover/{cover_id}").text
    assert "批准替班" in page
    row = request_of(app, tenant, slot_id)
    given = {"revision": row.revision}
    assert as_manager.post(f"/cover/{cover_id}/approval", data=given).status_code == 303
    assert the(app, tenant, slot_id).substitute_id == tenant.backup_id
    page = as_manager.get(f"/cover/{cover_id}").text
    assert "由李四光律师" in page
    assert f"{tenant.code}-李四光" in page
    stale = as_manager.post(f"/cover/{cover_id}/telling", data=given)
    assert stale.status_code == 409
    row = request_of(app, tenant, slot_id)
    as_manager.post(f"/cover/{cover_id}/telling", data={"revision": row.revision})
    assert "已告知" in as_manager.get(f"/cover/{cover_id}").text
    assert "由李四光替班，您不用去" in as_adviser.get("/duty/slots").text
    assert "替 张三丰" in as_backup.get("/duty/slots").text


def test_another_agrees_to_who_took_it_while_there_is_one(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot, ask: Ask
) -> None:
    slot_id = make_slot()
    cover_id = ask(slot_id)
    own = factories.signed_in(app, tenant.scope, Role.TEAM_LEADER, adviser_id=tenant.backup_id)
    assert own.post(f"/cover/{cover_id}/taking").status_code == 303
    given = {"revision": request_of(app, tenant, slot_id).revision}
    refused = own.post(f"/cover/{cover_id}/approval", data=given)
    assert "要由另一位同事批准" in refused.text
    assert the(app, tenant, slot_id).substitute_id is None
    assert as_manager.post(f"/cover/{cover_id}/approval", data=given).status_code == 303


def test_who_is_second_is_told_who_was_first(
    app: Flask, as_backup: FlaskClient, as_third: FlaskClient, tenant: Tenant,
    make_slot: MakeSlot, ask: Ask,
) -> None:  # fmt: skip
    cover_id = ask(make_slot())
    assert as_third.post(f"/cover/{cover_id}/taking").status_code == 303
    late = as_backup.post(f"/cover/{cover_id}/taking")
    assert late.status_code == 409
    assert "王五一已经接下" in late.text
    assert as_third.post(f"/cover/{cover_id}/taking").status_code == 303, "the same tap again"
    assert as_third.post(f"/cover/{cover_id}/return").status_code == 303
    assert as_backup.post(f"/cover/{cover_id}/taking").status_code == 303


def test_two_who_take_at_the_same_moment(
    app: Flask, tenant: Tenant, third_id: UUID, make_slot: MakeSlot, ask: Ask
) -> None:
    """Each in a transaction of its own: one has it, the other is told so."""
    cover_id, start = ask(make_slot()), Barrier(2)

    def take(adviser_id: UUID) -> str:
        by = tenant.member(Role.ADVISER, adviser_id=adviser_id)
        with clock.frozen(NOON), app.test_request_context(), as_scope(tenant.scope):
            row = db.session.get_one(CoverRequest, (tenant.firm_id, cover_id))
            start.wait(20)
            try:
                actions.take(row, by=by)
                db.session.commit()
            except ConflictError as refusal:
                db.session.rollback()
                return refusal.message
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(take, [tenant.backup_id, third_id]))
    assert told[0] == "taken"
    assert "已经接下这个班次" in told[1]


def test_the_phone_signs_him_in_for_the_absent_one_and_the_statement_counts_it(
    app: Flask, as_manager: FlaskClient, as_third: FlaskClient, tenant: Tenant,
    third_id: UUID, make_slot: MakeSlot, ask: Ask,
) -> None:  # fmt: skip
    """The third lawyer has no assignment: only as a substitute does his presence count (M3)."""
    slot_id = make_slot(TODAY, starts=time(12, 5), ends=time(12, 25))
    cover_id = ask(slot_id)
    given = {"revision": "2", "adviser_id": str(third_id)}
    chosen = as_manager.post(f"/cover/{cover_id}/appointment", data=given)
    assert chosen.status_code == 303, chosen.text
    page = as_third.get("/duty").text
    assert "签到 · 甲社区" in page
    assert "替 张三丰" in page
    code = tenant.town.communities[0]
    assert as_third.get("/duty/phone").json["places"] == [{"place": code, "name": "甲社区"}]
    with clock.frozen(clock.instant(TODAY, time(12, 5))):
        as_third.post("/duty/sign-ins", data={"place": code})
    session_id = _session(app, tenant).id
    with clock.frozen(clock.instant(TODAY, time(12, 25))):
        as_third.post(f"/duty/sessions/{session_id}/sign-out")
    slot = the(app, tenant, slot_id)
    assert (slot.status, slot.came_id, slot.present_minutes) == ("substituted", third_id, 20)
    session = _session(app, tenant)
    assert (session.adviser_id, session.substitute_for_id) == (third_id, tenant.adviser_id)
    with app.app_context(), as_scope(tenant.scope):
        street = tenant.town.street_code
        [of_street] = gather.gather(Month(2026, 10), [street], live=True)
        facts = of_street.facts
    [fact] = facts.sessions[code]
    assert (fact.sign_in, fact.sign_out) == (725, 745)
    assert fact.substitute_for in {one.adviser for one in facts.assignments}
    assert fact.adviser not in {one.adviser for one in facts.assignments}


def _session(app: Flask, tenant: Tenant) -> DutySession:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.scalars(db.select(DutySession)).one()


def test_a_backup_with_a_slot_of_the_own_signs_in_for_the_nearer_one(
    app: Flask, as_backup: FlaskClient, tenant: Tenant, make_slot: MakeSlot
) -> None:
    make_slot(TODAY, adviser_id=tenant.backup_id, starts=time(12), ends=time(13))
    make_slot(TODAY, substitute_id=tenant.backup_id, starts=time(16), ends=time(17))
    as_backup.post("/duty/sign-ins", data={"place": tenant.town.communities[0]})
    assert _session(app, tenant).substitute_for_id is None


def test_a_firm_that_approves_nothing(
    app: Flask, as_backup: FlaskClient, tenant: Tenant, make_slot: MakeSlot, ask: Ask
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        db.session.add(
            RosterRule(same_street_minutes=30, other_street_minutes=60, approves_cover=False)
        )
        db.session.commit()
    slot_id = make_slot()
    as_backup.post(f"/cover/{ask(slot_id)}/taking")
    assert the(app, tenant, slot_id).substitute_id == tenant.backup_id


def test_withdrawn_by_the_asker_until_approved_then_by_the_desk(
    app: Flask, as_adviser: FlaskClient, as_manager: FlaskClient, tenant: Tenant,
    make_slot: MakeSlot, ask: Ask,
) -> None:  # fmt: skip
    slot_id = make_slot()
    first = ask(slot_id)
    again = as_adviser.post(f"/duty/slots/{slot_id}/cover", data={"why": "ill"})
    assert again.status_code == 409
    assert "已经申请过替班" in again.text
    assert as_adviser.post(f"/cover/{first}/withdrawal", data={"revision": "2"}).status_code == 303
    second = ask(slot_id)
    given = {"revision": "2", "adviser_id": str(tenant.backup_id)}
    as_manager.post(f"/cover/{second}/appointment", data=given)
    assert as_adviser.post(f"/cover/{second}/withdrawal").status_code == 403
    moved = as_manager.post(
        f"/roster/slots/{slot_id}",
        data={"day": "2026-10-16", "starts": "09:00", "ends": "11:00",
              "adviser_id": str(tenant.adviser_id)},
    )  # fmt: skip
    assert moved.status_code == 409
    assert "由李四光替班，请先撤销替班" in moved.text
    assert as_manager.post(f"/cover/{second}/withdrawal").status_code == 303
    assert the(app, tenant, slot_id).substitute_id is None


def test_what_nobody_took_ends_when_the_slot_begins(
    app: Flask, as_backup: FlaskClient, as_adviser: FlaskClient, tenant: Tenant,
    make_slot: MakeSlot, ask: Ask,
) -> None:  # fmt: skip
    slot_id = make_slot(TODAY, starts=time(12, 10), ends=time(13))
    cover_id = ask(slot_id)
    with clock.frozen(clock.instant(TODAY, time(12, 10))):
        late = as_backup.post(f"/cover/{cover_id}/taking")
        assert late.status_code == 409
        assert "班次已经开始" in late.text
        refused = as_adviser.post(f"/duty/slots/{slot_id}/cover", data={"why": "ill"})
        assert refused.status_code == 409
        with app.app_context(), as_scope(tenant.scope):
            assert [actions.expire(by=tenant.member()) for _again in range(2)] == [1, 0]
            db.session.commit()
    row = request_of(app, tenant, slot_id)
    assert (row.status, row.ending) == ("withdrawn", "expired")


def test_a_colleague_asks_nobody_into_anothers_slot(
    as_backup: FlaskClient, as_manager: FlaskClient, as_outsider: FlaskClient,
    as_checker: FlaskClient, make_slot: MakeSlot, ask: Ask,
) -> None:  # fmt: skip
    slot_id = make_slot()
    address = f"/duty/slots/{slot_id}/cover"
    assert as_backup.get(address).status_code == 403
    assert as_backup.post(address, data={"why": "ill"}).status_code == 403
    assert as_backup.get("/cover").status_code == 403
    unsaid = as_manager.post(address, data={"words": "请带上钥匙"})
    assert unsaid.status_code == 422
    assert "请带上钥匙" in unsaid.text
    for_ill = as_manager.post(address, data={"why": "ill"})
    assert for_ill.status_code == 303
    cover_id = for_ill.location.rsplit("/", 1)[-1]
    for client in (as_outsider, as_checker):
        assert client.get(f"/cover/{cover_id}").status_code in (403, 404)
        assert client.post(f"/cover/{cover_id}/taking").status_code in (403, 404)
    bad = as_manager.post(f"/cover/{cover_id}/appointment", data={"adviser_id": "nobody"})
    assert bad.status_code == 404


def test_the_list_finds_sorts_and_teaches(
    as_manager: FlaskClient, make_slot: MakeSlot, ask: Ask
) -> None:
    assert "没有待处理的替班" in as_manager.get("/cover").text
    ask(make_slot())
    for query in ("", "?q=张", "?status=offered", "?sort=adviser", "?status=&q=甲社区"):
        assert "出庭冲突" in as_manager.get(f"/cover{query}").text
    assert "没有符合条件" in as_manager.get("/cover?q=nobody").text


def test_a_desk_session_for_the_substitute_settles_the_slot_too(
    app: Flask, tenant: Tenant, make_slot: MakeSlot
) -> None:
    slot_id = make_slot(date(2026, 9, 30), substitute_id=tenant.backup_id)
    with app.test_request_context(), as_scope(tenant.scope):
        entry = Entry(
            adviser_id=tenant.backup_id, community_code=tenant.town.communities[0],
            day=date(2026, 9, 30), signed_in=time(9), signed_out=time(11),
            substitute_for_id=tenant.adviser_id, community_confirmed=False, remark="手机没电",
        )  # fmt: skip
        desk.add(entry, by=tenant.member(Role.CLERK))
        db.session.commit()
    assert the(app, tenant, slot_id).status == "substituted"
