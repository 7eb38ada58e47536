"""Drafting, passing and adopting packs on the real database, and what it refuses."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from counselhub.closing.actions import PACK_IN_USE
from counselhub.core.db import db
from counselhub.core.errors import (
    ConflictError,
    FaultsError,
    FrozenError,
    IllegalMoveError,
    RefusedError,
)
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.packs import actions, adopting, example_actions
from counselhub.packs.models import PackExample, PackVersion, SchemePack
from counselhub.packs.trying import tried
from counselhub.schemes import actions as schemes
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.schemes.rules import Terms
from counselhub.workbook import followed
from counselhub.workbook.actions import try_workbook
from tests.factories import Tenant, Town
from tests.packs import make
from tests.statements import work
from tests.workbook.books import book, rows_of
from tests.workbook.firms import exported

pytestmark = pytest.mark.usefixtures("context")


def adopted(tenant: Tenant, row: SchemePack, since: date = date(2026, 10, 1)) -> Scheme:
    """The firm's scheme, following the pack."""
    with as_scope(tenant.scope):
        scheme = db.session.scalars(select(Scheme).where(Scheme.id == tenant.scheme_id)).one()
        adopting.adopt(scheme, row, since, by=tenant.member())
        db.session.commit()
    return scheme


def test_the_worked_example_is_right(town: Town) -> None:
    scope = make.bureau_of(town)
    with as_scope(scope):
        row = make.pack(scope)
        (one,) = tried(row.versions[0])
    assert one.passes
    assert {each.kind: each.computed_fen for each in one.compared} == make.EXAMPLE.expected


def test_activation_hands_the_terms_on(tenant: Tenant) -> None:
    scope = make.bureau_of(tenant.town)
    made = make.draft({"visit_fen": 10_000, "visit_cap": 2}, annual_fen=1_200_000)
    row = make.active(scope, made)
    adopted(tenant, row)
    with as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 12))
        lines = {
            (line.kind, line.community_code): line.amount_fen for line in work.compute(tenant).lines
        }
        db.session.commit()
    first = tenant.town.communities[0]
    assert lines["base", first] == 100_000
    assert lines["attendance", first] == 10_000
    with as_scope(scope):
        next_one = actions.add_version(
            row, make.draft(effective_from=date(2027, 1, 1), annual_fen=2_400_000), by=_by(scope)
        )
        example_actions.save(next_one, make.EXAMPLE, by=_by(scope))
        with pytest.raises(RefusedError, match="不符"):
            make.activate(scope, next_one)
        db.session.rollback()
    with as_scope(scope):
        row = db.session.scalars(select(SchemePack).where(SchemePack.id == row.id)).one()
        coming = actions.add_version(
            row,
            make.draft(effective_from=date(2027, 1, 1), annual_fen=2_400_000),
            by=_by(scope),
        )
        case = example_actions.Case("基础", make.EXAMPLE.facts, {"base": 200_000})
        example_actions.save(coming, case, by=_by(scope))
        (found,) = make.activate(scope, coming)
        db.session.commit()
    assert (found.firm_id, found.contracts) == (tenant.firm_id, 0)
    with as_scope(tenant.scope):
        versions = db.session.scalars(
            select(SchemeVersion).order_by(SchemeVersion.effective_from.nulls_first())
        ).all()
        assert [one.effective_from for one in versions] == [
            None,
            date(2026, 10, 1),
            date(2027, 1, 1),
        ]
        assert versions[-1].pack_version_id == coming.id


def _by(scope: Any) -> Any:
    return make.member(scope, Role.ASSESSOR)


def test_a_firm_does_not_change_what_it_adopted(tenant: Tenant) -> None:
    scheme = adopted(tenant, make.active(make.bureau_of(tenant.town)))
    with as_scope(tenant.scope):
        copy = scheme.versions[-1]
        with pytest.raises(FrozenError, match="采用了补贴办法"):
            schemes.save_version(scheme, Terms.of(copy), by=tenant.member(), version=copy)
        with pytest.raises(DBAPIError) as refused, db.session.begin_nested():
            db.session.execute(db.update(SchemeVersion).values(annual_fen=1))
        assert refused.value.orig.sqlstate == PACK_IN_USE
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(
                db.delete(SchemeVersion).where(SchemeVersion.pack_version_id.is_not(None))
            )


@pytest.mark.parametrize(
    ("table", "change"),
    [
        pytest.param(PackVersion, "terms = '{}'", id="terms"),
        pytest.param(PackVersion, "effective_from = '2030-01-01'", id="its first day"),
        pytest.param(PackVersion, "activated_by_name = '别人'", id="who activated it"),
        pytest.param(PackExample, "expected = '{}'", id="an example"),
    ],
)
def test_a_version_in_force_is_kept_by_the_database(
    town: Town, table: type[Any], change: str
) -> None:
    scope = make.bureau_of(town)
    make.active(scope)
    with as_scope(scope):
        for statement in (
            f"UPDATE {table.__tablename__} SET {change}",
            f"DELETE FROM {table.__tablename__}",
        ):
            with pytest.raises(DBAPIError) as refused, db.session.begin_nested():
                db.session.execute(text(statement))
            assert refused.value.orig.sqlstate == PACK_IN_USE


def test_an_active_version_may_be_withdrawn(town: Town) -> None:
    scope = make.bureau_of(town)
    row = make.active(scope)
    with as_scope(scope):
        actions.withdraw(row.versions[0], "另有新文件", by=_by(scope))
        db.session.flush()
        with pytest.raises(FrozenError, match="已经提请启用"):
            actions.change(row.versions[0], make.draft(), by=_by(scope))
        with pytest.raises(FrozenError, match="不再是草稿"):
            example_actions.save(row.versions[0], make.EXAMPLE, by=_by(scope))


def test_four_eyes(town: Town) -> None:
    scope = make.bureau_of(town)
    with as_scope(scope):
        version, by = make.pack(scope).versions[0], _by(scope)
        actions.propose(version, by=by)
        with pytest.raises(RefusedError, match="另一位同事"):
            adopting.activate(version, by=by)
        version.activated_by_id = by.person_id
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.flush()


def test_a_draft_is_not_activated(town: Town) -> None:
    scope = make.bureau_of(town)
    with as_scope(scope):
        version = make.pack(scope).versions[0]
        with pytest.raises(IllegalMoveError):
            adopting.activate(version, by=_by(scope))
        actions.propose(version, by=_by(scope))
        with pytest.raises(ConflictError):
            actions.send_back(version, "再想想", by=_by(scope), revision=1)
        actions.send_back(version, "再想想", by=_by(scope), revision=version.revision)
        assert (version.status, version.proposed_by_id) == ("draft", None)


@pytest.mark.parametrize(
    ("day", "case", "why"),
    [
        pytest.param(date(2026, 3, 9), make.EXAMPLE, "已经过去", id="a day in the past"),
        pytest.param(date(2026, 10, 1), None, "至少一个算例", id="no example"),
    ],
)
def test_not_ready(town: Town, day: date, case: Any, why: str) -> None:
    scope = make.bureau_of(town)
    with as_scope(scope):
        row = make.pack(scope, make.draft(effective_from=day), case)
        with pytest.raises(RefusedError, match=why):
            make.activate(scope, row.versions[0])


def test_a_submitted_month_refuses_other_terms(tenant: Tenant) -> None:
    scope = make.bureau_of(tenant.town)
    row = make.active(scope)
    adopted(tenant, row)
    with as_scope(tenant.scope):
        db.session.execute(
            text(
                "INSERT INTO closed_month (firm_id, place_code, month, street_code, statement_id,"
                " statement_number) VALUES (:firm, :place, '2026-11-01', :street, :id, 'JS-9')"
            ),
            {
                "firm": tenant.firm_id,
                "place": tenant.town.communities[0],
                "street": tenant.town.street_code,
                "id": uuid4(),
            },
        )
        db.session.commit()
    with as_scope(scope):
        row = db.session.scalars(select(SchemePack).where(SchemePack.id == row.id)).one()
        late = actions.add_version(
            row, make.draft(effective_from=date(2026, 11, 1)), by=_by(scope), of=row.versions[0]
        )
        with pytest.raises(FrozenError, match=r"律师事务所：结算单 JS-9"):
            make.activate(scope, late)


@pytest.mark.parametrize(
    ("made", "field"),
    [
        pytest.param(make.draft({"release": {"basic": "150"}}), "release_excellent", id="percent"),
        pytest.param(make.draft({"activities": [["lecture", 1, None]]}), "activities", id="twice"),
        pytest.param(
            make.draft({"activities": [["mediation", 1, None]]}), "activities", id="M8 twice"
        ),
        pytest.param(make.draft({"point_floor": 1}), "point_floor", id="M17"),
        pytest.param(make.draft(street_percent=None), "street_percent", id="M12"),
    ],
)
def test_faults_name_their_field(town: Town, made: Any, field: str) -> None:
    scope = make.bureau_of(town)
    with as_scope(scope), pytest.raises(FaultsError) as refused:
        make.pack(scope, made)
    assert field in {fault["cell"] for fault in refused.value.faults}


def test_a_code_is_its_owners(town: Town) -> None:
    with as_scope(town.scope):
        row = make.pack(town.scope)
        with pytest.raises(RefusedError, match="已经用过"):
            actions.create(row.code, "又一个", make.draft(), by=_by(town.scope))
        code = row.code
        db.session.commit()
    bureau = make.bureau_of(town)
    with as_scope(bureau):
        assert actions.create(code, "区里的", make.draft(), by=_by(bureau)).street_code is None


@pytest.mark.parametrize(
    ("since", "why"),
    [
        pytest.param(date(2026, 12, 2), "1 日", id="not the first"),
        pytest.param(date(2026, 1, 1), "没有已启用的版本", id="before it is in force"),
    ],
)
def test_adoption_refused(tenant: Tenant, since: date, why: str) -> None:
    row = make.active(make.bureau_of(tenant.town))
    if since.year == 2026 and since.month == 1:
        with as_scope(make.bureau_of(tenant.town)):
            actions.withdraw(row.versions[0], "停", by=_by(make.bureau_of(tenant.town)))
            db.session.commit()
    with pytest.raises(RefusedError, match=why):
        adopted(tenant, row, since)


def test_adopted_once(tenant: Tenant) -> None:
    row = make.active(make.bureau_of(tenant.town))
    adopted(tenant, row)
    with pytest.raises(RefusedError, match="已经采用"):
        adopted(tenant, row, date(2027, 1, 1))


def test_a_workbook_changes_no_adopted_scheme(tenant: Tenant) -> None:
    adopted(tenant, make.active(make.bureau_of(tenant.town)))
    with as_scope(tenant.scope):
        assert "S1" in followed.warning()
        data = exported()
        assert try_workbook(data).findings.faults == []
        rows = rows_of(data)
        rows["补贴方案"][1][3] = 99
        (fault,) = try_workbook(book(rows)).findings.faults
        assert "不能用工作簿修改" in fault.message
