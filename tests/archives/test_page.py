"""The page of archives: who opens it, what it says, what it costs."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import counting, factories
from tests.archives.test_archives import PAGE
from tests.factories import Tenant


@pytest.mark.parametrize("role", [Role.READER, Role.MANAGER, Role.FINANCE])
def test_who_may_not_is_refused(app: Flask, tenant: Tenant, role: Role) -> None:
    scope = tenant.scope
    if role is Role.READER:
        scope = type(scope)(type(scope.kind)("bureau"), tenant.town.street_code[:6])
    client = factories.signed_in(app, scope, role)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403


def test_the_page_asks_few_questions(as_checker: FlaskClient) -> None:
    as_checker.get(PAGE)
    with counting.statements() as sent:
        assert as_checker.get(PAGE).status_code == 200
    assert len(sent) <= 8, sent


def test_an_english_reader_is_told_what_each_table_is(as_checker: FlaskClient) -> None:
    assert "<dt>3-结算</dt>" in as_checker.get(PAGE).text
    with as_checker.session_transaction() as session:
        session["locale"] = "en"
    page = as_checker.get(PAGE).text
    told = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page)
    assert "3 Settlement (3-结算)" in dict(told)
    for folder, tables in told[:-1]:
        for one in (folder, *tables.split(", ")):
            assert re.fullmatch(r"[^一-鿿]+ \(.*\)", one), one
