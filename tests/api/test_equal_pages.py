"""The interface's answers equal the pages', list by list and role by role."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.api.blueprint import OPERATIONS
from counselhub.core import clock, money
from counselhub.core.access import Role
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
    """A list of the interface and the page that shows it; `{month}`, `{first}`, `{last}`."""

    name: str
    path: str
    page: str
    roles: tuple[Role, ...] = FIRM
    amount: str = ""
    """A field of amounts that the page shows, each of them."""
    ids: str = ""
    """Where the page names each thing by its id: the same ones, instead of as many."""


LISTS = (
    Same("list_places", "/places", "/communities"),
    Same("list_places", "/places?all=true", "/communities?all=1"),
    Same("list_advisers", "/advisers", "/advisers"),
    Same("list_contracts", "/contracts", "/contracts"),
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
    Same("list_statements", "/statements", "/statements", FIRM, "total_fen"),
    Same("list_statements", "/statements", "/review?tab=all", OFFICE, "total_fen"),
    Same(
        "list_ledger_lines",
        "/ledgers/lines?month={month}",
        "/ledgers/differences?month={month}&outcome=all",
        OFFICE,
    ),
)
WITHOUT_PAGE = {
    "list_assignments": "the page shows who serves today by community, no list to count",
    "list_lines": "a statement's page shows its lines by community, with their sums",
    "list_handovers": "told on the page of their referral",
    "list_sheets": "told on the pages of a month",
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


@pytest.fixture(scope="module", params=[*FIRM, *OFFICE], ids=str)
def reader(app: Flask, furnished: Tenant, request: pytest.FixtureRequest) -> Reader:
    """Each role of firm and office."""
    role: Role = request.param
    scope: Scope = furnished.scope if role in FIRM else furnished.town.scope
    own = furnished.adviser_id if role in (Role.ADVISER, Role.TEAM_LEADER) else None
    client = factories.signed_in(app, scope, role, adviser_id=own)
    return Reader(role, client, program(app, member(app, scope, role, own)))


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.page.partition("?")[0])
def test_a_list_is_the_same(reader: Reader, one: Same) -> None:
    if reader.role not in one.roles:
        return
    months = [clock.this_month()]
    for _back in range(3):
        months.append(clock.previous_month(months[-1]))
    count = sum(_same(reader, one, month) for month in months)
    if reader.role in (Role.MANAGER, Role.CHECKER):
        assert count, "nothing was compared"


def _same(reader: Reader, one: Same, month: Any) -> int:
    """Hold one month's list against its page; return how many rows there are."""
    last = clock.next_month(month) - timedelta(days=1)
    words = {"month": f"{month:%Y-%m}", "first": str(month), "last": str(last)}
    page = reader.client.get(one.page.format(**words))
    answer = reader.asks.get(one.path.format(**words))
    assert answer.status_code == page.status_code, (answer.text, page.status_code)
    if page.status_code != 200:
        return 0
    found = reader.asks.everything(one.path.format(**words), limit=7)
    if one.ids:
        assert {row["id"] for row in found} == set(re.findall(one.ids, page.text)), one.page
    else:
        total = TOTAL.search(page.text)
        assert len(found) == (int(total[1]) if total else 0), one.page
    for row in found:
        if one.amount:
            assert money.format_yuan(row[one.amount]) in page.text
    return len(found)
