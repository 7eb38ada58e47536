"""The interface's answers equal the pages', list by list and role by role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.api.blueprint import OPERATIONS
from counselhub.core import clock, money
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope
from tests import factories
from tests.factories import Tenant
from tests.isolation import world as worlds
from tests.programs import Program, member, program

TOTAL = re.compile(r'class="pager-total">共 (\d+) 条')
ID = "[0-9a-f-]{36}"
FIRM = (
    *(Role.MANAGER, Role.CLERK, Role.FINANCE, Role.PARTY_SECRETARY, Role.ADVISER),
    Role.TEAM_LEADER,
)
OFFICE = (Role.CHECKER, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Same:
    """A list of the interface and the page that shows it; `{month}`, `{first}`, `{last}`.

    A list of something's parts names it `{of[id]}`; `of` is the list of all such things, where
    `{street}` is the firm's: other tests leave communities without number behind.
    """

    name: str
    path: str
    page: str
    roles: tuple[Role, ...] = FIRM
    amounts: tuple[str, ...] = ()
    """Fields of amounts that the page shows beside the thing that they are of."""
    ids: str = ""
    """Where the page names each thing by its id: the same ones, instead of as many."""
    count: str = ""
    """What stands on the page once for each thing, where no pager tells how many there are."""
    within: str = "<tr"
    """How what the page tells of one thing begins."""
    of: str = ""
    limit: int = 7
    """How many rows a part of the list has at most."""


LISTS = (
    Same("list_places", "/places", "/communities"),
    Same("list_places", "/places?all=true", "/communities?all=1", limit=200),
    Same("list_advisers", "/advisers", "/advisers"),
    Same("list_contracts", "/contracts", "/contracts"),
    Same(
        "list_assignments",
        "/assignments?community={of[code]}",
        "/communities/{of[code]}",
        count='<p class="happening"><strong>',
        of="/places?all=true&street={street}",
    ),
    Same("list_sessions", "/duty/sessions?from={first}&to={last}", "/duty/sessions?month={month}"),
    Same(
        "list_sessions",
        "/duty/sessions?from={first}&to={last}",
        "/picture/sessions?month={month}",
        OFFICE,
    ),
    Same(
        "list_shifts",
        "/duty/shifts?from={first}&to={last}",
        "/duty/shifts?month={month}",
        (Role.MANAGER, Role.CLERK, Role.TEAM_LEADER),
        ids=f'class="shift" href="/duty/shifts/({ID})"',
    ),
    Same("list_services", "/services?from={first}&to={last}", "/services/records?month={month}"),
    Same("list_referrals", "/referrals", "/referrals/list"),
    Same(
        "list_statements",
        "/statements",
        "/statements",
        amounts=("total_fen",),
        ids=f'href="/statements/({ID})"',
    ),
    Same(
        "list_statements",
        "/statements",
        "/review?tab=all",
        OFFICE,
        amounts=("total_fen",),
        ids=f'href="/review/({ID})"',
    ),
    Same(
        "list_lines",
        "/statements/{of[id]}/lines",
        "/statements/{of[id]}",
        amounts=("amount_fen",),
        ids=f'id="line-({ID})"',
        within='<details class="line"',
        of="/statements",
    ),
    Same(
        "list_lines",
        "/statements/{of[id]}/lines",
        "/review/{of[id]}",
        OFFICE,
        amounts=("amount_fen",),
        ids=f"/review/{ID}/lines/({ID})",
        of="/statements",
    ),
    Same(
        "list_ledger_lines",
        "/ledgers/lines?month={month}",
        "/ledgers/differences?month={month}&outcome=all",
        OFFICE,
        amounts=("ledger_fen", "claimed_fen", "gap_fen"),
        ids=f'href="/ledgers/lines/({ID})"',
    ),
    Same(
        "list_sheets",
        "/ledgers/sheets",
        "/office-ledgers",
        ids=f'href="/office-ledgers/({ID})"',
    ),
    Same(
        "list_sheets",
        "/ledgers/sheets",
        "/ledgers/sheets",
        OFFICE,
        ids=f'href="/ledgers/sheets/({ID})"',
    ),
)
WITHOUT_PAGE = {
    "list_handovers": "told on the page of their referral",
}


def test_every_list_is_held_against_its_page() -> None:
    lists = {one.name for one in OPERATIONS if one.is_listing}
    assert lists == {one.name for one in LISTS} | set(WITHOUT_PAGE)


@pytest.fixture(scope="module")
def furnished(app: Flask) -> Tenant:
    """A firm with a row of every kind, in a street whose office keeps a ledger."""
    tenant = factories.tenant(app, factories.town(app))
    worlds.furnish(app, tenant)
    return tenant


@dataclass(frozen=True, slots=True)
class Reader:
    """One role, in the browser and as a program."""

    role: Role
    client: FlaskClient
    asks: Program
    street: str


@pytest.fixture(scope="module", params=[*FIRM, *OFFICE], ids=str)
def reader(app: Flask, furnished: Tenant, request: pytest.FixtureRequest) -> Reader:
    """Each role of firm and office."""
    role: Role = request.param
    scope: Scope = furnished.scope if role in FIRM else furnished.town.scope
    own = furnished.adviser_id if role in (Role.ADVISER, Role.TEAM_LEADER) else None
    client = factories.signed_in(app, scope, role, adviser_id=own)
    asks = program(app, member(app, scope, role, own))
    return Reader(role, client, asks, furnished.town.street_code)


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.page.partition("?")[0])
def test_a_list_is_the_same(reader: Reader, one: Same) -> None:
    if reader.role not in one.roles:
        return
    count = sum(_same(reader, one, words) for words in _asked(reader, one))
    if reader.role in (Role.MANAGER, Role.CHECKER):
        assert count, "nothing was compared"


def _asked(reader: Reader, one: Same) -> Iterator[dict[str, Any]]:
    """Yield what the addresses are to say: each of four months, or each thing that has parts."""
    if one.of:
        for part in reader.asks.parts(one.of.format(street=reader.street), 200):
            yield from ({"of": whole} for whole in _items(part))
        return
    month = clock.this_month()
    for _back in range(4):
        last = clock.next_month(month) - timedelta(days=1)
        yield {"month": f"{month:%Y-%m}", "first": str(month), "last": str(last)}
        month = clock.previous_month(month)


def _same(reader: Reader, one: Same, words: dict[str, Any]) -> int:
    """Hold a list against its page; return how many rows there are."""
    page = reader.client.get(one.page.format(**words))
    found: list[dict[str, Any]] = []
    for answer in reader.asks.parts(one.path.format(**words), one.limit):
        assert answer.status_code == page.status_code, (answer.text, page.status_code)
        found += _items(answer)
    if page.status_code != 200:
        return 0
    if one.ids:
        assert {row["id"] for row in found} == set(re.findall(one.ids, page.text)), one.page
    else:
        assert len(found) == _number(page.text, one), one.page
    for row in found:
        amounts = [money.format_yuan(row[name]) for name in one.amounts if row[name] is not None]
        told = [part for part in page.text.split(one.within) if not amounts or row["id"] in part]
        assert any(all(f">{yuan}<" in part for yuan in amounts) for part in told), (row, amounts)
    return len(found)


def _items(part: TestResponse) -> list[dict[str, Any]]:
    """Return the rows of a part of a list, none where it is refused."""
    return list(part.json["items"]) if part.status_code == 200 and part.json else []


def _number(page: str, one: Same) -> int:
    """Return how many things a page says that there are."""
    if one.count:
        return page.count(one.count)
    total = TOTAL.search(page)
    return int(total[1]) if total else 0
