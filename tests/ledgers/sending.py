"""How an office's program sends its ledger, and what is read off afterwards."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from counselhub.core.db import db
from counselhub.ledgers.models import LedgerImport
from tests.programs import Program

At = Callable[[], Any]
MONTH = "2026-10"
PATH = "/ledgers/imports"
NAMED = ("visits", "hours", "lectures", "cases")


def told(community: str, *values: Any, **more: Any) -> dict[str, Any]:
    """A row as a program tells it; values: visits, hours, lectures, cases, yuan."""
    figures = dict(zip(NAMED, values[:4], strict=True))
    amount = {"amount_fen": round(values[4] * 100)}
    return {"community_code": community} | figures | amount | more


def post(asks: Program, rows: Sequence[Mapping[str, Any]], key: str = "", **more: Any) -> Any:
    """Send a ledger of October under a key of its own, or under `key`."""
    headers = {"Idempotency-Key": key or uuid4().hex}
    body = {"month": MONTH, "rows": rows} | more
    return asks.ask("POST", PATH, json=body, headers=headers)


def pointers(answer: TestResponse) -> list[str]:
    """Where the faults lie."""
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    return [one["pointer"] for one in answer.get_json(force=True)["errors"]]


def imports(at: At) -> list[LedgerImport]:
    """What the office keeps."""
    with at():
        found = list(db.session.scalars(db.select(LedgerImport).order_by(LedgerImport.made_at)))
        db.session.expunge_all()
        return found
