"""`counselhub prune-audit`: what leaves the record is archived, and the rest stays provable."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from counselhub.audit import archive
from counselhub.core import clock, config, history
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.statements.queries import live_statements
from tests.audit.conftest import act, chain_of
from tests.audit.verify.conftest import Command, verified
from tests.factories import Tenant
from tests.statements import work


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
