"""What is missing from a community's year?"""

from dataclasses import replace
from datetime import date

import pytest

from counselhub.statements.months import Month
from counselhub.yearfiles.kinds import GapKind
from counselhub.yearfiles.rules import (
    ContractFact,
    Gap,
    LectureFact,
    StatementFact,
    VisitFact,
    YearFacts,
    gaps,
)

TODAY = date(2026, 3, 10)
CONTRACT = ContractFact("HT-1", date(2026, 1, 1), date(2026, 12, 31), True)
VISITS = [VisitFact(date(2026, month, 8), True, True) for month in (1, 2)]
STATEMENTS = [StatementFact(f"JS-{month}", Month(2026, month), True) for month in (1, 2)]
LECTURE = LectureFact(date(2026, 2, 3), True, True)


def facts(**changes: object) -> YearFacts:
    """A year in which nothing is missing up to March, with some of it changed."""
    whole = YearFacts([CONTRACT], STATEMENTS, VISITS, [LECTURE])
    return replace(whole, **changes)  # type: ignore[arg-type]  # the tables below name real fields


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param(facts(), [], id="whole: March is not over"),
        pytest.param(facts(contracts=[]), [Gap(GapKind.NO_CONTRACT)], id="no contract"),
        pytest.param(
            facts(contracts=[replace(CONTRACT, has_scan=False)]),
            [Gap(GapKind.NO_SCAN, ("HT-1",))],
            id="a contract without its scan",
        ),
        pytest.param(
            facts(statements=STATEMENTS[:1]),
            [Gap(GapKind.NO_STATEMENT, ("2026-02",))],
            id="a month without a statement",
        ),
        pytest.param(
            facts(statements=[], contracts=[replace(CONTRACT, last_on=date(2026, 1, 31))]),
            [Gap(GapKind.NO_STATEMENT, ("2026-01",))],
            id="months after the contract's end are not missed",
        ),
        pytest.param(
            facts(statements=[STATEMENTS[0], replace(STATEMENTS[1], is_signed=False)]),
            [Gap(GapKind.NOT_SIGNED, ("JS-2",))],
            id="a statement that nobody signed",
        ),
        pytest.param(
            facts(visits=VISITS[1:]), [Gap(GapKind.NO_VISIT, ("2026-01",))], id="nobody came"
        ),
        pytest.param(
            facts(visits=[*VISITS, VisitFact(date(2026, 2, 9), False, False)]),
            [
                Gap(GapKind.NO_SIGN_OUT, ("2026-02-09",)),
                Gap(GapKind.NO_PHOTO, ("2026-02-09",)),
            ],
            id="a session without sign-out and photo",
        ),
        pytest.param(
            facts(lectures=[replace(LECTURE, has_sheet=False)]),
            [Gap(GapKind.NO_SHEET, ("2026-02-03",))],
            id="a lecture without its sheet",
        ),
    ],
)
def test_gaps_of_a_firm(given: YearFacts, found: list[Gap]) -> None:
    assert gaps(given, 2026, TODAY, for_office=False) == found


def test_the_office_misses_what_it_is_shown() -> None:
    hidden = facts(lectures=[LectureFact(date(2026, 2, 3), True, False)])
    assert gaps(hidden, 2026, TODAY, for_office=True) == [
        Gap(GapKind.NO_LECTURE_FILE, ("2026-02-03",))
    ]
    assert gaps(facts(), 2026, TODAY, for_office=True) == []


@pytest.mark.parametrize(
    ("today", "due"),
    [
        pytest.param(date(2026, 1, 31), 0, id="in January nothing is over"),
        pytest.param(date(2026, 2, 1), 1, id="on 1 February January is"),
        pytest.param(date(2027, 1, 1), 12, id="afterwards all twelve are"),
        pytest.param(date(2025, 7, 1), 0, id="a year to come"),
    ],
)
def test_a_month_is_missed_once_it_is_over(today: date, due: int) -> None:
    bare = YearFacts([CONTRACT])
    found = {gap.kind: len(gap.items) for gap in gaps(bare, 2026, today, for_office=False)}
    assert found.get(GapKind.NO_STATEMENT, 0) == found.get(GapKind.NO_VISIT, 0) == due
