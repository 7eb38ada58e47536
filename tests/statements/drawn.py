"""Facts of any month, as Hypothesis draws them."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from counselhub.statements.facts import (
    ActivityFact,
    AdjustmentFact,
    AssignmentFact,
    CarryFact,
    ClaimFact,
    ContractFact,
    ContractKind,
    DutyRole,
    LectureFact,
    MonthFacts,
    PointFact,
    ReleaseFact,
    SessionFact,
    ShiftFact,
)
from counselhub.statements.months import Month
from counselhub.statements.pack_terms import NO_PACK, Activity, Factor, Factors, PackTerms
from counselhub.statements.terms import (
    Cycle,
    Deduction,
    Difficulty,
    Grade,
    SchemeTerms,
    funding_shares,
)
from tests.statements.make import ELSEWHERE, NANLONG, SHALI, STREET

DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31))
NEW_YEAR = st.dates(date(2024, 1, 1), date(2024, 2, 29))
COMMUNITIES = st.sampled_from([NANLONG, SHALI, ELSEWHERE])
ADVISERS = st.sampled_from(["A", "B", "C"])
SOMEBODY = st.sampled_from(["A", "B", "C", ""])
"""Older freezes do not say who it was."""
FEN = st.integers(0, 3_000_000)
PERCENTS = st.none() | st.decimals(0, 100, places=1)
SHARES = st.sampled_from(
    [
        funding_shares(None, None, None),
        funding_shares(Decimal(0), Decimal(50), Decimal(50)),
        funding_shares(Decimal("33.3"), Decimal("33.3"), Decimal("33.4")),
        funding_shares(Decimal(70), None, Decimal(30)),
    ]
)
FACTOR_WEIGHTS = st.sampled_from(
    [
        {Factor.POPULATION: Decimal(100)},
        {Factor.POPULATION: Decimal("33.3"), Factor.DISPUTES: Decimal("66.7")},
        {
            Factor.POPULATION: Decimal(40),
            Factor.DISPUTES: Decimal(0),
            Factor.CONTRACTS: Decimal(60),
        },
    ]
)
COUNTS = st.tuples(st.integers(1, 9000), st.integers(1, 40), st.integers(1, 3))
FACTORS = st.builds(
    Factors,
    budget_fen=FEN,
    weights=FACTOR_WEIGHTS,
    communities=st.dictionaries(COMMUNITIES, COUNTS, min_size=1),
)
FEES = st.builds(Activity, st.integers(0, 20_000), st.none() | st.integers(0, 3))
KINDS = st.sampled_from(["参与调解", "法治宣传", "培训"])
PACKS = st.just(NO_PACK) | st.builds(
    PackTerms,
    class_fen=st.just({"甲类": 2_400_000, "乙类": 1_000_001}),
    class_of=st.dictionaries(COMMUNITIES, st.sampled_from(["甲类", "乙类"])),
    factors=st.none() | FACTORS,
    visit_fen=st.none() | st.integers(0, 20_000),
    visit_cap=st.none() | st.integers(0, 4),
    hour_fen=st.none() | st.integers(0, 9_999),
    hour_cap=st.none() | st.integers(0, 20),
    activities=st.dictionaries(KINDS, FEES),
    point_fen=st.none() | st.integers(0, 10_000),
    point_cap=st.none() | st.integers(0, 8),
    point_floor=st.none() | st.integers(-6, 0),
)
TERMS = st.builds(
    SchemeTerms,
    scheme=st.just("FA"),
    effective_on=DAYS,
    annual_fen=FEN,
    cycle=st.sampled_from(Cycle),
    required_minutes=st.none() | st.fractions(0, 900, max_denominator=60),
    required_visits=st.none() | st.integers(0, 5),
    shortest_visit_minutes=st.integers(0, 90),
    lowest_grade=st.sampled_from("ABCDDD"),
    deduction=st.sampled_from(Deduction),
    deduction_fen=st.integers(0, 50_000),
    lecture_fen=st.none() | st.integers(0, 40_000),
    lecture_cap=st.none() | st.integers(0, 3),
    online_fen=st.none() | st.integers(0, 5_000),
    case_fen=st.dictionaries(st.sampled_from(Difficulty), st.integers(0, 90_000)),
    oral_percent=PERCENTS,
    case_cap_fen=st.none() | st.integers(0, 200_000),
    withhold_percent=PERCENTS,
    grade_deductions=st.dictionaries(st.sampled_from(Grade), st.integers(0, 100).map(Decimal)),
    shares=SHARES,
    pack=PACKS,
)


@st.composite
def contracts(draw: st.DrawFn, number: str) -> ContractFact:
    """A contract of the year or a part of it, with one to three versions of its scheme."""
    start = draw(st.dates(date(2023, 6, 1), date(2024, 12, 1)))
    end = start + timedelta(days=draw(st.integers(0, 400)))
    versions = draw(st.lists(TERMS, min_size=1, max_size=3, unique_by=lambda t: t.effective_on))
    return ContractFact(
        number=number,
        kind=draw(st.sampled_from(ContractKind)),
        communities=draw(st.lists(COMMUNITIES, min_size=1, max_size=3)),
        starts_on=start,
        ends_on=end,
        terminated_on=draw(
            st.none() | st.dates(start - timedelta(days=5), end + timedelta(days=5))
        ),
        annual_fen=draw(st.none() | FEN),
        scheme_versions=versions,
    )


MINUTES = st.integers(0, 24).map(lambda hour: hour * 60) | st.integers(0, 1440)
SESSIONS = st.builds(
    SessionFact,
    st.builds(date, st.just(2024), st.integers(1, 12), st.integers(1, 6)),
    MINUTES,
    st.none() | MINUTES,
    ADVISERS,
    st.none() | ADVISERS,
    st.sampled_from([False, False, False, True]),
    grade=st.sampled_from("ABCD"),
)
ASSIGNMENTS = st.builds(
    AssignmentFact, ADVISERS, COMMUNITIES, DAYS, st.none() | DAYS, st.sampled_from(DutyRole)
)
LECTURES = st.builds(LectureFact, DAYS, COMMUNITIES, st.integers(0, 3), SOMEBODY)
ACTIVITIES = st.builds(
    ActivityFact,
    st.builds(date, st.just(2024), st.integers(1, 12), st.integers(1, 9)),
    COMMUNITIES,
    KINDS,
    st.integers(0, 3),
    SOMEBODY,
)
POINTS = st.builds(PointFact, COMMUNITIES, st.integers(-9, 9), st.sampled_from(["推送", "缺报"]))


@st.composite
def shifts(draw: st.DrawFn, month: Month) -> ShiftFact:
    """A shift near the month, up to four days long."""
    start = month.first + timedelta(days=draw(st.integers(-3, month.days + 1)))
    end = start + timedelta(days=draw(st.integers(0, 4)))
    return ShiftFact(start, draw(MINUTES), end, draw(MINUTES), draw(SOMEBODY))


CLAIMS = st.builds(
    ClaimFact,
    case_number=st.integers(1, 99).map(lambda number: f"AJ-{number:02d}"),
    closed_on=DAYS,
    community=COMMUNITIES,
    difficulty=st.sampled_from(Difficulty),
    is_oral=st.booleans(),
    is_fulfilled=st.sampled_from([True, True, False]),
    has_full_dossier=st.sampled_from([True, True, False]),
    taken_elsewhere=st.sampled_from([False, False, True]),
    adviser=SOMEBODY,
)


NUMBERS = st.integers(0, 2).map(lambda place: f"HT-{place}")
HERE = st.sampled_from([NANLONG, SHALI])
RELEASES = st.builds(
    ReleaseFact,
    contract=NUMBERS,
    community=HERE,
    year=st.just(2023),
    grade=st.sampled_from(Grade),
    withheld_fen=st.integers(0, 100_000),
    base_fen=st.integers(0, 2_000_000),
    terms=TERMS,
)
ADJUSTMENTS = st.builds(
    AdjustmentFact,
    contract=NUMBERS,
    community=HERE,
    month=st.integers(1, 12).map(lambda number: Month(2023, number)),
    amount_fen=st.integers(-50_000, -1) | st.integers(1, 50_000),
    reason=st.just("更正"),
    terms=TERMS,
    adviser=SOMEBODY,
)


@st.composite
def carries(draw: st.DrawFn, number: int) -> CarryFact:
    """What is left of a month of 2023, shared out as one scheme does."""
    sources = draw(SHARES)
    parts = [draw(st.integers(-60_000, 5_000)) for _ in sources]
    return CarryFact(
        Month(2023, number),
        tuple((source, part) for (source, _), part in zip(sources, parts, strict=True)),
    )


@st.composite
def months_of_facts(draw: st.DrawFn) -> MonthFacts:
    """A street's month of 2024, a leap year, with one to three contracts."""
    month = Month(2024, draw(st.integers(1, 12)))
    count = draw(st.integers(1, 3))
    return MonthFacts(
        street=STREET,
        month=month,
        contracts=[draw(contracts(f"HT-{place}")) for place in range(count)],
        assignments=draw(st.lists(ASSIGNMENTS, max_size=6)),
        sessions=draw(st.dictionaries(COMMUNITIES, st.lists(SESSIONS, max_size=8))),
        lectures=draw(st.lists(LECTURES, max_size=8)),
        shifts=draw(st.lists(shifts(month), max_size=5)),
        claims=draw(st.lists(CLAIMS, max_size=8, unique_by=lambda claim: claim.case_number)),
        releases=draw(
            st.lists(RELEASES, max_size=2, unique_by=lambda one: (one.contract, one.community))
        ),
        adjustments=draw(
            st.lists(
                ADJUSTMENTS,
                max_size=3,
                unique_by=lambda one: (one.contract, one.community, one.month),
            )
        ),
        activities=draw(st.lists(ACTIVITIES, max_size=8)),
        points=draw(st.lists(POINTS, max_size=5)),
        older_carries=[draw(carries(3))] if draw(st.booleans()) else (),
        carry=draw(st.none() | carries(11)),
    )


CAPPED = st.builds(
    SchemeTerms,
    scheme=st.sampled_from(["FA", "FB"]),
    effective_on=st.just(date(2024, 1, 1)),
    annual_fen=st.just(0),
    cycle=st.just(Cycle.MONTH),
    case_fen=st.just({Difficulty.SIMPLE: 20_000}),
    case_cap_fen=st.integers(1, 5).map(lambda number: number * 10_000),
)
TOWNS = [[NANLONG], [ELSEWHERE], [NANLONG, ELSEWHERE], [SHALI, ELSEWHERE]]


@st.composite
def firms_with_cases(draw: st.DrawFn) -> MonthFacts:
    """All contracts of a firm, over communities of two streets, and the claims they share."""
    contracts = [
        ContractFact(
            number=f"HT-{place}",
            kind=ContractKind.PROCUREMENT,
            communities=draw(st.sampled_from(TOWNS)),
            starts_on=date(2024, 1, 1),
            ends_on=date(2024, 12, 31),
            scheme_versions=[draw(CAPPED)],
        )
        for place in range(draw(st.integers(2, 4)))
    ]
    claims = [
        ClaimFact(
            case_number=f"AJ-{place}",
            closed_on=draw(NEW_YEAR),
            community=draw(st.sampled_from([NANLONG, ELSEWHERE])),
            difficulty=Difficulty.SIMPLE,
        )
        for place in range(draw(st.integers(3, 9)))
    ]
    return MonthFacts(street=STREET, month=Month(2024, 2), contracts=contracts, claims=claims)
