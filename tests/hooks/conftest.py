"""Hooks of the tests: made as the page makes them, sent as the worker sends them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from counselhub.contracts.models import Contract
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.hooks import actions, sending
from counselhub.hooks.kinds import offered
from counselhub.hooks.models import Hook, HookAttempt, HookDelivery
from tests.factories import Tenant
from tests.hooks.receiver import Receiver, receiving
from tests.programs import member


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that is content."""
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def alone(app: Flask) -> Iterator[None]:
    """No test sends what another one left."""
    _clear(app)
    yield
    _clear(app)


def _clear(app: Flask) -> None:
    with app.app_context(), as_platform():
        db.session.execute(delete(Hook))
        ours = "delete from jobs.procrastinate_jobs where task_name = 'send_hooks'"
        db.session.execute(text(ours))
        db.session.commit()


@dataclass
class Made:
    """A hook of a test."""

    id: UUID
    secret: str
    by: Member


def make_hook(app: Flask, by: Member, address: str, chosen: Sequence[str] | None = None) -> Made:
    """Make a hook of `by`'s place that is told of all, or of `chosen`."""
    kinds = chosen or [one.value for one in offered(by.scope.kind)]
    given = actions.Given(name="测试接收", address=address, chosen=kinds)
    with app.test_request_context(), as_scope(by.scope):
        hook, secret = actions.make(given, by=by)
        made = Made(hook.id, secret, by)
        db.session.commit()
    return made


@pytest.fixture
def manager(app: Flask, tenant: Tenant) -> Member:
    """The firm's manager."""
    return member(app, tenant.scope, Role.MANAGER)


@pytest.fixture
def hook(app: Flask, manager: Member, receiver: Receiver) -> Made:
    """A hook at the receiver, told of all."""
    return make_hook(app, manager, receiver.address)


def act(app: Flask, tenant: Tenant, by: Member, many: int = 1, what: str = "change") -> None:
    """Let something happen to the firm's contract, so many times, in one transaction."""
    with app.test_request_context(), as_scope(tenant.scope):
        row = db.session.scalars(select(Contract).limit(1)).one()
        for _number in range(many):
            history.record(row, what, by=by)
        db.session.commit()


def send(app: Flask) -> int:
    """Do what the worker does; return how many attempts it made."""
    with app.app_context():
        return sending.run()


def deliveries(app: Flask, hook: Made) -> list[HookDelivery]:
    """Return a hook's deliveries in the order in which they were first sent."""
    with app.app_context(), as_platform():
        query = select(HookDelivery).where(HookDelivery.hook_id == hook.id)
        found = list(db.session.scalars(query.order_by(HookDelivery.sequence, HookDelivery.at)))
        db.session.expunge_all()
        return found


def attempts(app: Flask, hook: Made) -> list[HookAttempt]:
    """Return every attempt at a hook, in order."""
    with app.app_context(), as_platform():
        mine = select(HookDelivery.id).where(HookDelivery.hook_id == hook.id)
        query = select(HookAttempt).where(HookAttempt.delivery_id.in_(mine))
        found = list(db.session.scalars(query.order_by(HookAttempt.at, HookAttempt.number)))
        db.session.expunge_all()
        return found


def hook_now(app: Flask, hook: Made) -> Hook:
    """Return a hook as it now is."""
    with app.app_context(), as_platform():
        found = db.session.scalars(select(Hook).where(Hook.id == hook.id)).one()
        db.session.expunge_all()
        return found
