"""Settling, the statement's query, a mended ledger, the sheet that never changes."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FaultsError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.ledgers import queries
from counselhub.ledgers.actions import importing, settling, sheets
from counselhub.ledgers.actions.settling import Settlement
from counselhub.ledgers.kinds import Cause, LineStatus, Outcome, Party
from counselhub.ledgers.models import NO_FIRM, LedgerImport, LedgerLine, LedgerSheet
from counselhub.review import line_actions
from counselhub.statements.models import LineQuery, StatementLine
from tests.counting import statements
from tests.factories import Tenant, Town
from tests.ledgers.books import AGREED, agreeing, row
from tests.ledgers.conftest import MONTH, Bring, get, lines
from tests.review.factories import Made

At = Callable[[], Any]
LEDGER = Settlement(Party.LEDGER, Cause.TYPING, "核对签到表后更正")
STATEMENT = Settlement(Party.STATEMENT, Cause.EVIDENCE)


def community(tenant: Tenant, place: int) -> str:
    return tenant.town.communities[place]


def settle(at: At, tenant: Tenant, by: Member, entry: Settlement, place: int = 0) -> LedgerLine:
    line_id = lines(at)[community(tenant, place)].id
    with at():
        settling.settle(get(line_id), entry, by=by)
    return lines(at)[community(tenant, place)]


def test_rows_find_their_firm(differing: Tenant, at_office: At) -> None:
    found = lines(at_office)
    assert [found[community(differing, place)].outcome for place in range(3)] == [
        Outcome.AMOUNT_DIFFERS, Outcome.MATCHED, Outcome.ONLY_LEDGER,
    ]  # fmt: skip
    assert found[community(differing, 0)].firm_id == differing.firm_id
    assert found[community(differing, 2)].firm_id == NO_FIRM


def test_a_fault_of_the_statement_is_asked_while_in_review(
    differing: Tenant, at_office: At, officer: Member, submitted: Made
) -> None:
    line = settle(at_office, differing, officer, STATEMENT)
    assert line.routed is not None
    assert line.routed["to"] == "query"
    with at_office():
        asked = db.session.scalars(db.select(LineQuery)).one()
        assert asked.reason == "amount"
        assert "佐证不足" in asked.words
        assert db.session.get_one(StatementLine, (asked.firm_id, asked.line_id)).kind == "base"
    with at_office():
        settling.undo(get(line.id), by=officer)
    with at_office():
        assert {one.review for one in submitted.lines()} == {"pending"}
        assert get(line.id).status == LineStatus.OPEN


def test_a_fault_is_noted_when_all_is_accepted(
    differing: Tenant, at_office: At, officer: Member, submitted: Made
) -> None:
    with at_office():
        for one in submitted.lines():
            line_actions.accept(one, by=officer)
    line = settle(at_office, differing, officer, STATEMENT)
    assert line.routed == {"to": "note"}


def test_a_mended_ledger_keeps_what_was_settled(
    differing: Tenant, at_office: At, officer: Member, bring: Bring
) -> None:
    first, second, third = differing.town.communities[:3]
    settle(at_office, differing, officer, LEDGER)
    settle(at_office, differing, officer, Settlement(Party.BOTH, Cause.ROUNDING), 2)
    before = lines(at_office)
    bring([row(first, 3, 6, 1, 1, 1180), row(second, *AGREED), row(third, 1, 2, 0, 0, 7)])
    after = lines(at_office)
    assert after[first].id == before[first].id
    assert (after[first].status, after[first].words) == ("settled", LEDGER.words)
    assert after[third].status == LineStatus.OPEN
    assert after[third].earlier is not None
    assert after[third].earlier["cause"] == "rounding"
    with at_office():
        newest = db.session.scalars(queries.imports()).first()
        assert newest is not None
        assert [one["what"] for one in newest.changes] == ["reopened"]
        assert newest.counts["rows"] == 3
    bring([row(first, *AGREED), row(second, *AGREED)])
    mended = lines(at_office)
    assert set(mended) == {first, second}
    assert mended[first].status == LineStatus.CLEAR


def test_one_firms_file_leaves_the_others_alone(
    differing: Tenant, at_office: At, bring: Bring
) -> None:
    third = community(differing, 2)
    bring([row(community(differing, 0), *AGREED)], firm=differing.code)
    found = lines(at_office)
    assert found[community(differing, 0)].outcome == Outcome.MATCHED
    assert found[community(differing, 1)].outcome == Outcome.ONLY_STATEMENT
    assert found[third].firm_id == NO_FIRM


@pytest.fixture
def frozen(differing: Tenant, at_office: At, officer: Member) -> LedgerSheet:
    """The firm's sheet of October with its one difference settled, frozen."""
    settle(at_office, differing, officer, LEDGER)
    with at_office():
        made = sheets.publish(MONTH, differing.firm_id, by=officer)
        db.session.flush()
        sheets.freeze(made, by=officer)
    with at_office():
        found = db.session.scalars(db.select(LedgerSheet)).one()
        db.session.expunge_all()
        return found


def test_a_frozen_sheet_shuts_its_lines(
    frozen: LedgerSheet, differing: Tenant, at_office: At, officer: Member, bring: Bring
) -> None:
    first = community(differing, 0)
    line = lines(at_office)[first]
    assert len(frozen.digest or "") == 64
    with pytest.raises(ConflictError, match="已定稿"), at_office():
        settling.undo(get(line.id), by=officer)
    with pytest.raises(FaultsError) as refused:
        bring([row(first, *AGREED)])
    assert any("请先另开新版" in one["message"] for one in refused.value.faults)
    bring([row(first, 3, 6, 1, 1, 1180), row(community(differing, 1), *AGREED)])


def test_what_was_frozen_nobody_changes(frozen: LedgerSheet, at_office: At) -> None:
    def change() -> None:
        with at_office():
            _sheet(frozen).rows = []

    with pytest.raises(ProgrammingError, match="never changes"):
        change()


def test_who_froze_it_does_not_confirm_it(
    frozen: LedgerSheet, differing: Tenant, at_office: At, officer: Member
) -> None:
    with pytest.raises(RefusedError, match="另一人"), at_office():
        sheets.confirm_office(_sheet(frozen), by=officer)
    chief = Member(uuid7(), "乙所长", Role.APPROVER, differing.town.scope, "测试司法所")
    with at_office():
        sheets.confirm_office(_sheet(frozen), by=chief)
    with pytest.raises(ConflictError, match="乙所长"), at_office():
        sheets.confirm_office(_sheet(frozen), by=chief)


def test_a_new_version_keeps_the_one_before(
    frozen: LedgerSheet, at_office: At, officer: Member
) -> None:
    with at_office():
        made = sheets.replace(_sheet(frozen), "补一行", by=officer)
        assert (made.version, made.status) == (2, "open")
    with at_office():
        assert _sheet(frozen).rows == frozen.rows


def _sheet(frozen: LedgerSheet) -> LedgerSheet:
    return db.session.scalars(db.select(LedgerSheet).where(LedgerSheet.id == frozen.id)).one()


@pytest.mark.usefixtures("frozen")
def test_a_firm_changes_nothing_but_its_answer(app: Flask, differing: Tenant) -> None:
    with app.test_request_context(), as_scope(differing.scope):
        line = db.session.scalars(
            db.select(LedgerLine).where(LedgerLine.status == LineStatus.SETTLED)
        ).one()
        line.status, line.words = LineStatus.AGREED, "改成我的说法"
        with pytest.raises(ProgrammingError, match="only answers"):
            db.session.flush()


@pytest.mark.usefixtures("differing")
def test_two_at_once_are_told(at_office: At, officer: Member, town: Town) -> None:
    line = lines(at_office)[town.communities[0]]
    with at_office():
        settling.settle(get(line.id), LEDGER, by=officer, revision=line.revision)
    with pytest.raises(ConflictError), at_office():
        settling.settle(get(line.id), LEDGER, by=officer, revision=line.revision)


def test_nobodys_rows_are_published_to_nobody(
    differing: Tenant, at_office: At, officer: Member
) -> None:
    with pytest.raises(RefusedError), at_office():
        sheets.publish(MONTH, NO_FIRM, by=officer)
    with pytest.raises(ConflictError), at_office():
        sheets.publish(MONTH, uuid7(), by=officer)
    with at_office():
        sheets.publish(MONTH, differing.firm_id, by=officer)
    with pytest.raises(ConflictError), at_office():
        sheets.publish(MONTH, differing.firm_id, by=officer)


@pytest.mark.usefixtures("differing")
def test_an_import_sends_the_same_statements_whatever_its_size(
    app: Flask, town: Town, officer: Member, bring: Bring
) -> None:
    def sent(rows: list[list[Any]]) -> int:
        with statements() as found:
            bring(rows)
        return len(found)

    few = sent([row(town.communities[0], 1, 1, 1, 1, 1)])
    many = sent([row(code, 1, 1, 1, 1, 1, contract=f"X{n}") for code in town.communities
                 for n in range(20)])  # fmt: skip
    assert many <= few + 1, "one more where lines are gone"
    with app.test_request_context(), as_office(town.street_code):
        assert db.session.scalar(db.select(db.func.count()).select_from(LedgerImport)) == 3
        assert importing.compare_again(town.street_code, MONTH, by=officer).changes == []


def test_a_ledger_without_a_row_empties_the_month(
    bring: Bring, at_office: At, submitted: Made, tenant: Tenant
) -> None:
    bring(agreeing(tenant))
    bring([])
    assert {one.outcome for one in lines(at_office).values()} == {"only_statement"}
