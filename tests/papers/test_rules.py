"""Is a paper true?"""

from dataclasses import replace
from datetime import date

import pytest

from counselhub.core import clock
from counselhub.papers.kinds import Part, Verdict
from counselhub.papers.rules import Given, Paper, differing, judge

AT = clock.instant(date(2026, 11, 3), clock.now().time().replace(microsecond=0))
PAPER = Paper(
    number="JS-1",
    month=date(2026, 10, 1),
    total_fen=180_000,
    version=2,
    digest="a1b2c3d4" * 8,
    sealed_at=AT,
    is_void=False,
    is_newest=True,
    newest_version=2,
    newest_at=AT,
)
OLD = replace(PAPER, version=1, is_newest=False)
VOID = replace(PAPER, is_void=True)
SAME = Given(date(2026, 10, 1), 180_000, "a1b2c3d4")


@pytest.mark.parametrize(
    ("paper", "given", "verdict"),
    [
        pytest.param(None, SAME, Verdict.UNKNOWN, id="an unknown code"),
        pytest.param(PAPER, Given(), Verdict.GENUINE, id="the code alone"),
        pytest.param(PAPER, SAME, Verdict.GENUINE, id="everything agrees"),
        pytest.param(PAPER, Given(is_as_issued=True), Verdict.GENUINE, id="the very file"),
        pytest.param(PAPER, Given(is_as_issued=False), Verdict.ALTERED, id="another file"),
        pytest.param(OLD, SAME, Verdict.OUTDATED, id="an older version"),
        pytest.param(VOID, SAME, Verdict.WITHDRAWN, id="given up"),
        pytest.param(replace(OLD, is_void=True), SAME, Verdict.WITHDRAWN, id="old and given up"),
        pytest.param(VOID, Given(total_fen=1), Verdict.DIFFERS, id="another amount, given up"),
        pytest.param(OLD, Given(is_as_issued=False), Verdict.ALTERED, id="an old file, changed"),
    ],
)
def test_judge(paper: Paper | None, given: Given, verdict: Verdict) -> None:
    assert judge(paper, given) is verdict


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        pytest.param(Given(month=date(2026, 9, 1)), [Part.MONTH], id="another month"),
        pytest.param(Given(total_fen=180_001), [Part.TOTAL], id="a fen more"),
        pytest.param(Given(digest="a1b2c3d5"), [Part.DIGEST], id="another digit"),
        pytest.param(Given(date(2026, 9, 1), 0, "f"), list(Part), id="all"),
    ],
)
def test_differing(given: Given, wrong: list[Part]) -> None:
    assert differing(PAPER, given) == wrong
