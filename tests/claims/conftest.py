"""What the tests of case claims share."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from counselhub.core import clock
from tests.factories import Tenant

LIST = "/claims?month=2026-10"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 20 October 2026."""
    with clock.frozen(datetime(2026, 10, 20, 12, tzinfo=clock.SHANGHAI)):
        yield


def entry(tenant: Tenant, **given: str) -> dict[str, str]:
    return {
        "number": "AJ-1",
        "accepted_on": "2026-10-01",
        "closed_on": "2026-10-08",
        "community_code": tenant.town.communities[0],
        "adviser_id": str(tenant.adviser_id),
        "dispute_kind": "neighbour",
        "difficulty": "simple",
        "form": "oral",
    } | given


@pytest.fixture
def address(as_manager: FlaskClient, tenant: Tenant) -> str:
    """The address of a claim of the firm."""
    answer = as_manager.post("/claims", data=entry(tenant))
    assert (answer.status_code, answer.location) == (303, LIST)
    return claim_of(as_manager)


def claim_of(client: FlaskClient) -> str:
    """The address of the first claim in the list."""
    for part in client.get(LIST).text.split('href="/claims/')[1:]:
        found = part.partition('"')[0]
        if found != "new":
            return f"/claims/{found}"
    raise AssertionError("no claim is listed")
