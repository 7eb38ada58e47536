"""What is found leaves as a file, in portions, and no cell of it is a formula."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.audit import export
from counselhub.contracts.models import Contract
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.downloads import could_compute
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import as_scope
from tests.audit.conftest import act, rows
from tests.factories import Tenant


def test_a_file_holds_the_search_and_is_recorded(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        contract.number = "=1+1"
        history.record(contract, "change", by=tenant.member())
        contract.number = f"{tenant.code}-001"
        db.session.commit()
    act(app, tenant, *["rename"] * 3)
    with as_manager.head("/audit/export.csv?act=contract.change") as head:
        assert head.status_code == 200, "and takes nothing"
    answer = as_manager.get("/audit/export.csv?act=contract.change")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(table) == 2
    assert table[1][3] == "修改合同"
    assert not any(map(could_compute, table[1]))
    with app.app_context(), as_scope(tenant.scope):
        told = db.session.scalars(
            select(AccountEvent).where(AccountEvent.act == "export_audit")
        ).one()
        assert "act=change" in told.detail["filters"]
        db.session.rollback()
    assert "导出操作记录" in rows(as_manager.get("/audit").text)[0]


def test_a_long_file_leaves_in_portions(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 5)
    act(app, tenant, *["rename"] * 23)
    answer = as_manager.get("/audit/export.csv?act=scheme.rename")
    assert len(list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))) == 24
