"""What a manager decides on the pages: conflicts and walls, and each refusal."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import factories
from tests.factories import Tenant
from tests.matters.conftest import (
    OPPONENT,
    MakeMatter,
    conflict_of,
    follow,
    party,
)
from tests.matters.conftest import R as ROLE
from tests.matters.test_deciding import PDF

pytestmark = pytest.mark.usefixtures("noon")


def test_a_manager_decides_on_the_page(
    tenant: Tenant, as_manager: FlaskClient, as_adviser: FlaskClient, make_matter: MakeMatter
) -> None:
    make_matter()
    both = frozenset({tenant.adviser_id})
    second = make_matter(party(ROLE.CLIENT, OPPONENT), adviser_id=tenant.backup_id, members=both)
    held = as_adviser.get(f"/matters/{second}").text
    assert "对您冻结" in held
    assert "贾**" not in held
    assert (
        as_adviser.post(f"/matters/{second}/unmasking", data={"reason": "contact"}).status_code
        == 403
    )
    assert "（内容已冻结）" in as_adviser.get("/matters").text
    page = as_manager.get(f"/matters/{second}").text
    address = conflict_of(page)
    shown = as_manager.get(address).text
    for said in ("同一当事人分列两边", "张三丰", "SX2026-0001", "相互隔离", "书面豁免"):
        assert said in shown
    assert as_adviser.get(address).status_code == 403
    data = {"own_on": "2026-10-07", "other_on": "2026-10-07", "revision": "1"}
    without = as_manager.post(f"{address}/waiver", data=data)
    assert without.status_code == 422
    assert "请上传" in without.text
    assert "2026-10-07" in without.text
    bad = as_manager.post(f"{address}/waiver", data={"paper": (BytesIO(PDF), "同意.pdf")})
    assert bad.status_code == 422
    assert as_manager.post(f"{address}/clearance", data={"words": ""}).status_code == 422
    stale = as_manager.post(f"{address}/clearance", data={"words": "核对", "revision": "4"})
    assert stale.status_code == 409
    sent = data | {"paper": (BytesIO(PDF), "同意.pdf")}
    page = follow(as_manager, as_manager.post(f"{address}/waiver", data=sent))
    assert "书面豁免" in page
    paper = re.search(r"/matters/papers/[0-9a-f-]+", page)
    assert paper
    assert as_manager.post(paper[0]).data == PDF
    assert as_adviser.post(paper[0]).status_code == 403
    again = as_manager.post(f"{address}/clearance", data={"words": "核对"})
    assert again.status_code == 409
    assert "贾**" in as_adviser.get(f"/matters/{second}").text, "decided: open to him again"


def test_a_manager_on_both_sides_is_shown_neither(
    app: Flask, tenant: Tenant, make_matter: MakeMatter
) -> None:
    boss = factories.signed_in(app, tenant.scope, Role.MANAGER, adviser_id=tenant.adviser_id)
    first = make_matter()
    both = frozenset({tenant.adviser_id})
    second = make_matter(party(ROLE.CLIENT, OPPONENT), adviser_id=tenant.backup_id, members=both)
    other = factories.signed_in(app, tenant.scope, Role.MANAGER)
    address = conflict_of(other.get(f"/matters/{second}").text)
    for path in (address, f"/matters/{first}/walls", f"/matters/{second}/edit"):
        assert boss.get(path).status_code == 403, path
        assert other.get(path).status_code == 200, path
    assert boss.post(f"{address}/clearance", data={"words": "没有关系"}).status_code == 403
    assert "贾**" not in boss.get(f"/matters/{second}").text


def test_walls_on_the_page(
    tenant: Tenant, as_manager: FlaskClient, make_matter: MakeMatter
) -> None:
    address = f"/matters/{make_matter()}/walls"
    assert "没有隔离任何人" in as_manager.get(address).text
    data = {"whom": f"adviser:{tenant.backup_id}", "reason": "asked", "words": "本人申请"}
    for bad in ({"whom": ""}, {"whom": f"adviser:{uuid4()}"}, {"words": ""}, {"reason": "x"}):
        assert as_manager.post(address, data=data | bad).status_code == 422, bad
    lead = as_manager.post(address, data=data | {"whom": f"adviser:{tenant.adviser_id}"})
    assert "请先更换主办律师" in lead.text
    page = follow(as_manager, as_manager.post(address, data=data))
    assert "隔离中" in page
    lifting = re.search(r"/matters/[0-9a-f-]+/walls/[0-9a-f-]+/lifting", page)
    assert lifting
    assert as_manager.post(lifting[0], data={"words": ""}).status_code == 422
    assert "已解除" in follow(as_manager, as_manager.post(lifting[0], data={"words": "关系不在"}))
    assert as_manager.post(lifting[0], data={"words": "再来"}).status_code == 409
    assert as_manager.post(f"{address}/{uuid4()}/lifting", data={"words": "x"}).status_code == 404
