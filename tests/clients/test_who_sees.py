"""Who sees which clients, and who may do what with them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import factories
from tests.clients.conftest import (
    PHONE,
    REASON,
    SHOWN_NAME,
    MakeClient,
    MakeService,
)
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")


def test_a_lawyer_sees_the_clients_of_the_own_services_only(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, make_client: MakeClient
) -> None:
    client_id = make_client(adviser_id=tenant.backup_id)
    for path in ("", "/unmasking", "/erasure"):
        method = as_adviser.post if path == "/unmasking" else as_adviser.get
        status = method(f"/clients/{client_id}{path}").status_code
        assert status == (403 if path == "/erasure" else 404), path
    assert SHOWN_NAME not in as_adviser.get("/clients").text
    found = as_adviser.post("/clients/search", data={"phone": PHONE})
    assert SHOWN_NAME not in found.text
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    assert SHOWN_NAME in colleague.get("/clients").text


@pytest.mark.parametrize("role", [Role.FINANCE, Role.PARTY_SECRETARY])
def test_who_needs_no_clients_sees_none(
    app: Flask, tenant: Tenant, make_client: MakeClient, make_service: MakeService, role: Role
) -> None:
    service_id = make_service()
    client_id = make_client(service_id=service_id)
    reader = factories.signed_in(app, tenant.scope, role)
    for address in ("/clients", f"/clients/{client_id}", f"/services/{service_id}/clients"):
        assert reader.get(address).status_code == 403, address
    assert SHOWN_NAME not in reader.get("/services/records?month=2026-10").text
    assert SHOWN_NAME not in reader.get(f"/services/{service_id}").text
    assert reader.post(f"/clients/{client_id}/unmasking", data=REASON).status_code == 403


def test_a_lawyer_neither_downloads_nor_erases(
    as_adviser: FlaskClient, make_client: MakeClient
) -> None:
    address = f"/clients/{make_client()}"
    assert as_adviser.post(f"{address}/download").status_code == 403
    assert as_adviser.post(f"{address}/erasure").status_code == 403
    assert f"{address}/download" not in as_adviser.get(address).text


def test_another_firm_meets_nobody(
    as_outsider: FlaskClient, make_client: MakeClient, make_service: MakeService
) -> None:
    service_id = make_service()
    client_id = make_client(service_id=service_id)
    assert as_outsider.get(f"/clients/{client_id}").status_code == 404
    assert as_outsider.get(f"/services/{service_id}/clients").status_code == 404
    for path in ("", "/unmasking", "/download", "/erasure"):
        assert as_outsider.post(f"/clients/{client_id}{path}", data=REASON).status_code == 404
    removal = f"/services/{service_id}/clients/{client_id}/removal"
    assert as_outsider.post(removal).status_code == 404
    assert "没有这个号码" in as_outsider.post("/clients/search", data={"phone": PHONE}).text
