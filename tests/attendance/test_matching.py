"""What the sheet and the grade are told of a comparison, and when that is taken back."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from counselhub.attendance import binding, keeping, settling
from counselhub.attendance.kinds import Finding, Verdict
from counselhub.attendance.models import AttendanceAccount, AttendanceCheck
from counselhub.attendance.rules import Compared, is_proof, word
from counselhub.attendance.settling import Settlement
from counselhub.closing import actions as closing
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.duty import evidence
from counselhub.duty.grades import Proof
from counselhub.duty.kinds import MatchVerdict
from counselhub.duty.models import DutySession, PunchMatch
from counselhub.statements import proven
from tests.attendance.conftest import (
    DAY,
    FIRST,
    LAST,
    ZHANG,
    bind,
    bring,
    checks,
    explain,
    export,
    session,
    visit,
    wall,
)
from tests.attendance.exports import DayRow, as_xls, daily
from tests.factories import Tenant

Differing = Callable[..., AttendanceCheck]


@pytest.mark.parametrize(
    ("compared", "said", "proves"),
    [
        pytest.param(None, MatchVerdict.NONE, False, id="ATT-9 no visit speaks of it"),
        pytest.param(
            Compared(Finding.AGREES, None, True), MatchVerdict.AGREES, True, id="ATT-9 agrees"
        ),
        pytest.param(
            Compared(Finding.AGREES, None, False),
            MatchVerdict.AGREES,
            False,
            id="ATT-9 agrees, but nobody said where",
        ),
        pytest.param(
            Compared(Finding.AGREES, Verdict.RECORD, True),
            MatchVerdict.RECORD,
            False,
            id="ATT-9 agrees only since it was settled",
        ),
        *(
            pytest.param(Compared(found, None, True), MatchVerdict.OPEN, False, id=f"ATT-9 {found}")
            for found in Finding
            if found is not Finding.AGREES
        ),
        *(
            pytest.param(
                Compared(Finding.TIMES, verdict, True),
                MatchVerdict(verdict.value),
                False,
                id=f"ATT-9 settled by {verdict}",
            )
            for verdict in Verdict
        ),
    ],
)
def test_word(compared: Compared | None, said: MatchVerdict, proves: bool) -> None:
    assert (word(compared), is_proof(compared)) == (said, proves)


def said() -> dict[UUID, tuple[str, bool]]:
    query = select(PunchMatch.session_id, PunchMatch.verdict, PunchMatch.is_proof)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def proofs(session_id: UUID) -> list[Proof]:
    row = db.session.scalars(select(DutySession).where(DutySession.id == session_id)).one()
    return list(evidence.of([row])[session_id].proofs)


def agreeing(here: Tenant) -> UUID:
    one = session(here, time(9, 2), time(11, 30))
    bring(here, visit(wall(9), wall(11, 31)))
    bind(here)
    explain(here)
    return one


def test_an_agreement_is_a_proof_that_the_office_reads_too(here: Tenant) -> None:
    one = agreeing(here)
    assert said() == {one: ("agrees", True)}
    assert proofs(one) == [Proof.PUNCH]
    with as_scope(here.town.scope):
        assert said() == {one: ("agrees", True)}
        assert db.session.scalars(select(AttendanceCheck)).all() == []


def test_the_money_rules_are_told_the_grade_that_an_agreement_lifts(here: Tenant) -> None:
    agreeing(here)

    def grades() -> list[str]:
        return list(proven.grades_of(here.town.communities, DAY, DAY).values())

    assert grades() == ["C"]
    explain(here, community="")
    assert grades() == ["D"]


def test_times_alone_agree_but_prove_no_place(here: Tenant) -> None:
    one = session(here, time(9), time(11))
    bring(
        here,
        as_xls(daily([DayRow(ZHANG, DAY, ["09:01", "11:01"], ["正常", "正常"])], FIRST, LAST)),
        "每日.xls",
    )
    bind(here)
    assert said() == {one: ("agrees", False)}


@pytest.mark.parametrize("how", ["unbound", "no duty", "corrected", "left earlier"])
def test_what_is_withdrawn_proves_nothing(here: Tenant, how: str) -> None:
    one = agreeing(here)
    match how:
        case "unbound":
            account = db.session.scalars(select(AttendanceAccount)).one()
            binding.unbind(account, revision=None, by=here.member())
        case "no duty":
            explain(here, community="")
        case "corrected":
            found = db.session.get_one(DutySession, (here.firm_id, one))
            found.remark = "更正"
            db.session.flush()
        case "left earlier":
            bring(here, export((ZHANG, wall(13))))
    assert proofs(one) == []


def test_the_night_compares_what_was_corrected_since(here: Tenant) -> None:
    one = agreeing(here)
    found = db.session.get_one(DutySession, (here.firm_id, one))
    found.remark = "更正"
    db.session.flush()
    assert proofs(one) == []
    keeping.compare_all()
    assert proofs(one) == [Proof.PUNCH]


def test_a_settled_difference_says_how_and_proves_nothing(
    differing: Differing, here: Tenant
) -> None:
    check = differing()
    [(one, before)] = said().items()
    settling.settle(check, Settlement(Verdict.RECORD, "补签"), revision=None, by=here.member())
    assert (before, said()[one]) == (("open", False), ("record", False))
    settling.reopen(checks()[0], revision=None, by=here.member())
    assert said()[one] == ("agrees", True)


def test_a_session_made_from_the_record_does_not_vouch_for_itself(here: Tenant) -> None:
    bring(here, visit(wall(9), wall(11)))
    bind(here)
    explain(here)
    settling.settle(
        checks()[0], Settlement(Verdict.RECORD, "补签"), revision=None, by=here.member()
    )
    settling.reopen(checks()[0], revision=None, by=here.member())
    assert list(said().values()) == [("agrees", False)]


def test_days_without_a_punch_are_told_up_to_the_last_one(here: Tenant) -> None:
    before = session(here, time(9), time(11), day=DAY - timedelta(days=3))
    month_before = session(here, time(9), time(11), day=DAY - timedelta(days=20))
    after = session(here, time(9), time(11), day=DAY + timedelta(days=3))
    one = agreeing(here)
    assert said() == {before: ("none", False), one: ("agrees", True)}
    assert not {after, month_before} & said().keys()


def test_a_closed_month_keeps_its_proofs(here: Tenant) -> None:
    one = agreeing(here)
    late = session(here, time(14), time(16), day=DAY + timedelta(days=1))
    town = here.town
    closing.close(
        here.firm_id,
        town.street_code,
        FIRST,
        town.communities,
        statement_id=uuid7(),
        number="JS-2026-10",
    )
    next_day = DAY + timedelta(days=1)
    bring(here, export((ZHANG, wall(14, 0, next_day)), (ZHANG, wall(16, 0, next_day))))
    assert said() == {one: ("agrees", True), late: ("agrees", False)}
    explain(here, community="")
    assert said() == {one: ("none", True), late: ("none", False)}
    assert proofs(one) == [Proof.PUNCH]
