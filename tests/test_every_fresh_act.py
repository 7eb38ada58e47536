"""Every act on money, exports, memberships and security asks who is there: `@fresh`."""

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from types import CodeType, FunctionType, ModuleType
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from counselhub.core import clock, downloads
from counselhub.core.permissions import Duty, Permission, Role
from counselhub.policy import FRESH
from counselhub.roles import DUTIES
from counselhub.work import giving
from tests import factories
from tests.factories import Tenant, Town
from tests.test_every_route import held_by, rules

BESIDES = {
    "review.create_approval",
    "statements.payment_account",
    "clients.create_download",
    "factors.create_totp",
    "factors.create_passkey",
}
"""Acts on money, clients or the own factors, whose permission also allows what is harmless."""
EXPORT = re.compile(r"/export[./]")
GIVES = (giving.give, downloads.filed, downloads.streamed)
"""What lets a whole export leave: a long work's file, any file of the disk, a long answer."""


def required(app: Flask, rule: Rule) -> set[Permission | None]:
    """The permissions of which any opens the view; None for whoever is signed in."""
    view = app.view_functions[rule.endpoint]
    return {view.required, *getattr(view, "or_required", ())}


def gives(view: Any) -> bool:
    """Whether a view gives an export, itself or by functions of ours that it calls."""
    seen: set[Any] = set()
    waiting = [inspect.unwrap(view)]
    while waiting:
        function = waiting.pop()
        if function in GIVES:
            return True
        if function not in seen:
            seen.add(function)
            waiting += called(function)
    return False


def called(function: Any) -> Iterator[Any]:
    """The functions of ours that a function names, in nested ones too."""
    names = set(named(function.__code__))
    known = [function.__globals__[name] for name in names if name in function.__globals__]
    for one in list(known):
        if isinstance(one, ModuleType) and one.__name__.startswith("counselhub."):
            known += [vars(one)[name] for name in names if name in vars(one)]
    for one in known:
        if isinstance(one, FunctionType) and one.__module__.startswith("counselhub."):
            yield inspect.unwrap(one)


def named(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from named(one)


def acts(app: Flask) -> Iterator[Rule]:
    """What changes something under a permission of FRESH, every export, and BESIDES."""
    for rule in rules(app):
        asked = required(app, rule)
        changes = bool((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"})
        exports = EXPORT.search(rule.rule) or gives(app.view_functions[rule.endpoint])
        if (changes and asked & FRESH) or exports or rule.endpoint in BESIDES:
            yield rule


def test_exports_are_found_by_what_they_do(app: Flask) -> None:
    found = {rule.endpoint for rule in rules(app) if gives(app.view_functions[rule.endpoint])}
    assert found >= {
        "archives.data",
        "audit.export_acts",
        "leaving.archive",
        "workbook.exported",
        "yearfiles.originals",
        "yearfiles.volume",
    }
    assert "yearfiles.place" not in found


def test_every_act_of_the_list_is_fresh(app: Flask) -> None:
    found = list(acts(app))
    stale = [r.rule for r in found if not hasattr(app.view_functions[r.endpoint], "fresh")]
    assert stale == []
    endpoints = {rule.endpoint for rule in found}
    assert endpoints >= BESIDES | {"statements.create_submission", "workbook.export"}
    for permission in FRESH:
        views = [app.view_functions[one] for one in endpoints]
        assert any(view.required is permission for view in views), permission


@pytest.mark.parametrize(
    ("role", "duty"),
    [
        pytest.param(Role.MANAGER, None, id="the head of a firm"),
        pytest.param(Role.CLERK, Duty.SECURITY, id="a security administrator"),
        pytest.param(Role.CHECKER, None, id="the checker of an office"),
        pytest.param(Role.APPROVER, None, id="the approver of an office"),
    ],
)
def test_each_of_them_asks_after_ten_minutes(
    app: Flask, tenant: Tenant, town: Town, role: Role, duty: Duty | None
) -> None:
    scope = town.scope if role in (Role.CHECKER, Role.APPROVER) else tenant.scope
    client: FlaskClient = (
        factories.named(app, scope, role, duty) if duty else factories.signed_in(app, scope, role)
    )
    held = held_by(role) | (DUTIES[scope.kind][duty] if duty else frozenset())
    silent, asked = [], set()
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        for rule in acts(app):
            if not required(app, rule) & held:
                continue
            asked |= required(app, rule)
            values = {name: uuid4() for name in rule.arguments}
            with app.test_request_context():
                address = app.url_for(rule.endpoint, _external=False, **values)
            if "POST" in (rule.methods or ()):
                asks = "请确认是您本人" in client.post(address, data={}).text
            else:
                asks = client.get(address).location.startswith("/confirm?")
            if not asks:
                silent.append(address)
    assert silent == []
    assert asked >= held & FRESH
    assert asked & held & FRESH
