"""Which template is sound, and that the parts of a sound one sum to its total whatever the log."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.programme import data, rules
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.kinds import UNITS, Measure, Part, Unit
from counselhub.programme.rules import Cell, Column, Fault, Tally, Template
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode

K, M, P, U = ServiceKind, Measure, Part, Unit
ALL = frozenset(K)
TALK = Column("咨询", U.PERSON_TIMES, M.PERSONS, frozenset({K.CONSULTATION}))
CALLS = Column("电话咨询", U.TIMES, kinds=TALK.kinds, modes=frozenset({ServiceMode.PHONE}))
OTHERS = Column("另外", U.CASES, kinds=ALL - {K.CONSULTATION})
REST = Column("其他", U.ITEMS, part=P.REST)


def template(*columns: Column, has_total: bool = True) -> Template:
    return Template("某表", "某统计表", columns, has_total)


@pytest.mark.parametrize("code", BUILT_IN)
def test_the_built_in_templates_are_sound(code: str) -> None:
    assert rules.faults(BUILT_IN[code]) == []


@pytest.mark.parametrize(
    ("columns", "faults"),
    [
        pytest.param([TALK, OTHERS], [], id="each kind in one part"),
        pytest.param([TALK, REST], [], id="a rest takes what nobody names"),
        pytest.param([CALLS, REST], [], id="a rest takes the other modes"),
        pytest.param(
            [TALK, replace(CALLS, part=P.ASIDE), OTHERS], [], id="of which, beside the total"
        ),
        pytest.param([], [Fault("none")], id="no column"),
        pytest.param(
            [replace(TALK, part=P.ASIDE)], [Fault("none")], id="nothing that the total sums"
        ),
        pytest.param(
            [TALK, replace(OTHERS, kinds=OTHERS.kinds - {K.TRAINING})],
            [Fault("left_out", None, (K.TRAINING,))],
            id="a kind left out",
        ),
        pytest.param(
            [CALLS, OTHERS], [Fault("left_out", None, (K.CONSULTATION,))], id="a mode left out"
        ),
        pytest.param(
            [TALK, replace(OTHERS, kinds=ALL)],
            [Fault("twice", 1, (K.CONSULTATION,), other=0)],
            id="a kind twice",
        ),
        pytest.param(
            [TALK, CALLS, OTHERS],
            [Fault("twice", 1, (K.CONSULTATION,), other=0)],
            id="a mode twice",
        ),
        pytest.param(
            [TALK, REST, replace(REST, title="余下")], [Fault("rests", 2, other=1)], id="two rests"
        ),
        pytest.param(
            [TALK, replace(REST, kinds=frozenset({K.OTHER}))],
            [Fault("takes_none", 1)],
            id="a rest that names a kind",
        ),
        pytest.param(
            [TALK, OTHERS, Column("签到", U.TIMES, M.SESSIONS, part=P.ASIDE)], [], id="duty aside"
        ),
        pytest.param(
            [TALK, OTHERS, Column("签到", U.TIMES, M.SESSIONS)],
            [Fault("not_summed", 2)],
            id="duty in the total",
        ),
        pytest.param(
            [TALK, replace(OTHERS, measure=M.RECOVERED, unit=U.YUAN)],
            [Fault("not_summed", 1)],
            id="yuan in the total",
        ),
        pytest.param(
            [replace(TALK, unit=U.YUAN), OTHERS], [Fault("unit", 0)], id="heads are no yuan"
        ),
        pytest.param(
            [TALK, replace(OTHERS, title="咨询")],
            [Fault("same_title", 1, other=0)],
            id="one title twice",
        ),
        pytest.param([replace(TALK, title=""), OTHERS], [Fault("untitled", 0)], id="no title"),
        pytest.param(
            [TALK, OTHERS, Column("空", U.CASES)], [Fault("no_kinds", 2)], id="a part of nothing"
        ),
    ],
)
def test_faults(columns: list[Column], faults: list[Fault]) -> None:
    assert rules.faults(template(*columns)) == faults


def test_without_a_total_a_kind_may_be_left_out_but_not_counted_twice() -> None:
    assert rules.faults(template(TALK, has_total=False)) == []
    twice = rules.faults(template(TALK, replace(TALK, title="又"), has_total=False))
    assert [fault.code for fault in twice] == ["twice"]
    assert rules.uncounted(template(TALK, has_total=False)) == tuple(
        kind for kind in K if kind is not K.CONSULTATION
    )


def test_too_many_columns() -> None:
    asides = [Column(f"其中{n}", U.CASES, part=P.ASIDE) for n in range(rules.MOST_COLUMNS)]
    assert [one.code for one in rules.faults(template(REST, *asides))] == ["many"]
    assert rules.faults(template(REST, *asides[1:])) == []


cells = st.tuples(
    st.sampled_from(K), st.sampled_from([*ServiceMode, None]), st.sampled_from([*DisputeKind, None])
)
amounts = st.integers(0, 10**6)
tallies = st.builds(Tally, amounts, amounts, amounts, amounts)
logs = st.dictionaries(cells, tallies, max_size=12)


@st.composite
def drawn(draw: st.DrawFn) -> Template:
    """Columns at random: mostly a partition of the kinds, often with a fault."""
    places = draw(st.lists(st.integers(0, 4), min_size=len(K), max_size=len(K)))
    columns = []
    for place in sorted(set(places)):
        kinds = frozenset(kind for kind, at in zip(K, places, strict=True) if at == place)
        measure = draw(st.sampled_from([M.COUNT, M.PERSONS, M.COPIES]))
        modes = draw(st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(ServiceMode))))
        unit = draw(st.sampled_from(sorted(UNITS[measure])))
        columns.append(Column(f"栏{place}", unit, measure, kinds, modes))
    if draw(st.booleans()):
        columns[-1] = replace(columns[-1], kinds=columns[-1].kinds | {draw(st.sampled_from(K))})
    if draw(st.booleans()):
        columns.append(REST)
    return template(*draw(st.permutations(columns)))


@settings(max_examples=60)
@given(drawn(), logs)
def test_the_parts_of_a_sound_template_sum_to_its_total(
    made: Template, log: dict[Cell, Tally]
) -> None:
    if not rules.faults(made):
        parts = [
            value
            for column, value in zip(made.columns, rules.values(made, log), strict=True)
            if column.is_summed
        ]
        assert sum(parts) == rules.total(made, log)


@settings(max_examples=60)
@given(drawn())
def test_a_refused_partition_miscounts_some_record(made: Template) -> None:
    """What is refused as left out or twice has a record that the parts count not once."""
    codes = {fault.code for fault in rules.faults(made)}
    once = Counter(
        sum(made.feeds(part, (kind, *said)) for part in made.parts)
        for kind in K
        for said in rules.MANNERS
    )
    assert bool(codes & {"left_out", "twice"}) == bool(set(once) - {1})


@settings(max_examples=30)
@given(drawn())
def test_a_template_is_read_as_it_was_written(made: Template) -> None:
    assert data.read(data.written(made.columns)) == made.columns
