"""REV-7: four eyes at the firm, where the firm asks for them."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.errors import RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions
from tests import factories
from tests.factories import Town
from tests.statements import work


def test_the_author_does_not_certify(app: Flask, town: Town) -> None:
    tenant = factories.tenant(app, town)
    author, other = (
        replace(tenant.member(Role.MANAGER), person_id=uuid7(), name=name)
        for name in ("甲主任", "乙主任")
    )
    with clock.frozen(work.NOVEMBER_3), app.test_request_context(), as_scope(tenant.scope):
        actions.set_certifier_differs(True, by=author)
        made = actions.compute(town.street_code, work.NOVEMBER_3.date().replace(month=10), author)
        with pytest.raises(RefusedError, match=f"由 {author.name} 编制"):
            actions.certify(made, author)
        actions.certify(made, other)
        assert made.certified_by_id == other.person_id


def test_a_firm_that_does_not_ask_lets_one_person_do_both(app: Flask, town: Town) -> None:
    tenant = factories.tenant(app, town)
    alone = replace(tenant.member(Role.MANAGER), person_id=uuid7())
    with clock.frozen(work.NOVEMBER_3), app.test_request_context(), as_scope(tenant.scope):
        made = actions.compute(town.street_code, work.NOVEMBER_3.date().replace(month=10), alone)
        actions.certify(made, alone)
        assert made.status == "certified"


def test_the_manager_sets_it(as_manager: FlaskClient, as_adviser: FlaskClient) -> None:
    where = "/account-for-payment/certifier"
    assert as_adviser.post(where, data={"differs": "1"}).status_code == 403
    assert as_manager.post(where, data={"differs": "1"}).status_code == 303
    assert "已开启：" in as_manager.get("/account-for-payment").text
    assert as_manager.post(where, data={"differs": ""}).status_code == 303
    assert "未开启：" in as_manager.get("/account-for-payment").text
