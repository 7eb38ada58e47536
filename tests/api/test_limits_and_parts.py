"""How often a token may ask, as it is told; lists read part by part while they change."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import delete

from counselhub import create_app
from counselhub.advisers import actions
from counselhub.advisers.kinds import AdviserCategory
from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.tokens import bearing
from tests.factories import Tenant
from tests.programs import Program, member, program


@pytest.fixture
def manager(app: Flask, tenant: Tenant) -> Member:
    """The firm's manager."""
    return member(app, tenant.scope, Role.MANAGER)


@pytest.fixture
def counting(urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application of its own that counts requests; its connections go with it."""
    monkeypatch.setenv("COUNSELHUB_LIMITS", "on")
    made = create_app(urls)
    made.config.update(TESTING=True, SERVER_NAME="localhost")
    yield made
    with made.app_context():
        db.engine.dispose()


@contextmanager
def rate(monkeypatch: pytest.MonkeyPatch, words: str) -> Iterator[None]:
    """Let tokens ask as often as `words` say; the counting is the real one."""
    found = parse(words)
    with monkeypatch.context() as changed:
        changed.setattr(bearing, "RATE", found)
        yield


def left(headers: Any) -> int:
    return int(headers["RateLimit"].partition("r=")[2])


def test_what_is_left_is_told_down_to_none(
    counting: Flask, manager: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks, other = program(counting, manager), program(counting, manager)
    with rate(monkeypatch, "5/minute"):
        told = [asks.get("/places?limit=1") for _number in range(5)]
        assert [one.status_code for one in told] == [200] * 5
        assert [left(one.headers) for one in told] == [4, 3, 2, 1, 0]
        assert {one.headers["RateLimit-Policy"] for one in told} == {bearing.POLICY}
        refused = asks.get("/places?limit=1")
        assert refused.status_code == 429
        assert refused.mimetype == "application/problem+json"
        assert left(refused.headers) == 0
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        problem = refused.get_json(force=True)
        assert problem["status"] == 429
        assert other.get("/places?limit=1").status_code == 200, "a limit is a token's own"


def test_a_refusal_counts_too(
    counting: Flask, manager: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = program(counting, manager, ["places:read"])
    with rate(monkeypatch, "3/minute"):
        told = [asks.get("/advisers").status_code for _number in range(4)]
    assert told == [403, 403, 403, 429]


def add(app: Flask, by: Member, many: int) -> list[str]:
    """Add so many advisers; return their ids."""
    with app.test_request_context(), as_scope(by.scope):
        rows = [
            actions.save(
                None,
                actions.Given(
                    name=f"周{uuid4().hex[:4]}",
                    licence_number=f"T{uuid4().hex[:12]}",
                    category=AdviserCategory.LAWYER,
                    specialties=(),
                    joined_on=None,
                    phone=None,
                    email=None,
                    political_status=None,
                ),
                by=by,
            )
            for _number in range(many)
        ]
        ids = [str(row.id) for row in rows]
        db.session.commit()
    return ids


def remove(app: Flask, by: Member, ids: list[str]) -> None:
    """Take advisers off the roll, whom nothing names."""
    with app.test_request_context(), as_scope(by.scope):
        db.session.execute(delete(AdviserContact).where(AdviserContact.adviser_id.in_(ids)))
        db.session.execute(delete(Adviser).where(Adviser.id.in_(ids)))
        db.session.commit()


def read(asks: Program, cursor: str | None) -> tuple[list[str], str | None]:
    more = {"cursor": cursor} if cursor else {}
    answer = asks.get("/advisers", query_string={"limit": 4, **more})
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["items"]], answer.json["next"]


def test_a_list_that_changes_is_read_without_gap_or_repeat(app: Flask, manager: Member) -> None:
    """Rows come and go while a program reads: what stood all the while is seen once."""
    asks = program(app, manager)
    before = [one["id"] for one in asks.everything("/advisers")]
    there = add(app, manager, 12)
    stays = {*before, *there[::2]}
    seen, cursor = read(asks, None)
    gone = [one for one in there[1::2] if one not in seen]
    while cursor:
        remove(app, manager, gone[:2])
        gone = gone[2:]
        add(app, manager, 1)
        part, cursor = read(asks, cursor)
        seen += part
    assert len(seen) == len(set(seen))
    assert stays <= set(seen)


def test_the_row_of_a_cursor_may_be_gone(app: Flask, manager: Member) -> None:
    asks = program(app, manager)
    there = add(app, manager, 9)
    seen, cursor = read(asks, None)
    while seen[-1] not in there:
        seen, cursor = read(asks, cursor)
    last = seen[-1]
    rest = [one for one in there if one > last]
    remove(app, manager, [last])
    found: list[str] = []
    while cursor:
        part, cursor = read(asks, cursor)
        found += part
    assert set(rest) <= set(found)
    assert last not in found
