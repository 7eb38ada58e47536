"""A firm's own templates: kept when sound, refused with what is in the way."""

from dataclasses import replace

import pytest

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FaultsError, RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.programme import actions
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.models import ReportTemplate
from counselhub.services.kinds import ServiceKind
from tests.factories import Tenant

OWN = replace(BUILT_IN["yuexiu"], name="某街道季报")
WITHOUT_REST = replace(OWN, columns=OWN.columns[:-1])


@pytest.fixture
def row(context: None, tenant: Tenant) -> ReportTemplate:
    with as_scope(tenant.scope):
        made = actions.create(OWN, by=tenant.member())
        db.session.flush()
    return made


def test_a_template_is_kept_as_it_was_given(row: ReportTemplate, tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        db.session.refresh(row)
        assert row.template == OWN
        assert [act.act for act in history.of(row)] == ["add"]
        assert history.of(row)[0].detail["columns"][0] == "法律咨询（人次）"


def test_an_unsound_one_is_refused_with_the_kinds_named(context: None, tenant: Tenant) -> None:
    with as_scope(tenant.scope), pytest.raises(FaultsError) as refused:
        actions.create(WITHOUT_REST, by=tenant.member())
    (fault,) = refused.value.faults
    left_out = {kind for kind in ServiceKind if kind.word in fault["message"]}
    assert {ServiceKind.TRAINING, ServiceKind.DRAFTING} <= left_out
    assert ServiceKind.CONSULTATION not in left_out


@pytest.mark.parametrize("name", [OWN.name, "越秀区统计表"])
def test_a_name_is_taken_once(row: ReportTemplate, tenant: Tenant, name: str) -> None:
    with as_scope(tenant.scope), pytest.raises(RefusedError, match=name):
        actions.create(replace(OWN, name=name), by=tenant.member())


def test_another_firm_may_have_the_name(row: ReportTemplate, outsider: Tenant) -> None:
    with as_scope(outsider.scope):
        assert actions.create(OWN, by=outsider.member()).name == OWN.name
        db.session.flush()


def test_who_comes_second_is_told(row: ReportTemplate, tenant: Tenant) -> None:
    changed = replace(OWN, title="季度统计表")
    with as_scope(tenant.scope):
        actions.change(row, changed, revision=1, by=tenant.member())
        db.session.flush()
        assert row.template == changed
        for stale in (
            lambda: actions.change(row, OWN, revision=1, by=tenant.member()),
            lambda: actions.remove(row, revision=1, by=tenant.member()),
        ):
            with pytest.raises(ConflictError):
                stale()


def test_a_removed_one_is_gone_and_told(row: ReportTemplate, tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        actions.remove(row, revision=1, by=tenant.member())
        db.session.flush()
        assert db.session.scalars(db.select(ReportTemplate)).all() == []
        assert [act.act for act in history.of(row)] == ["add", "remove"]
