"""The record of acts of one client, and who reads what of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Duty, Role
from tests import factories
from tests.clients.conftest import (
    NAME,
    PHONE,
    SHOWN_NAME,
    SHOWN_PHONE,
    MakeClient,
)
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")


def test_the_record_of_a_client_is_masked_and_reached_from_its_page(
    app: Flask,
    tenant: Tenant,
    make_client: MakeClient,
    as_manager: FlaskClient,
    as_adviser: FlaskClient,
    as_outsider: FlaskClient,
    as_checker: FlaskClient,
) -> None:
    client_id = make_client(adviser_id=tenant.backup_id)
    record = f"/audit/things/client/{client_id}"
    assert f'href="{record}"' in as_manager.get(f"/clients/{client_id}").text
    page = as_manager.get(record)
    for word in (
        "服务对象的操作记录",
        SHOWN_NAME,
        SHOWN_PHONE,
        "关联服务",
        f"/clients/{client_id}",
    ):
        assert word in page.text, word
    assert NAME not in page.text
    assert PHONE not in page.text
    assert as_adviser.get(record).status_code == 404, "a colleague's client"
    assert as_outsider.get(record).status_code == 404
    assert as_checker.get(record).status_code == 404


def test_an_auditor_who_sees_no_clients_reads_the_acts_only(
    app: Flask, tenant: Tenant, make_client: MakeClient
) -> None:
    client_id = make_client()
    factories.account(app, tenant.scope, Role.MANAGER)
    auditor = factories.named(app, tenant.scope, Role.FINANCE, Duty.AUDIT)
    page = auditor.get(f"/audit/things/client/{client_id}").text
    assert "关联服务" in page
    assert "您的角色看不到这件事项本身" in page
    assert "已被删除" not in page
    assert SHOWN_NAME not in page
