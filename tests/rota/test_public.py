"""What a community sees of who answers, and what a lawyer lets it see."""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("evening")


def test_a_number_is_public_only_when_he_says_so(as_second: FlaskClient, rota_id: UUID) -> None:
    bad = as_second.post("/rota/phone", data={"phone": "138"})
    assert (bad.status_code, 'value="138"' in bad.text) == (422, True)
    assert as_second.post("/rota/phone", data={"is_public": "y"}).status_code == 422
    given = {"phone": "13800000001", "is_public": "y"}
    assert as_second.post("/rota/phone", data=given).status_code == 303
    assert "同意公开" in as_second.get("/rota/phone").text
    assert 'href="tel:13800000001"' in as_second.get("/rota").text


def test_a_community_sees_who_answers_by_a_link_that_ends(
    app: Flask,
    as_manager: FlaskClient,
    as_second: FlaskClient,
    as_outsider: FlaskClient,
    tenant: Tenant,
    rota_id: UUID,
) -> None:
    code = tenant.town.communities[0]
    assert "甲社区" in as_manager.get("/rota/boards").text
    assert as_manager.get("/rota/boards/999999999").status_code == 404
    assert as_outsider.get(f"/rota/boards/{code}").status_code == 404
    made = as_manager.post(f"/rota/boards/{code}").text
    link = re.search(r"/on-call/[\w-]+", made)
    assert link
    assert "data:image/svg+xml" in made
    stranger = app.test_client()
    page = stranger.get(link[0])
    assert page.status_code == 200
    assert "tel:0755-88880000" in page.text
    assert "李四光" not in page.text
    assert "<script" not in page.text
    as_second.post("/rota/phone", data={"phone": "13800000001", "is_public": "y"})
    assert "李四光" in stranger.get(link[0]).text
    assert as_manager.post(f"/rota/boards/{code}/removal").status_code == 303
    assert stranger.get(link[0]).status_code == 404
