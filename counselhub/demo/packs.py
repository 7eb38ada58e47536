"""The bureau's first rule pack in the demonstration: one version in force, the next one drafted."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from counselhub.core.members import Member
from counselhub.core.tenancy import as_scope
from counselhub.packs import actions, adopting, example_actions, rehearsing
from counselhub.packs.example_actions import Case
from counselhub.packs.rules import Draft
from counselhub.schemes.rules import Terms

CODE = "LG-FLGW"
REHEARSED_MONTHS = 3


def issue(drafts: Member, checks: Member, today: date) -> None:
    """Let one of the bureau draft and another activate; then draft what comes next year."""
    with as_scope(drafts.scope):
        made = Draft(terms=_terms(date(today.year, 1, 1)), document={}, note="演示文件第1号")
        pack = actions.create(CODE, "某区社区法律顾问补贴办法", made, by=drafts)
        first = pack.versions[0]
        example_actions.save(first, _example(today.year), by=drafts)
        actions.propose(first, by=drafts)
        adopting.activate(first, by=checks)
        terms = replace(made.terms, effective_from=date(today.year + 1, 1, 1))
        coming = Draft(terms=terms, document=_more(), note="演示文件第2号（征求意见）")
        second = actions.add_version(pack, coming, by=drafts, of=first)
        rehearsing.ask(second, REHEARSED_MONTHS, by=drafts)


def _terms(first_day: date) -> Terms:
    """The scheme of the rules' worked example."""
    half = Decimal(50)
    return Terms(
        effective_from=first_day,
        annual_fen=2_000_000,
        cycle="month",
        required_hours=Decimal(8),
        required_visits=4,
        shortest_visit_minutes=60,
        deduction_mode="per_hour",
        deduction_fen=5_000,
        lecture_fen=30_000,
        lecture_quarter_cap=1,
        case_simple_fen=20_000,
        oral_percent=half,
        withhold_percent=Decimal(10),
        district_percent=half,
        street_percent=half,
    )


def _more() -> dict[str, object]:
    """What the coming year adds: visits, legal publicity, points, and half the base taken back."""
    return {
        "visit_fen": 10_000,
        "visit_cap": 4,
        "activities": [["publicity", 20_000, 2]],
        "point_fen": 5_000,
        "point_cap": 5,
        "point_floor": -3,
        "grade_deductions": {"incompetent": "50"},
    }


def _example(year: int) -> Case:
    """The worked example: two hours missing, one lecture, one oral case."""
    facts = {
        "month": f"{year}-10",
        "starts_on": f"{year}-01-01",
        "ends_on": f"{year}-12-31",
        "visits": [[f"{year}-10-{day}", 120] for day in (12, 19, 26)],
        "lectures": 1,
        "cases": [["simple", True, 1]],
    }
    expected = {
        "base": 166_667,
        "shortfall": -10_000,
        "lecture": 30_000,
        "case": 10_000,
        "withhold": -16_667,
        "total": 180_000,
    }
    return Case("缺两小时、讲座一场、口头调解一件", facts, expected)
