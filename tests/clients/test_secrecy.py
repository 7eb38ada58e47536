"""Offices and bureau never receive client data: every answer they can get is read for it.

Each service record of the firm has a marked client and marked words. Whoever is not the firm tries
every address with the ids of real rows, reads what comes back (pages, PDF, xlsx), and asks the
database itself.
"""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from uuid import UUID

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from counselhub.claims.models import CaseClaim
from counselhub.clients import actions, cases
from counselhub.clients.actions import ClientEntry
from counselhub.clients.cases import Party
from counselhub.clients.models import Client
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, PUBLIC, Scope, ScopeKind, as_scope
from counselhub.services.models import ServiceNote, ServiceRecord
from tests import factories
from tests.clients.conftest import NAME, PHONE, SHOWN_NAME, SHOWN_PHONE, MakeService
from tests.factories import Tenant
from tests.review import factories as review
from tests.review.factories import Made
from tests.test_every_route import rules

WORDS = "一句只有本所知道的话"
READERS = (Role.CHECKER, Role.APPROVER, Role.READER, Role.ASSESSOR)
Values = dict[str, list[object]]


@pytest.fixture
def marked(app: Flask, tenant: Tenant, make_service: MakeService) -> Made:
    """A submitted statement over records that all have a marked client and marked words."""
    make_service()
    review.records(app, tenant)
    with app.app_context(), as_scope(tenant.scope):
        for record in db.session.scalars(select(ServiceRecord)):
            record.note = ServiceNote(content=f"{WORDS}：{NAME}，{PHONE}")
            actions.attach(record, ClientEntry(NAME, PHONE), by=tenant.member())
        known = db.session.scalars(select(Client)).one()
        for claim in db.session.scalars(select(CaseClaim)):
            cases.name_client(claim, Party(known), None, by=tenant.member())
        db.session.commit()
    return review.statement(app, tenant)


@pytest.fixture
def needles(app: Flask, tenant: Tenant, marked: Made) -> list[str]:
    """Everything that would tell of the client: the data, its masks, what is stored, the id."""
    with app.app_context(), as_scope(tenant.scope):
        client = db.session.scalars(select(Client)).one()
        stored = (client.name_sealed, client.phone_sealed, client.phone_digest, str(client.id))
        spelt = ("138 0000 0027", "138-0000-0027", PHONE[-4:] + "</")
        return [NAME, PHONE, SHOWN_NAME, SHOWN_PHONE, WORDS, *spelt, *filter(None, stored)]


@pytest.fixture
def values(app: Flask, tenant: Tenant, marked: Made) -> Values:
    """What the arguments of addresses are tried with: real rows of the firm."""
    with app.app_context(), as_scope(tenant.scope):
        lines: list[object] = [line.id for line in marked.lines()]
        services: list[object] = list(db.session.scalars(select(ServiceRecord.id)))
        clients: list[object] = list(db.session.scalars(select(Client.id)))
    return {
        "statement_id": [marked.id],
        "line_id": lines,
        "record_id": services,
        "service_id": services,
        "client_id": clients,
        "adviser_id": [tenant.adviser_id],
        "contract_id": [tenant.contract_id],
        "scheme_id": [tenant.scheme_id],
        "code": list(tenant.town.communities[:1]),
    }


def addresses(app: Flask, rule: Rule, values: Values) -> Iterator[str]:
    """Every way of filling the rule; what has no row of its own is tried with a service's id."""
    names = sorted(rule.arguments)
    chosen = (values.get(name, values["record_id"][:1]) for name in names)
    with app.test_request_context():
        for filled in product(*chosen):
            yield app.url_for(rule.endpoint, **dict(zip(names, filled, strict=True)))


def words_of(answer: TestResponse) -> str:
    """What an answer says, its headers too; PDF and xlsx as their reader sees them."""
    head = str(answer.headers)
    if answer.mimetype == "application/pdf":
        return head + "".join(p.extract_text() for p in pypdf.PdfReader(BytesIO(answer.data)).pages)
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(answer.data)) as parts:
            return head + "".join(parts.read(name).decode() for name in parts.namelist())
    return head + answer.get_data(as_text=True)


def reader(app: Flask, tenant: Tenant, role: Role) -> FlaskClient:
    town = tenant.town
    district = Scope(ScopeKind.BUREAU, town.street_code[:6])
    scope = town.scope if role in (Role.CHECKER, Role.APPROVER) else district
    return factories.signed_in(app, scope, role)


def read_all(app: Flask, client: FlaskClient, values: Values) -> Iterator[tuple[str, TestResponse]]:
    """Every page first, then every act, so that what an act answers is read as well."""
    for method in ("GET", "POST"):
        for rule in rules(app):
            if method in (rule.methods or ()) and rule.endpoint != "people.sign_out":
                for address in addresses(app, rule, values):
                    yield f"{method} {address}", client.open(address, method=method)


@pytest.mark.parametrize("role", READERS)
def test_no_answer_to_an_office_or_bureau_tells_of_a_client(
    app: Flask, tenant: Tenant, marked: Made, needles: list[str], values: Values, role: Role
) -> None:
    leaks, kinds, asked_before = [], set[str](), str(values)
    for address, answer in read_all(app, reader(app, tenant, role), values):
        words = words_of(answer)
        told = address + asked_before if "/audit" in address else address  # the own refusals
        leaks += [(address, one) for one in needles if one in words and one not in told]
        asked_before += address
        if answer.status_code == 200:
            kinds.add(answer.mimetype)
    assert leaks == []
    if role in (Role.CHECKER, Role.APPROVER):
        assert {"text/html", "application/pdf"} <= kinds
        assert any(kind.endswith("sheet") for kind in kinds)


def test_the_reading_would_notice(
    as_manager: FlaskClient, app: Flask, needles: list[str], values: Values
) -> None:
    """The firm's own pages hold what the others' must not."""
    found = set()
    for _address, answer in read_all(app, as_manager, values):
        found |= {one for one in needles if one in words_of(answer)}
    assert {NAME, PHONE, SHOWN_NAME, SHOWN_PHONE, WORDS} <= found


@pytest.mark.parametrize("table", ["client", "service_client", "claim_client", "service_note"])
@pytest.mark.parametrize(
    "whose", ["office", "bureau", "platform", "public", "another firm", "none"]
)
def test_the_database_gives_no_row_to_anybody_but_the_firm(
    app: Flask, tenant: Tenant, outsider: Tenant, marked: Made, table: str, whose: str
) -> None:
    scope = {
        "office": tenant.town.scope,
        "bureau": Scope(ScopeKind.BUREAU, tenant.town.street_code[:6]),
        "platform": PLATFORM,
        "public": PUBLIC,
        "another firm": outsider.scope,
        "none": None,
    }[whose]
    count = text(f"select count(*) from {table}")
    with app.app_context():
        with as_scope(scope), db.engine.connect() as connection:
            assert connection.scalar(count) == 0
        with as_scope(tenant.scope), db.engine.connect() as connection:
            assert connection.scalar(count) > 0


def test_acts_on_a_client_stay_inside_the_firm(app: Flask, tenant: Tenant, marked: Made) -> None:
    acts = text("select count(*) from event where subject = 'client'")
    with app.app_context():
        with as_scope(tenant.town.scope), db.engine.connect() as connection:
            assert connection.scalar(acts) == 0
        with as_scope(tenant.scope), db.engine.connect() as connection:
            assert connection.scalar(acts) > 0


def test_the_workbook_leaves_clients_at_home(
    app: Flask, tenant: Tenant, marked: Made, values: Values, as_manager: FlaskClient
) -> None:
    """It may go on to an office: of the client itself nothing is in it, words are the firm's."""
    answer = as_manager.get("/workbook/export.xlsx")
    assert answer.status_code == 200
    words = words_of(answer)
    assert SHOWN_NAME not in words
    assert str(values["client_id"][0]) not in words
    assert tenant.code in words


def test_a_client_id_is_no_way_in(app: Flask, tenant: Tenant, values: Values) -> None:
    checker = reader(app, tenant, Role.CHECKER)
    client_id = values["client_id"][0]
    assert isinstance(client_id, UUID)
    assert checker.get(f"/clients/{client_id}").status_code == 403
    assert checker.post(f"/clients/{client_id}/unmasking").status_code == 403
    assert checker.post("/clients/search", data={"phone": PHONE}).status_code == 403
