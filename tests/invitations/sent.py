"""Invitations as their inviter's pages show them."""

import re

from flask.testing import FlaskClient

from tests import factories
from tests.factories import PASSWORD

CHOSEN = {"password": PASSWORD, "again": PASSWORD}


def guest(role: str = "clerk", *, name: str = "王五", count: int = 1) -> dict[str, str]:
    lines = [f"{name} guest-{factories.number()}@example.test" for _one in range(count)]
    return {"guests": "\n".join(lines), "role": role}


def links(page: str) -> list[str]:
    return re.findall(r"/invitation/[\w-]+", page)


def invited(client: FlaskClient, sent: dict[str, str]) -> str:
    """Invite one and return the link that the page shows."""
    page = client.post("/invitations", data=sent).text
    assert len(links(page)) == 1, page
    return links(page)[0]


def address(page: str, act: str) -> str:
    found = re.search(rf"/(?:console/)?invitations/[0-9a-f-]+/{act}", page)
    assert found, page
    return found[0]
