"""No scope outlives its work: one connection in the pool, so that the next work gets the same."""

import ast
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response, stream_with_context
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import counselhub
from counselhub import create_app
from counselhub.advisers.models import Adviser
from counselhub.core.access import public
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import NoScopeError, Scope, ScopeKind, apart, as_firm, current_scope
from tests import factories
from tests.factories import Tenant

COUNT = text("select count(*) from adviser")
OWN = 3
"""The factory's two and the firm's honey."""
SCOPE = text("select scope_kind()")


@pytest.fixture(scope="module")
def narrow(urls: DatabaseUrls) -> Iterator[Flask]:
    """The application with one connection, and pages that stream a firm's rows."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("pool_size", 1), ("max_overflow", 1), ("pool_timeout", 5)):
            patch.setitem(db._engine_options, name, value)
        made = create_app(urls)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME="localhost")
    made.add_url_rule("/stream", "stream", public(_stream))
    made.add_url_rule("/late", "late", public(_late))
    made.add_url_rule("/fault", "fault", public(_fault))
    yield made
    with made.app_context():
        db.engine.dispose()


def _stream() -> Response:
    """Count while the answer is on its way, when the request's scope is gone already."""
    return Response(stream_with_context(_counts()))


def _late() -> Response:
    """Count after the request: there is no scope any more."""
    return Response(_counts())


def _counts() -> Iterator[str]:
    for _ in range(3):
        yield f"{db.session.scalar(COUNT)},"


def _fault() -> Response:
    db.session.scalar(COUNT)
    raise ZeroDivisionError


@pytest.fixture
def context(narrow: Flask) -> Iterator[None]:
    """An application context on the narrow pool."""
    with narrow.test_request_context():
        yield


def assert_clean(app: Flask) -> None:
    """The one connection carries no scope, nor does the thread."""
    assert current_scope() is None
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(SCOPE) is None
        assert connection.scalar(text("select current_setting('app.scope_key', true)")) in (
            None,
            "",
        )
        assert connection.scalar(COUNT) == 0


def _commit() -> None:
    db.session.commit()


def _roll_back() -> None:
    db.session.rollback()


def _roll_back_to_savepoint() -> None:
    savepoint = db.session.begin_nested()
    db.session.execute(text("select set_config('app.scope_key', 'x', true)"))
    savepoint.rollback()


def _fail_in_savepoint() -> None:
    with pytest.raises(DBAPIError), db.session.begin_nested():
        db.session.execute(text("select 1/0"))


def _fail() -> None:
    db.session.execute(text("select 1/0"))


def _run_too_long() -> None:
    db.session.execute(text("set local statement_timeout = '20ms'"))
    db.session.execute(text("select pg_sleep(2)"))


def _lose_the_connection() -> None:
    db.session.execute(text("select pg_terminate_backend(pg_backend_pid())"))


def _abandon_a_cursor() -> None:
    next(iter(db.session.execute(text("select * from adviser"))))


def _fail_in_python() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "end",
    [
        _commit,
        _roll_back,
        _roll_back_to_savepoint,
        _fail_in_savepoint,
        _fail,
        _run_too_long,
        _lose_the_connection,
        _abandon_a_cursor,
        _fail_in_python,
    ],
)
def test_after_work_that_ends_so(narrow: Flask, tenant: Tenant, end: Callable[[], None]) -> None:
    with narrow.app_context():
        try:
            with as_firm(tenant.firm_id):
                assert db.session.scalar(COUNT) == OWN
                end()
        except (DBAPIError, ZeroDivisionError):
            db.session.rollback()
        assert current_scope() is None
        db.session.remove()
    assert_clean(narrow)


@pytest.mark.usefixtures("context")
def test_after_an_error_the_next_transaction_has_the_scope_before(tenant: Tenant) -> None:
    with as_firm(tenant.firm_id):
        with pytest.raises(DBAPIError):
            db.session.execute(text("select 1/0"))
        db.session.rollback()
        assert db.session.scalar(COUNT) == OWN


def test_work_apart_leaves_no_scope(narrow: Flask, tenant: Tenant) -> None:
    with narrow.app_context():
        scope = Scope(ScopeKind.FIRM, str(tenant.firm_id))
        with pytest.raises(DBAPIError), apart(db.engine, scope) as connection:
            connection.execute(text(f"select 1 / ({OWN} - count(*)) from adviser"))
    assert_clean(narrow)


@pytest.mark.parametrize("path", ["/stream", "/fault", "/advisers", "/nowhere"])
def test_after_a_request(narrow: Flask, tenant: Tenant, path: str) -> None:
    client = factories.signed_in(narrow, tenant.scope, Role.MANAGER)
    answer = client.get(path)
    assert path != "/stream" or answer.text == "0,0,0,"
    assert_clean(narrow)


def test_after_the_request_a_stream_reads_nothing(narrow: Flask, tenant: Tenant) -> None:
    client = factories.signed_in(narrow, tenant.scope, Role.MANAGER)
    with pytest.raises(RuntimeError, match="outside of application context"):
        client.get("/late")
    assert_clean(narrow)


def test_after_a_stream_that_nobody_reads_to_its_end(narrow: Flask, tenant: Tenant) -> None:
    client = factories.signed_in(narrow, tenant.scope, Role.MANAGER)
    answer = client.get("/stream", buffered=False)
    pieces = answer.iter_encoded()
    assert next(iter(pieces)) == b"0,"
    answer.close()
    assert_clean(narrow)


def test_two_members_take_turns_on_one_connection(narrow: Flask, tenant: Tenant) -> None:
    other = factories.tenant(narrow, tenant.town)
    clients = [factories.signed_in(narrow, one.scope, Role.MANAGER) for one in (tenant, other)]
    for _ in range(3):
        for client, one, strange in zip(clients, (tenant, other), (other, tenant), strict=True):
            page = client.get("/contracts").text
            assert one.code in page
            assert strange.code not in page


def test_a_thread_starts_without_a_scope(narrow: Flask, tenant: Tenant) -> None:
    seen: list[Any] = []

    def job() -> None:
        seen.append(current_scope())
        with narrow.app_context():
            seen.append(db.session.scalar(COUNT))

    with narrow.app_context(), as_firm(tenant.firm_id):
        thread = Thread(target=job)
        thread.start()
        thread.join()
    assert seen == [None, 0]
    assert_clean(narrow)


def test_a_thread_of_a_pool_keeps_nothing_of_its_last_job(narrow: Flask, tenant: Tenant) -> None:
    def job(firm_id: UUID | None) -> int:
        with narrow.app_context():
            if firm_id is None:
                return int(db.session.scalar(COUNT) or 0)
            with as_firm(firm_id):
                return int(db.session.scalar(COUNT) or 0)

    with ThreadPoolExecutor(max_workers=1) as pool:
        found = [pool.submit(job, one).result() for one in (tenant.firm_id, None, tenant.firm_id)]
    assert found == [OWN, 0, OWN]
    assert_clean(narrow)


@pytest.mark.usefixtures("context")
def test_the_session_refuses_what_has_no_scope() -> None:
    with pytest.raises(NoScopeError):
        db.session.scalars(db.select(Adviser)).all()


def test_no_generator_of_ours_stops_inside_a_scope() -> None:
    """One that is left half-read would keep its scope on the thread until it is collected.

    A context manager is a generator too, but its block always ends.
    """
    gc.collect()
    found = []
    for path in sorted(Path(counselhub.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and _yields_in_scope(node):
                found.append(f"{path.name}:{node.name}")
    assert found == []


def _yields_in_scope(function: ast.FunctionDef) -> bool:
    decorators = {getattr(one, "id", getattr(one, "attr", "")) for one in function.decorator_list}
    if "contextmanager" in decorators:
        return False
    return any(
        isinstance(node, ast.With)
        and any("as_" in ast.unparse(item.context_expr)[:3] for item in node.items)
        and any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node))
        for node in ast.walk(function)
    )
