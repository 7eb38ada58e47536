"""Pages say for how long things are kept, as the operator has set it."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from counselhub.retention.rules import periods
from tests import factories
from tests.factories import Tenant

TEMPLATES = Path(__file__).parents[2] / "templates"
SAID = re.compile(r"kept_days\(([^)]*)\)")
SET = {"long_work": 41, "office_archive": 42, "year_file": 43, "position": 44}


@pytest.mark.parametrize(
    ("role", "page", "days"),
    [
        (Role.MANAGER, "/work", 41),
        (Role.MANAGER, "/leaving", 41),
        (Role.CHECKER, "/office/export", 42),
        (Role.MANAGER, "/year-files/{community}/2026", 43),
        (Role.ADVISER, "/duty", 44),
    ],
)
def test_a_page_says_the_set_period(
    app: Flask,
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
    role: Role,
    page: str,
    days: int,
) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "kept_days", SET.__getitem__)
    scope = tenant.town.scope if role is Role.CHECKER else tenant.scope
    own = tenant.adviser_id if role is Role.ADVISER else None
    client: FlaskClient = factories.signed_in(app, scope, role, adviser_id=own)
    shown = client.get(page.format(community=tenant.town.communities[0]))
    assert shown.status_code == 200
    assert f" {days} 天" in shown.text


def test_every_period_that_a_page_says_is_in_the_table() -> None:
    said = {one for file in TEMPLATES.rglob("*.html") for one in SAID.findall(file.read_text())}
    assert said
    assert said <= {f'"{kept}"' for kept, days in periods("").items() if days is not None}
