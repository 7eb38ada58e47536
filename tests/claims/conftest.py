"""What the tests of case claims share."""

import re
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
    found = re.search(r'href="(/claims/[0-9a-f-]{36})/dossier"', client.get(LIST).text)
    assert found, "no claim is listed"
    return found[1]


def put(client: FlaskClient, address: str, *documents: str, **given: str) -> None:
    """Say of documents that they lie in the cabinet, or what is given."""
    for document in documents:
        data = {"document": document, "state": "on_paper"} | given
        assert client.post(f"{address}/papers", data=data).status_code == 303


def ready(client: FlaskClient, tenant: Tenant, address: str, **given: str) -> None:
    """Let a simple oral claim be fulfilled, its dossier complete."""
    put(client, address, "register", "minutes")
    form = client.get(address).text
    revision = re.search(r'name="revision" type="hidden" value="([0-9]+)"', form)
    assert revision
    data = entry(tenant, fulfilled="y", revision=revision[1], **given)
    assert client.post(address, data=data).status_code == 303
