"""Honey: every new firm has it at once, one of before gets it by the command, and only once."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from flask import Flask, Response, stream_with_context
from sqlalchemy import delete, select

from counselhub.advisers.models import Adviser
from counselhub.cli import cli
from counselhub.core import clock, markers, newcomers
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_firm, as_platform
from counselhub.honey import actions, net, queries
from counselhub.honey.models import HoneyRow
from counselhub.people import actions as people
from counselhub.people.models import Firm
from counselhub.people.queries import firm_by_code
from counselhub.statements.models import Statement
from counselhub.statements.queries import live_statements
from tests import factories
from tests.factories import Tenant, Town

pytestmark = pytest.mark.sweeping

TABLES = ["adviser", "adviser_contact", "statement"]


def plant(app: Flask, *arguments: str) -> Result:
    """Run `honey plant` on the tests' database."""
    return run(app, "honey", "plant", *arguments)


def run(app: Flask, *arguments: str) -> Result:
    """Run a command on the tests' database."""

    @contextmanager
    def opened() -> Iterator[None]:
        with app.app_context():
            yield

    return CliRunner().invoke(cli, arguments, obj=opened)


def honey_of(app: Flask, firm_id: UUID) -> dict[str, str]:
    """The markers of a firm's honey, by table."""
    with app.app_context(), as_platform():
        rows = db.session.scalars(select(HoneyRow).where(HoneyRow.firm_id == firm_id))
        return {row.table_name: row.marker for row in rows}


def uproot(app: Flask, tenant: Tenant) -> None:
    """Let a firm be one of before: its register of honey is empty."""
    with app.app_context(), as_platform():
        db.session.execute(delete(HoneyRow).where(HoneyRow.firm_id == tenant.firm_id))
        db.session.commit()


def test_a_new_firm_has_its_honey_at_once(app: Flask) -> None:
    """In the same transaction, whoever makes it: here an action that nobody commits."""
    with app.app_context():
        made = people.create_firm(f"N{os.getpid()}-{factories.number()}", "某某新所")
        assert sorted(queries.planted(made.id)) == TABLES
        db.session.rollback()
        assert queries.planted(made.id) == set()


def test_the_command_that_makes_a_firm_plants_too(app: Flask, town: Town) -> None:
    code = f"C{os.getpid()}-{factories.number()}"
    options = ("--code", code, "--name", "某某新所", "--email", f"{code}@example.test")
    done = run(app, "firm", "create", *options)
    assert done.exit_code == 0, done.stderr
    with app.app_context():
        firm = firm_by_code(code)
    assert firm is not None
    assert sorted(honey_of(app, firm.id)) == TABLES


def test_every_firm_has_honey(app: Flask, tenant: Tenant) -> None:
    with app.app_context(), as_platform():
        planted = select(HoneyRow.table_name).where(HoneyRow.firm_id == Firm.id)
        bare = [
            firm.code
            for firm in db.session.scalars(select(Firm))
            if set(db.session.scalars(planted.where(Firm.id == firm.id))) != set(TABLES)
        ]
    assert bare == []


@pytest.mark.usefixtures("context")
def test_before_any_street_the_statement_waits_for_the_import(
    app: Flask, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_street", lambda: None)
        made = people.create_firm(f"E{os.getpid()}-{factories.number()}", "某某早来所")
        assert sorted(queries.planted(made.id)) == TABLES[:2]
        with pytest.raises(RefusedError):
            actions.plant(made.code)
    newcomers.greet(made.id)
    assert sorted(queries.planted(made.id)) == TABLES
    db.session.rollback()


def test_a_firm_of_before_is_planted_once(app: Flask, tenant: Tenant) -> None:
    uproot(app, tenant)
    first = plant(app, "--firm", tenant.code, "--json")
    assert json.loads(first.stdout) == {tenant.code: TABLES}
    assert json.loads(plant(app, "--firm", tenant.code, "--json").stdout) == {tenant.code: []}


def test_every_firm_of_before_is_planted_without_a_name(app: Flask, tenant: Tenant) -> None:
    uproot(app, tenant)
    done = plant(app, "--json")
    assert json.loads(done.stdout)[tenant.code] == TABLES


def test_an_unknown_firm_is_refused(app: Flask) -> None:
    done = plant(app, "--firm", "nobody")
    assert done.exit_code == 1
    assert "nobody" in done.stderr


@pytest.fixture
def planted(app: Flask, tenant: Tenant) -> dict[str, str]:
    """The markers of the firm's honey, by table."""
    return honey_of(app, tenant.firm_id)


@pytest.mark.usefixtures("context")
def test_it_counts_nowhere(tenant: Tenant, planted: dict[str, str]) -> None:
    with as_firm(tenant.firm_id):
        adviser = db.session.scalars(
            select(Adviser).where(Adviser.licence_number == planted["adviser"])
        ).one()
        assert adviser.left_on is not None
        assert adviser.left_on < clock.today()
        statement = db.session.scalars(select(Statement)).one()
        assert (statement.status, statement.total_fen) == ("void", 0)
        assert statement.submitted_at is None
        assert list(live_statements(statement.month)) == []


def test_markers_are_each_their_own(planted: dict[str, str]) -> None:
    assert set(planted) == set(TABLES)
    assert len(set(planted.values())) == 3
    assert markers.found_in("、".join(planted.values()).encode()) == set(planted.values())


def served(app: Flask, tenant: Tenant, answer: Response) -> Response:
    """Pass an answer through the net as a manager of another firm would get it."""
    other = factories.tenant(app, tenant.town)
    with app.test_request_context("/x"), as_firm(other.firm_id):
        return net.withhold(answer)


def test_a_marker_in_a_page_is_withheld(
    app: Flask, tenant: Tenant, planted: dict[str, str]
) -> None:
    answer = served(app, tenant, Response(f"<p>{planted['adviser']}</p>", mimetype="text/html"))
    assert answer.status_code == 404
    assert planted["adviser"] not in answer.get_data(as_text=True)


def test_what_only_looks_like_a_marker_passes(app: Flask, tenant: Tenant) -> None:
    answer = served(app, tenant, Response(markers.fresh()))
    assert answer.status_code == 200


def test_a_file_and_a_stream_without_markers_pass_whole(app: Flask, tenant: Tenant) -> None:
    pieces = ["一", "二", "三"]
    assert served(app, tenant, Response(iter(pieces))).get_data(as_text=True) == "一二三"
    passed = Response(BytesIO(b"abc"), direct_passthrough=True)
    assert served(app, tenant, passed).direct_passthrough


@pytest.mark.parametrize("cut", [1, 20, 35])
def test_a_stream_ends_before_a_marker_is_whole(
    app: Flask, tenant: Tenant, planted: dict[str, str], cut: int
) -> None:
    """Wherever the stream is cut in two."""
    marker = planted["statement"]
    pieces = ["before,", marker[:cut], marker[cut:], ",after"]
    said = served(app, tenant, Response(iter(pieces), mimetype="text/csv")).get_data(True)
    assert said == f"before,{marker[:cut]}"


def test_a_stream_of_a_request_is_watched_too(
    app: Flask, tenant: Tenant, planted: dict[str, str]
) -> None:
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    assert client.get("/advisers?left=1").status_code == 200
    with app.test_request_context("/x"), as_firm(tenant.firm_id):
        own = net.withhold(Response(stream_with_context(iter([planted["statement"]]))))
        assert own.get_data(as_text=True) == planted["statement"]
