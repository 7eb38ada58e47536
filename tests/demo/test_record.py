"""The record of the demonstration's acts shows nobody a code of the program."""

import re
from collections.abc import Iterator

from flask import Flask

from counselhub.audit.filters import Asked
from counselhub.audit.queries import acts
from counselhub.audit.telling import Told, tell
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_scope
from counselhub.demo.cast import HOUSES, NANWAN
from counselhub.people.queries import firm_by_code

BARE = re.compile(r"[a-z]+(_[a-z]+)*|.*\d\d:\d\d:\d\d.*")
"""What no reader of a Chinese page knows: an English code word, an instant of the database."""


def words(told: Told) -> Iterator[tuple[str, str]]:
    """All that the record says of an act, each with what it is the value of."""
    yield "side", told.side
    yield "act", told.what
    yield "thing", told.thing
    for one in told.changes:
        for value in (one.what, *one.before.split("、"), *one.after.split("、")):
            yield one.what, value
    for name, value in told.notes:
        for part in (name, *value.split("、")):
            yield name, part


def scopes() -> Iterator[Scope]:
    """The firms and the office that the demonstration acts for."""
    for house in HOUSES:
        firm = firm_by_code(house.code)
        assert firm is not None
        yield Scope(ScopeKind.FIRM, str(firm.id))
    yield Scope(ScopeKind.OFFICE, NANWAN)


def test_no_act_shows_a_bare_code(demo: Flask) -> None:
    bare, count = set(), 0
    for scope in scopes():
        with as_scope(scope):
            member = Member(uuid7(), "某人", Role.MANAGER, scope, "")
            for told in tell(acts(member, Asked(), limit=100_000)):
                count += 1
                bare |= {
                    (told.subject, told.what, *pair)
                    for pair in words(told)
                    if BARE.fullmatch(pair[1])
                }
    assert count > 1000
    assert not bare, "\n".join(map(str, sorted(bare)))
