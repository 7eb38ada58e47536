"""What a service leaves in hand is behind the wall of its matter, by the pages and the database."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from counselhub.core import tenancy
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.matters.deciding import Whom, wall_off
from counselhub.matters.kinds import WallReason
from counselhub.matters.models import MatterService
from counselhub.people.models import Person
from tests import factories
from tests.factories import Tenant
from tests.matters.conftest import MakeMatter, stored
from tests.matters.conftest import make_matter as make_matter
from tests.products.conftest import Begin
from tests.services.conftest import MakeRecord

TABLES = ("text_review", "text_version")


@pytest.fixture
def walled_text(
    app: Flask, tenant: Tenant, begin: Begin, make_matter: MakeMatter, make_record: MakeRecord
) -> str:
    """A text of the first adviser whose service belongs to a matter that he is walled off from."""
    service_id = make_record(number="FW20261008-0009", kind="contract_review")
    here = begin(service="FW20261008-0009")
    matter_id = make_matter(adviser_id=tenant.backup_id)
    with app.test_request_context(), as_scope(tenant.scope):
        db.session.add(MatterService(service_id=service_id, matter_id=matter_id))
        whom = Whom("张三丰", adviser_id=tenant.adviser_id)
        by = tenant.member()
        wall_off(stored(tenant, matter_id), whom, WallReason.ASKED, "本人申请", by=by)
        db.session.commit()
    return here


def test_a_walled_off_lawyer_finds_no_text(
    as_adviser: FlaskClient, as_manager: FlaskClient, walled_text: str
) -> None:
    for address in (walled_text, f"{walled_text}/comparison", f"{walled_text}/opinions.docx"):
        assert as_adviser.get(address).status_code == 404
    assert "还没有审改的文本" in as_adviser.get("/products").text
    assert "大盆菜" not in as_adviser.get("/products?q=场地租赁").text
    assert as_manager.get(walled_text).status_code == 200


def test_the_database_hides_it_by_itself(app: Flask, tenant: Tenant, walled_text: str) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    with app.test_request_context():
        with tenancy.as_platform():
            person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
        db.session.rollback()
        with as_scope(tenant.scope):
            assert _counts() == [1, 1]
            db.session.rollback()
            tenancy.name_person(person_id)
            try:
                assert _counts() == [0, 0]
            finally:
                tenancy.name_person(None)


def _counts() -> list[int]:
    return [db.session.scalar(text(f"select count(*) from {table}")) or 0 for table in TABLES]
