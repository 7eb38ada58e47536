"""`counselhub verify`: a whole record is proven, and the first break is named."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.statements.queries import live_statements
from counselhub.statements.sealing import seal
from tests.audit.conftest import act, chain_of
from tests.audit.verify.conftest import Command, verified
from tests.factories import Tenant
from tests.statements import work


def test_a_whole_record_is_proven(command: Command, app: Flask, submitted: str) -> None:
    told = verified(command, 0)
    assert told["ok"] is True
    assert told["first_break"] is None
    assert told["chains"] >= 1
    assert told["events"] >= 3
    assert told["statements"] >= 1
    assert told["heads"] >= 1
    assert "全部完好" in command("verify").stdout
    assert command("verify").stderr == ""


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
    said = [command("verify", *more) for more in ([], ["--json"])]
    assert [one.exit_code for one in said] == [1, 1]
    assert told["first_break"]["event_id"] in said[0].stdout
    assert {one.stderr for one in said} == {told["first_break"]["message"] + "\n"}


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
