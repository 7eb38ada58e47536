"""`counselhub verify --reckon`: what was frozen with a submission, reckoned again."""

import hashlib
import json
import zlib
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.statements import frozen
from tests.audit.verify.conftest import Command
from tests.factories import Tenant


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
