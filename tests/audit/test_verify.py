"""`counselhub verify` and `counselhub prune-audit` on a service of their own."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.audit import archive
from counselhub.cli import cli
from counselhub.core import clock, config, history, migrations
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_scope
from counselhub.statements import frozen
from counselhub.statements.queries import live_statements
from counselhub.statements.sealing import seal
from tests.audit.conftest import act, chain_of
from tests.factories import Tenant
from tests.statements import work

Command = Callable[..., Result]


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[DatabaseUrls, Flask]]:
    """A service that nobody else writes to."""
    with scratch_database("verify") as urls:
        migrations.upgrade(urls.owner)
        made = create_app(urls)
        made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME="localhost")
        yield urls, made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def app(service: tuple[DatabaseUrls, Flask]) -> Flask:
    """The application on that service."""
    return service[1]


@pytest.fixture
def owner(service: tuple[DatabaseUrls, Flask]) -> Iterator[Callable[..., None]]:
    """SQL as the owner, past row security; what it broke is mended after the test."""
    engine = create_engine(service[0].owner)
    mending: list[str] = []

    def run(statement: str, mend: str = "") -> None:
        tables = ("event", "account_event", "statement", "statement_line")
        with engine.begin() as connection:
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
            assert connection.execute(text(statement)).rowcount > 0
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
        if mend:
            mending.append(mend)

    yield run
    for statement in mending:
        run(statement)
    engine.dispose()


@pytest.fixture
def command(service: tuple[DatabaseUrls, Flask]) -> Command:
    """Run one command as its process would."""
    urls, app = service

    @contextmanager
    def opened() -> Iterator[DatabaseUrls]:
        with app.app_context():
            yield urls

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, words, obj=opened)

    return run


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, for the archive."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))


def verified(command: Command, code: int) -> Any:
    answer = command("verify", "--json")
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)


@pytest.fixture
def submitted(app: Flask, tenant: Tenant) -> str:
    """The number of a statement that was computed, certified and submitted."""
    with clock.frozen(work.NOVEMBER_3), app.test_request_context(), as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 8))
        number = work.hand_over(tenant).number
        db.session.commit()
    return number


def test_a_whole_record_is_proven(command: Command, app: Flask, submitted: str) -> None:
    told = verified(command, 0)
    assert told["ok"] is True
    assert told["first_break"] is None
    assert told["chains"] >= 1
    assert told["events"] >= 3
    assert told["statements"] >= 1
    assert told["heads"] >= 1
    assert "全部完好" in command("verify").output


def test_a_break_is_named(
    command: Command, app: Flask, tenant: Tenant, owner: Callable[..., None]
) -> None:
    act(app, tenant, "rename", "rename")
    owner(
        f"UPDATE event SET act = 'x' WHERE act = 'rename' AND firm_id = '{tenant.firm_id}'",
        f"UPDATE event SET act = 'rename' WHERE act = 'x' AND firm_id = '{tenant.firm_id}'",
    )
    told = verified(command, 1)
    assert told["ok"] is False
    assert told["first_break"]["kind"] == "changed"
    assert told["first_break"]["chain"] == chain_of(tenant.scope)
    plain = command("verify")
    assert plain.exit_code == 1
    assert told["first_break"]["event_id"] in plain.output


@pytest.mark.parametrize(
    ("change", "mend", "named"),
    [
        pytest.param(
            "UPDATE statement_line SET amount_fen = amount_fen + 1 WHERE position = 1",
            "UPDATE statement_line SET amount_fen = amount_fen - 1 WHERE position = 1",
            {"kind": "seal", "line": 2},
            id="an amount of a line",
        ),
        pytest.param(
            "UPDATE statement_line SET trace = trace || '[1]' WHERE position = 0",
            "UPDATE statement_line SET trace = trace - (jsonb_array_length(trace) - 1)"
            " WHERE position = 0",
            {"kind": "seal", "line": 1},
            id="the trace of a line",
        ),
        pytest.param(
            "UPDATE statement SET total_fen = total_fen + 1 WHERE submitted_at IS NOT NULL",
            "UPDATE statement SET total_fen = total_fen - 1 WHERE submitted_at IS NOT NULL",
            {"kind": "seal"},
            id="the total",
        ),
        pytest.param(
            "UPDATE statement_seal SET digest = sha256(digest)",
            "",
            {"kind": "seal"},
            id="the seal itself",
        ),
    ],
)
def test_a_broken_seal_is_named(
    command: Command,
    app: Flask,
    tenant: Tenant,
    submitted: str,
    owner: Callable[..., None],
    change: str,
    mend: str,
    named: dict[str, Any],
) -> None:
    only = f"firm_id = '{tenant.firm_id}'"
    change, mend = (
        f"{sql} {'AND' if 'WHERE' in sql else 'WHERE'} {only}" if sql else ""
        for sql in (change, mend)
    )
    with_scope = (
        f"SELECT set_config('app.scope_kind', 'firm', true),"
        f" set_config('app.scope_key', '{tenant.firm_id}', true);"
    )
    owner((with_scope if "seal" in change else "") + change, mend)
    told = verified(command, 1)["first_break"]
    assert told["statement"] == submitted
    assert {name: told.get(name) for name in named} == named
    assert submitted in told["message"]
    if not mend:
        owner(with_scope + f"DELETE FROM statement_seal WHERE {only}")
        assert verified(command, 1)["first_break"]["kind"] == "unsealed"
        with app.test_request_context(), as_scope(tenant.scope):
            seal(live_statements(work.OCTOBER)[tenant.town.street_code], "submit")
            db.session.commit()
        verified(command, 0)


def _amounts(number: str, write: Callable[[bytes], bytes]) -> tuple[str, str]:
    """SQL that puts another frozen content, and its digest, in the place of a statement's."""
    with db.engine.connect() as connection, connection.begin():
        kept = connection.execute(
            text(
                "SELECT f.content FROM statement_freeze f JOIN statement s"
                " ON s.firm_id = f.firm_id AND s.id = f.statement_id WHERE s.number = :number"
            ),
            {"number": number},
        )
        words = frozen.unpacked(bytes(kept.scalar_one()))
    made = write(words)
    return zlib.compress(made).hex(), hashlib.sha256(made).hexdigest()


@pytest.mark.parametrize(
    ("words", "resealed", "reckon", "kind"),
    [
        pytest.param((b"166667", b"166668"), False, False, "frozen", id="the content alone"),
        pytest.param((b"166667", b"166668"), True, True, "reckoned", id="an amount, sealed anew"),
        pytest.param((b"166667", b"166668"), True, False, "", id="not asked to reckon"),
        pytest.param((b"{", b""), True, True, "frozen", id="what is no submission"),
    ],
)
def test_what_was_frozen_is_proven(
    command: Command,
    app: Flask,
    tenant: Tenant,
    submitted: str,
    owner: Callable[..., None],
    words: tuple[bytes, bytes],
    resealed: bool,
    reckon: bool,
    kind: str,
) -> None:
    firm = f"firm_id = '{tenant.firm_id}'"
    with_scope = (
        f"SELECT set_config('app.scope_kind', 'firm', true),"
        f" set_config('app.scope_key', '{tenant.firm_id}', true);"
    )
    with app.app_context(), as_scope(tenant.scope):
        was = _amounts(submitted, lambda whole: whole)
        now = _amounts(submitted, lambda whole: whole.replace(*words, 1))
    asked = ("--reckon",) if reckon else ()

    def put(content: str, digest: str) -> None:
        """As somebody with the owner's password would, past the application."""
        kept = f"UPDATE statement_freeze SET content = '\\x{content}'"
        seal_too = f"UPDATE statement_seal SET frozen = '\\x{digest}' WHERE {firm}"
        if resealed:
            owner(f"{with_scope} {seal_too}")
            kept += f", digest = '\\x{digest}'"
        owner(f"{with_scope} {kept} WHERE {firm}")

    put(*now)
    answer = command("verify", "--json", *asked)
    told = json.loads(answer.stdout)["first_break"]
    assert answer.exit_code == bool(kind), answer.output
    if kind:
        assert (told["kind"], told["statement"], told["version"]) == (kind, submitted, 1)
        assert submitted in told["message"]
    if kind == "reckoned":
        assert told["line"] == 1
        assert "1,666.68 → 1,666.67" in told["message"]
    put(*was)
    assert command("verify", "--reckon").exit_code == 0


@pytest.fixture
def old(app: Flask, tenant: Tenant, submitted: str) -> str:
    """The chain of a firm with three acts that are over their time, and one on a statement."""
    with clock.frozen(clock.now() - timedelta(days=200)):
        act(app, tenant, "rename", "rename")
        with app.test_request_context(), as_scope(tenant.scope):
            kept = live_statements(work.OCTOBER)[tenant.town.street_code]
            history.record(kept, "compute", by=tenant.member())
            history.note("sign_in", scope=tenant.scope, name="甲")
            db.session.commit()
    return chain_of(tenant.scope)


def test_pruning_keeps_the_chain_provable(
    command: Command, old: str, owner: Callable[..., None]
) -> None:
    own = old
    for words, code in ((("--dry-run",), 0), ((), 0)):
        answer = command("prune-audit", "--json", *words)
        assert answer.exit_code == code, answer.output
        told = json.loads(answer.stdout)
        assert {"chain": own, "events": 3} in told["chains"]
        assert told["days"] == config.SHORTEST_AUDIT_DAYS
    told = verified(command, 0)
    assert told["pruned"] == told["archived"] >= 3
    assert own in [one["chain"] for one in told["proven_from"]]
    again = json.loads(command("prune-audit", "--json").stdout)
    assert own not in [one["chain"] for one in again["chains"]]
    owner(
        f"UPDATE event_link SET pruned_on = now() WHERE chain = '{own}' AND seq = ("
        f"SELECT max(seq) FROM event_link WHERE chain = '{own}' AND source = 'event')",
        f"UPDATE event_link SET pruned_on = NULL WHERE chain = '{own}' AND seq = ("
        f"SELECT max(seq) FROM event_link WHERE chain = '{own}' AND source = 'event')",
    )
    verified(command, 0)
    owner(
        f"WITH l AS (SELECT event_id FROM event_link WHERE chain = '{own}' AND source = 'event'"
        " ORDER BY seq DESC LIMIT 1) DELETE FROM event USING l WHERE id = l.event_id"
    )
    assert verified(command, 1)["first_break"]["kind"] == "pruned"


def breaks_of(command: Command, chain: str) -> list[Any]:
    told = json.loads(command("verify", "--json").stdout)
    return [one for one in told["breaks"] if one["chain"] == chain]


def test_what_is_pruned_is_archived_and_proven(command: Command, old: str) -> None:
    folder = Path(json.loads(command("prune-audit", "--json").stdout)["archive"])
    files = sorted((folder / old.replace(":", "-")).iterdir())
    assert [file.name.partition("-")[0] for file in files] == ["account_event", "event"]
    acts = [one for file in files for one in archive.read(file)]
    assert [one.fields["act"] for one in acts] == ["sign_in", "rename", "rename"]
    assert acts[0].fields["name"] == "甲"
    assert all(one.is_whole() for one in acts)
    for change in (
        lambda data: gzip.compress(gzip.decompress(data).replace(b"rename", b"remove", 1)),
        lambda data: data[:-20],
        lambda _data: gzip.compress(b"[]"),
    ):
        whole = files[1].read_bytes()
        files[1].write_bytes(change(whole))
        (broken,) = breaks_of(command, old)
        assert (broken["kind"], broken["file"]) == ("archive", files[1].name)
        assert files[1].name in broken["message"]
        files[1].write_bytes(whole)
    assert breaks_of(command, old) == []


def test_an_act_outside_the_chain_stops_the_pruning(
    command: Command, old: str, owner: Callable[..., None]
) -> None:
    firm = old.removeprefix("firm:")
    first = f"SELECT min(id::text)::uuid FROM event WHERE act = 'rename' AND firm_id = '{firm}'"
    owner(
        f"UPDATE event_link SET source = 'x' WHERE chain = '{old}' AND event_id = ({first})",
        f"UPDATE event_link SET source = 'event' WHERE chain = '{old}' AND source = 'x'",
    )
    refused = command("prune-audit")
    assert refused.exit_code != 0
    assert old in refused.output
    assert json.loads(command("prune-audit", "--dry-run", "--json").stdout)["events"] >= 3
