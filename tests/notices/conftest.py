"""Readers of notices, and a mail server for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.notices.actions import tell
from counselhub.notices.channels import deliver
from counselhub.notices.kinds import Kind
from counselhub.notices.models import Delivery, NoticeSetting
from counselhub.notices.queries import MAIL
from counselhub.people import actions as people
from tests import factories
from tests.factories import Tenant
from tests.notices.server import Post, running


@dataclass(frozen=True)
class Reader:
    """A clerk who is told things and gets mail at any hour."""

    person_id: UUID
    membership_id: UUID
    email: str
    tenant: Tenant
    app: Flask

    def told(self, count: int = 2, key: str = "") -> str:
        """Tell the firm that a statement came back, and return the key."""
        key = key or str(uuid4())
        with self.app.test_request_context(), as_scope(self.tenant.scope):
            tell(
                Kind.STATEMENT_RETURNED,
                self.tenant.scope,
                key=key,
                path="/statements",
                street="南湾街道",
                month=date(2026, 10, 1),
                count=count,
            )
            db.session.commit()
        return key

    def deliveries(self) -> list[Delivery]:
        """What goes, or went, to the reader by mail, oldest first."""
        with self.app.app_context(), as_platform():
            query = select(Delivery).where(Delivery.target_id == self.membership_id)
            found = list(db.session.scalars(query.order_by(Delivery.id)))
            db.session.expunge_all()
            return found

    def setting(self) -> NoticeSetting:
        """How the reader wants to be told."""
        with self.app.app_context(), as_platform():
            return db.session.get_one(NoticeSetting, self.person_id)

    def client(self) -> FlaskClient:
        """The reader, signed in."""
        return factories.entered(self.app, self.person_id)


def join(app: Flask, tenant: Tenant, *, is_awake: bool = True) -> Reader:
    """Let a clerk join the firm."""
    with app.test_request_context(), as_scope(tenant.scope):
        email = f"reader-{factories.number()}@firm.example"
        row = people.join(email, "甲示例", tenant.scope, Role.CLERK)
        found = Reader(row.person_id, row.id, email, tenant, app)
        if is_awake:
            with as_platform():
                db.session.add(NoticeSetting(person_id=row.person_id, quiet_from=0, quiet_until=0))
                db.session.flush()
        db.session.commit()
    return found


def states(reader: Reader) -> list[tuple[str, int, str]]:
    """How what goes to the reader stands: its state, tries, what was wrong."""
    return [(one.state, one.tries, one.problem) for one in reader.deliveries()]


@pytest.fixture
def reader(app: Flask, tenant: Tenant) -> Reader:
    """The firm's clerk."""
    with app.app_context(), as_platform():  # what other tests let wait is not sent here
        db.session.execute(delete(Delivery))
        db.session.commit()
    return join(app, tenant)


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    """A mail server that the service uses."""
    found = Post()
    before = dict(app.config)
    with running(found) as port:
        app.config.update(SMTP_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="post@service.example")
        yield found
    app.config.update(SMTP_URL=before["SMTP_URL"], MAIL_FROM=before["MAIL_FROM"])


@pytest.fixture
def send(app: Flask) -> Callable[[], int]:
    """What sends the mail that is due."""

    def sent() -> int:
        with app.app_context():
            return deliver(MAIL)

    return sent
