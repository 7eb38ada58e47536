"""The public card of a community: its link, what it says, the lawyer's own word."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.advisers.models import AdviserContact
from counselhub.cards.models import PublicCard
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.pairings import studio_actions
from counselhub.pairings.studio_actions import StudioEntry
from counselhub.rota.models import DutyPhone
from tests import factories
from tests.factories import Tenant


@pytest.fixture
def at_phone(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's lead, signed in; the register calls him a party member."""
    with app.app_context(), as_scope(tenant.scope):
        status = "party_member"
        db.session.add(AdviserContact(adviser_id=tenant.adviser_id, political_status=status))
        db.session.commit()
    return factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)


def link(client: FlaskClient, tenant: Tenant) -> str:
    """Make a card for the first community and return the path of its address."""
    page = client.post(f"/cards/{tenant.town.communities[0]}").text
    found = re.search(r'value="[a-z]+://[^/"]+(/card/[^"]+)"', page)
    assert found is not None
    return found[1]


def test_anybody_with_the_link_reads_the_card(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        for place, public in (("一楼", True), ("地下室", False)):
            studio = StudioEntry(
                community_code=tenant.town.communities[0], name=f"{place}工作室", address=place,
                members="某某", opening="每周三", is_public=public,
            )  # fmt: skip
            studio_actions.add(studio, by=tenant.member())
        for adviser, phone, public in (
            (tenant.adviser_id, "13800000001", True),
            (tenant.backup_id, "13800000002", False),
        ):
            db.session.add(DutyPhone(adviser_id=adviser, phone=phone, is_public=public))
        db.session.commit()
    path = link(as_manager, tenant)
    shown = app.test_client().get(path)
    assert shown.headers["Cache-Control"] == "private, no-store"
    for words in ("甲社区", "张三丰律师", "李四光律师", "主责", "13800000001", "一楼工作室"):
        assert words in shown.text
    for words in ("13800000002", "地下室", "中共党员"):
        assert words not in shown.text
    with app.app_context(), as_platform():
        digests = db.session.scalars(select(PublicCard.digest)).all()
    assert not any(path.rpartition("/")[2] in one for one in digests)


def test_a_new_link_ends_the_old_one(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    stranger, first = app.test_client(), link(as_manager, tenant)
    second = link(as_manager, tenant)
    assert stranger.get(first).status_code == 404
    assert "已经停用" in stranger.get(first).text
    assert stranger.get(second).status_code == 200
    assert "使用中" in as_manager.get("/cards").text
    code = tenant.town.communities[0]
    assert as_manager.post(f"/cards/{code}/removal").status_code == 303
    assert stranger.get(second).status_code == 404


def test_a_party_member_is_named_by_his_own_word_only(
    app: Flask, as_manager: FlaskClient, at_phone: FlaskClient, tenant: Tenant
) -> None:
    path, stranger = link(as_manager, tenant), app.test_client()
    assert "中共党员" not in stranger.get(path).text
    others = as_manager.post("/cards/own")
    assert others.status_code == 422
    assert "只有律师本人" in others.text
    assert "我同意公示" in at_phone.get("/cards/own").text
    assert at_phone.post("/cards/own").status_code == 303
    assert at_phone.post("/cards/own").status_code == 303, "twice is once"
    assert stranger.get(path).text.count("中共党员") == 1
    assert f"{clock.local(clock.now()):%m-%d}" in at_phone.get("/cards/own").text
    assert at_phone.post("/cards/own/withdrawal").status_code == 303
    assert "中共党员" not in stranger.get(path).text


def test_who_is_no_party_member_cannot_agree(app: Flask, as_adviser: FlaskClient) -> None:
    answer = as_adviser.post("/cards/own")
    assert answer.status_code == 422
    assert "不是中共党员" in answer.text


def test_cards_are_made_by_the_desk_for_served_communities(
    app: Flask, as_manager: FlaskClient, as_adviser: FlaskClient, tenant: Tenant
) -> None:
    code, unserved = tenant.town.communities[0], tenant.town.communities[3]
    assert "张三丰" in as_adviser.get(f"/cards/{code}").text
    assert as_adviser.post(f"/cards/{code}").status_code == 403
    assert as_adviser.post(f"/cards/{code}/removal").status_code == 403
    assert as_manager.post(f"/cards/{unserved}").status_code == 404
    assert as_manager.get("/cards/1").status_code == 404
    assert app.test_client().get("/card/none").status_code == 404
