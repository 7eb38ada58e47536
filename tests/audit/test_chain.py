"""The chain as the database makes it: whole whatever runs at once, broken by whatever tampers."""

import threading
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from counselhub.audit.rules import Break
from counselhub.core import history
from counselhub.core.chain import ChainDay, EventLink
from counselhub.core.db import db
from counselhub.core.tenancy import Scope, as_firm, as_platform, as_scope
from counselhub.schemes.models import Scheme
from tests.audit.conftest import Tamper, act, chain_of, first_break
from tests.factories import Tenant, Town


def links(app: Flask, scope: Scope) -> list[EventLink]:
    with app.app_context(), as_scope(scope):
        query = select(EventLink).where(EventLink.chain == chain_of(scope)).order_by(EventLink.seq)
        found = list(db.session.scalars(query))
        db.session.expunge_all()
        db.session.rollback()
    return found


def scheme(tenant: Tenant) -> Scheme:
    return db.session.get_one(Scheme, (tenant.firm_id, tenant.scheme_id))


def test_acts_of_both_tables_stand_in_one_chain(app: Flask, tenant: Tenant) -> None:
    before = len(links(app, tenant.scope))
    with app.test_request_context(), as_scope(tenant.scope):
        history.record(scheme(tenant), "rename", by=tenant.member())
        history.note("sign_in", scope=tenant.scope, name="甲")
        history.record(scheme(tenant), "rename", by=tenant.member())
        db.session.commit()
    made = links(app, tenant.scope)[before:]
    assert [link.source for link in made].count("event") == 2
    assert [link.source for link in made].count("account_event") == 1
    assert [link.seq for link in made] == [before + 1, before + 2, before + 3]
    assert first_break(app, tenant.scope) is None


def test_what_is_rolled_back_is_not_linked(app: Flask, tenant: Tenant) -> None:
    act(app, tenant, "rename")
    before = len(links(app, tenant.scope))
    with app.test_request_context(), as_scope(tenant.scope):
        history.record(scheme(tenant), "rename", by=tenant.member())
        db.session.flush()
        db.session.rollback()
        history.record(scheme(tenant), "rename", by=tenant.member())
        db.session.flush()
        savepoint = db.session.begin_nested()
        history.record(scheme(tenant), "change_version", by=tenant.member())
        db.session.flush()
        savepoint.rollback()
        db.session.commit()
    assert len(links(app, tenant.scope)) == before + 1
    assert first_break(app, tenant.scope) is None


def test_many_acts_in_one_transaction(app: Flask, tenant: Tenant) -> None:
    before = len(links(app, tenant.scope))
    with app.test_request_context(), as_scope(tenant.scope):
        for _time in range(300):
            history.record(scheme(tenant), "rename", by=tenant.member())
        db.session.commit()
    assert len(links(app, tenant.scope)) == before + 300
    assert first_break(app, tenant.scope) is None


def test_threads_that_commit_at_once_leave_a_whole_chain(
    app: Flask, tenant: Tenant, outsider: Tenant
) -> None:
    """Each transaction acts in two chains, half of them the other way round: no ring of waiting."""
    threads, rounds = 6, 12
    before = {one.firm_id: len(links(app, one.scope)) for one in (tenant, outsider)}
    faults: list[BaseException] = []
    start = threading.Barrier(threads)

    def work(number: int) -> None:
        order = (tenant, outsider) if number % 2 else (outsider, tenant)
        try:
            start.wait()
            for _round in range(rounds):
                with app.test_request_context():
                    for one in order:
                        with as_scope(one.scope):
                            history.record(scheme(one), "rename", by=one.member())
                            db.session.flush()
                    db.session.commit()
        except BaseException as fault:
            faults.append(fault)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    for one in (tenant, outsider):
        made = links(app, one.scope)
        assert [link.seq for link in made] == list(
            range(1, before[one.firm_id] + threads * rounds + 1)
        )
        assert first_break(app, one.scope) is None


def test_the_head_of_the_day_is_the_last_link(app: Flask, tenant: Tenant) -> None:
    for times in (1, 3):
        act(app, tenant, *["rename"] * times)
        with app.app_context(), as_scope(tenant.scope):
            head = db.session.scalars(
                select(ChainDay).where(ChainDay.chain == chain_of(tenant.scope))
            ).one()
            last = links(app, tenant.scope)[-1]
            assert (head.seq, head.digest, head.firm_id) == (last.seq, last.digest, tenant.firm_id)
            db.session.rollback()


@pytest.mark.parametrize("table", ["event_link", "chain_day"])
@pytest.mark.parametrize(
    "verb", ["INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET seq = 0", "DELETE FROM {}"]
)
def test_the_application_never_writes_the_chain(
    app: Flask, tenant: Tenant, table: str, verb: str
) -> None:
    for scope in (as_firm(tenant.firm_id), as_platform()):
        with (
            app.app_context(),
            scope,
            db.engine.connect() as connection,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            connection.execute(text(verb.format(table)))


@pytest.mark.parametrize(
    "call",
    [
        "append_link('firm:x', 'event', gen_random_uuid(), '')",
        "touch_chain('firm:x')",
    ],
)
def test_the_application_calls_none_of_its_functions(app: Flask, tenant: Tenant, call: str) -> None:
    with (
        app.app_context(),
        as_firm(tenant.firm_id),
        db.engine.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(f"SELECT {call}"))


def test_each_tenant_reads_its_own_links(
    app: Flask, tenant: Tenant, outsider: Tenant, town: Town
) -> None:
    act(app, tenant, "rename")
    act(app, outsider, "rename")
    for scope in (tenant.scope, outsider.scope, town.scope):
        with app.app_context(), as_scope(scope):
            chains = set(db.session.scalars(select(EventLink.chain).distinct()))
            assert chains <= {chain_of(scope)}
            db.session.rollback()


CHANGED, MISSING, GAP = Break.CHANGED, Break.MISSING, Break.GAP
ACT = "(SELECT event_id FROM event_link WHERE chain = :chain AND seq = {} + :base)"
TAMPERINGS = [
    pytest.param(
        f"UPDATE event SET actor_name = '乙' WHERE firm_id = :firm AND id = {ACT.format(2)}",
        CHANGED,
        2,
        id="a word of an act is changed",
    ),
    pytest.param(
        "UPDATE event SET detail = detail || '{\"x\": 1}' WHERE firm_id = :firm"
        f" AND id = {ACT.format(3)}",
        CHANGED,
        3,
        id="a detail is added",
    ),
    pytest.param(
        f"DELETE FROM event WHERE firm_id = :firm AND id = {ACT.format(3)}",
        MISSING,
        3,
        id="an act in the middle is deleted",
    ),
    pytest.param(
        "DELETE FROM event_link WHERE chain = :chain AND seq = 3 + :base",
        GAP,
        3,
        id="a link in the middle is deleted",
    ),
    pytest.param(
        "UPDATE event_link l SET event_id = o.event_id FROM event_link o"
        " WHERE l.chain = :chain AND o.chain = :chain"
        " AND (l.seq - :base, o.seq - :base) IN ((2, 4), (4, 2))",
        CHANGED,
        2,
        id="two acts are swapped",
    ),
    pytest.param(
        "UPDATE event_link SET digest = sha256(digest) WHERE chain = :chain AND seq = 4 + :base",
        CHANGED,
        4,
        id="a digest is changed",
    ),
    pytest.param(
        "DELETE FROM event_link WHERE chain = :chain AND seq > 3 + :base",
        Break.CUT,
        5,
        id="the tail of the links is cut",
    ),
]


@pytest.mark.parametrize(("statement", "kind", "seq"), TAMPERINGS)
def test_tampering_is_named(
    app: Flask, tenant: Tenant, tamper: Tamper, statement: str, kind: Break, seq: int
) -> None:
    base = len(links(app, tenant.scope))
    act(app, tenant, "rename", "a", "b", "c", "d")
    assert first_break(app, tenant.scope) is None
    assert tamper(statement, base=base).rowcount > 0
    broken = first_break(app, tenant.scope)
    assert broken is not None
    assert (broken.kind, broken.seq) == (kind, base + seq)


def test_a_tail_cut_with_its_acts_is_named(app: Flask, tenant: Tenant, tamper: Tamper) -> None:
    act(app, tenant, "rename", "a", "b")
    last = links(app, tenant.scope)[-1]
    tamper("DELETE FROM event WHERE firm_id = :firm AND id = :id", id=last.event_id)
    tamper("DELETE FROM event_link WHERE chain = :chain AND seq = :seq", seq=last.seq)
    broken = first_break(app, tenant.scope)
    assert broken is not None
    assert (broken.kind, broken.seq) == (Break.CUT, last.seq)


def test_an_act_past_the_trigger_is_named(app: Flask, tenant: Tenant, tamper: Tamper) -> None:
    act(app, tenant, "rename")
    tamper(
        "ALTER TABLE event DISABLE TRIGGER link_act;"
        "INSERT INTO event (firm_id, id, at, subject, subject_id, act, actor_name, actor_side,"
        " detail, address, changes) SELECT firm_id, gen_random_uuid(), at, subject, subject_id,"
        " act, actor_name, actor_side, detail, address, changes FROM event"
        f" WHERE firm_id = '{tenant.firm_id}' LIMIT 1;"
        "ALTER TABLE event ENABLE TRIGGER link_act"
    )
    broken = first_break(app, tenant.scope)
    assert broken is not None
    assert broken.kind is Break.UNLINKED
    assert isinstance(broken.event_id, UUID)
