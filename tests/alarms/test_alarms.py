"""Alarms as their tenants learn of them: the owner that and what, the reader's side nothing."""

import logging
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select
from sqlalchemy.dialects.postgresql import asyncpg

from counselhub.alarms import actions
from counselhub.audit import pruning
from counselhub.audit.tables import TABLES
from counselhub.core import clock, foreign
from counselhub.core.db import Base, db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Duty, Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import PLATFORM, FirmOwned, Scope, as_platform, as_scope
from counselhub.people.queries import SESSION
from tests import counting, factories
from tests.factories import Tenant

LIST, ANSWER = "/audit/alarms", "/audit/alarms/acknowledgements"
WORDS = "与平台核对：程序缺陷，已修复"


def raise_one(app: Flask, owner: Tenant, reader: Scope | None, what: str = "contract") -> None:
    """Somebody under `reader` reached a row of `owner` from a page of contracts."""
    page = f"/contracts/{uuid4()}"
    with app.test_request_context(page, environ_base={"REMOTE_ADDR": "192.0.2.77"}):
        foreign.raise_alarm(owner.firm_id, reader, what)


def recorded(app: Flask, scope: Scope, act: str) -> list[AccountEvent]:
    """The acts of one name on a tenant's record, oldest first."""
    query = select(AccountEvent).where(
        AccountEvent.kind == scope.kind.value,
        AccountEvent.key == scope.key,
        AccountEvent.act == act,
    )
    with app.app_context(), as_platform():
        return list(db.session.scalars(query.order_by(AccountEvent.at, AccountEvent.id)))


def ids_of(page: str) -> list[str]:
    """The alarms that a page offers to tick."""
    return re.findall(r'name="alarm" value="([^"]+)"', page)


@pytest.fixture
def as_auditor(app: Flask, tenant: Tenant) -> FlaskClient:
    """A clerk of the firm who keeps its record of acts."""
    factories.account(app, tenant.scope, Role.MANAGER)
    return factories.named(app, tenant.scope, Role.CLERK, Duty.AUDIT)


@pytest.fixture
def as_other_auditor(app: Flask, outsider: Tenant) -> FlaskClient:
    """The same of the firm that reads."""
    factories.account(app, outsider.scope, Role.MANAGER)
    return factories.named(app, outsider.scope, Role.CLERK, Duty.AUDIT)


def test_the_owner_learns_what_and_from_where_but_not_who(
    app: Flask, tenant: Tenant, outsider: Tenant, as_auditor: FlaskClient
) -> None:
    raise_one(app, tenant, outsider.scope)
    page = as_auditor.get(LIST).text
    for word in ("合同", "律所", "192.0.2.77", "/contracts/…", "待确认"):
        assert word in page, word
    for secret in (outsider.code, str(outsider.firm_id)):
        assert secret not in page
        assert secret not in as_auditor.get("/audit").text


def test_the_readers_side_learns_nothing(
    app: Flask,
    tenant: Tenant,
    outsider: Tenant,
    as_other_auditor: FlaskClient,
) -> None:
    raise_one(app, tenant, outsider.scope)
    assert recorded(app, outsider.scope, foreign.ALARM) == []
    page = as_other_auditor.get(LIST).text
    assert "从来没有警报" in page
    assert ids_of(page) == []
    assert "等待确认" not in as_other_auditor.get("/audit").text


def test_the_operator_learns_who_and_whose_and_the_log_says_so(
    app: Flask, tenant: Tenant, outsider: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        raise_one(app, tenant, outsider.scope, "statement")
    line = next(one for one in caplog.records if "isolation alarm" in one.getMessage())
    assert line.levelno >= logging.ERROR
    own = recorded(app, tenant.scope, foreign.ALARM)[-1]
    told = recorded(app, PLATFORM, foreign.ALARM)[-1]
    assert told.detail["owner"] == str(tenant.firm_id)
    assert told.detail["reader"] == f"firm:{outsider.firm_id}"
    assert told.detail["alarm"] == str(own.id), "the number that the owner may name"
    for part in (str(tenant.firm_id), str(outsider.firm_id), str(own.id), "statement"):
        assert part in line.getMessage()


def test_alarms_are_counted_on_every_page_until_somebody_answers(
    app: Flask, tenant: Tenant, outsider: Tenant, as_auditor: FlaskClient
) -> None:
    assert "等待确认" not in as_auditor.get("/contracts").text
    raise_one(app, tenant, outsider.scope)
    raise_one(app, tenant, None, "CHH-" + "A" * 32)
    page = as_auditor.get("/contracts").text
    assert "有 2 条数据隔离警报等待确认" in page
    assert re.search(r'href="/audit/alarms".*?class="count"[^>]*>2<', page)
    found = ids_of(as_auditor.get(LIST).text)
    assert len(found) == 2
    sent = as_auditor.post(ANSWER, data={"alarm": found, "words": WORDS}, follow_redirects=True)
    assert "已确认 2 条警报" in sent.text
    assert "没有待确认的警报" in sent.text
    assert "等待确认" not in as_auditor.get("/contracts").text


def test_an_answer_is_an_act_with_who_when_and_words(
    app: Flask, tenant: Tenant, outsider: Tenant, as_auditor: FlaskClient
) -> None:
    raise_one(app, tenant, outsider.scope)
    alarm = ids_of(as_auditor.get(LIST).text)
    assert as_auditor.post(ANSWER, data={"alarm": alarm, "words": WORDS}).status_code == 303
    [act] = recorded(app, tenant.scope, "alarm_seen")
    assert (act.detail, act.name) == ({"alarm": alarm[0], "words": WORDS}, "某clerk")
    seen = as_auditor.get(f"{LIST}?state=seen").text
    assert WORDS in seen
    assert "某clerk" in seen
    acts = as_auditor.get("/audit?act=account.alarm_seen").text
    assert "确认隔离警报" in acts
    assert WORDS in acts


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        pytest.param({"words": WORDS}, 422, "请先勾选要确认的警报", id="none ticked"),
        pytest.param({"alarm": "own"}, 422, "请写明核实了什么", id="no words"),
        pytest.param({"alarm": "own", "words": "嗯"}, 422, "核实情况和处理", id="too few words"),
        pytest.param({"alarm": "x", "words": WORDS}, 404, "", id="no id"),
        pytest.param({"alarm": str(uuid4()), "words": WORDS}, 404, "", id="nobody's"),
    ],
)
def test_what_is_no_answer_is_refused(
    app: Flask,
    tenant: Tenant,
    outsider: Tenant,
    as_auditor: FlaskClient,
    sent: dict[str, str],
    status: int,
    words: str,
) -> None:
    raise_one(app, tenant, outsider.scope)
    own = ids_of(as_auditor.get(LIST).text)
    given = {name: own[0] if value == "own" else value for name, value in sent.items()}
    answer = as_auditor.post(ANSWER, data=given)
    assert answer.status_code == status
    assert words in answer.text
    assert given.get("words", "") in answer.text or status == 404
    assert recorded(app, tenant.scope, "alarm_seen") == []


def test_another_firms_alarm_is_404_and_stays_open(
    app: Flask,
    tenant: Tenant,
    outsider: Tenant,
    as_auditor: FlaskClient,
    as_other_auditor: FlaskClient,
) -> None:
    raise_one(app, tenant, outsider.scope)
    alarm = ids_of(as_auditor.get(LIST).text)
    answer = as_other_auditor.post(ANSWER, data={"alarm": alarm, "words": WORDS})
    assert answer.status_code == 404
    assert ids_of(as_auditor.get(LIST).text) == alarm


def test_the_second_answer_is_told_who_was_first(
    app: Flask, tenant: Tenant, outsider: Tenant, as_auditor: FlaskClient
) -> None:
    for _ in range(2):
        raise_one(app, tenant, outsider.scope)
    both = ids_of(as_auditor.get(LIST).text)
    as_auditor.post(ANSWER, data={"alarm": both[:1], "words": WORDS})
    late = as_auditor.post(ANSWER, data={"alarm": both, "words": "另一种说法"})
    assert late.status_code == 409
    assert "已由某clerk确认过" in late.text
    assert "另一种说法" in late.text, "what was typed is kept"
    assert len(recorded(app, tenant.scope, "alarm_seen")) == 1


def test_who_may_not_read_alarms(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_adviser: FlaskClient
) -> None:
    for client in (as_manager, as_adviser):
        assert client.get(LIST).status_code == 403
        assert client.post(ANSWER, data={}).status_code == 403


def test_whoever_names_administrators_is_told_that_alarms_wait(
    app: Flask, tenant: Tenant, outsider: Tenant, as_manager: FlaskClient, as_adviser: FlaskClient
) -> None:
    """A firm without an audit administrator must not sit on an alarm unawares."""
    raise_one(app, tenant, outsider.scope)
    assert "有 1 条数据隔离警报等待审计管理员确认" in as_manager.get("/contracts").text
    assert "隔离警报" not in as_adviser.get("/duty").text


def test_a_long_list_is_paged_with_few_statements(
    app: Flask, tenant: Tenant, outsider: Tenant, as_auditor: FlaskClient
) -> None:
    for _ in range(51):
        raise_one(app, tenant, outsider.scope)
    with counting.statements() as sent:
        first = as_auditor.get(LIST)
    assert len(sent) <= 5, sent
    assert len(ids_of(first.text)) == 50
    assert "共 51 条" in first.text
    second = as_auditor.get(f"{LIST}?page=2&state=nonsense").text
    assert len(ids_of(second)) == 1
    newest = recorded(app, tenant.scope, foreign.ALARM)[-1]
    assert ids_of(first.text)[0] == str(newest.id)


def test_an_alarm_is_kept_until_somebody_answers(
    app: Flask, urls: DatabaseUrls, tenant: Tenant, outsider: Tenant
) -> None:
    """Whatever its age; an answered one goes with its answer when its time is over."""
    long_ago = clock.now() - timedelta(days=400)
    with clock.frozen(long_ago):
        for _ in range(2):
            raise_one(app, tenant, outsider.scope)
        answered, waiting = (one.id for one in recorded(app, tenant.scope, foreign.ALARM))
        with app.test_request_context(), as_scope(tenant.scope):
            actions.acknowledge([answered], WORDS, by=tenant.member())
            db.session.commit()
    with app.app_context():
        pruning.prune(urls.owner, long_ago + timedelta(days=1))
    assert [one.id for one in recorded(app, tenant.scope, foreign.ALARM)] == [waiting]
    assert recorded(app, tenant.scope, foreign.SEEN) == []


def test_every_table_that_an_alarm_may_name_has_a_word() -> None:
    owned = {one.class_ for one in Base.registry.mappers if issubclass(one.class_, FirmOwned)}
    assert {one.__tablename__ for one in owned} == set(TABLES)


def test_counting_them_is_an_index_scan_in_a_plan_that_is_kept(urls: DatabaseUrls) -> None:
    """Every request counts them: its plan is made once, before the acts are known."""
    words = SESSION.compile(dialect=asyncpg.dialect())
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET plan_cache_mode = force_generic_plan")
        connection.exec_driver_sql("SET enable_seqscan = off")
        connection.exec_driver_sql(f"PREPARE asked AS {words}".replace("%", "%%"))
        given = ", ".join(["NULL"] * len(words.positiontup or ()))
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE asked({given})").scalars())
        connection.rollback()
    engine.dispose()
    assert "ix_account_event_alarm on account_event" in plan
