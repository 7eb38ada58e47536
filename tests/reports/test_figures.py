"""What figures say of a month, without a database."""

import pytest

from counselhub.reports.figures import NAMES, Figures


@pytest.mark.parametrize(
    ("given", "percent", "behind"),
    [
        pytest.param({}, None, False, id="nothing was asked"),
        pytest.param(
            {"places": 1, "required_minutes": 480, "missing_minutes": 120}, 75, True, id="hours"
        ),
        pytest.param(
            {"places": 2, "required_visits": 4, "missing_visits": 3}, 25, True, id="visits"
        ),
        pytest.param({"places": 1, "met": 1, "required_minutes": 480}, 100, False, id="all done"),
        pytest.param({"planned_minutes": 240, "minutes": 180}, 75, True, id="planned only"),
        pytest.param({"planned_minutes": 240, "minutes": 300}, 100, False, id="more than planned"),
        pytest.param(
            {"places": 2, "required_minutes": 960, "missing_minutes": 480, "minutes": 999},
            50,
            True,
            id="too much in one place fills no gap in another",
        ),
    ],
)  # fmt: skip
def test_how_much_of_what_was_asked(given: dict[str, int], percent: int, behind: bool) -> None:
    figures = Figures(**given)
    assert (figures.percent, figures.is_behind) == (percent, behind)


@pytest.mark.parametrize(
    ("given", "unproven", "absent"),
    [
        pytest.param({"sessions": 2, "grade_b": 2}, False, False, id="proven"),
        pytest.param({"sessions": 2, "grade_b": 1, "grade_d": 1}, True, False, id="one is not"),
        pytest.param({"places": 1, "required_visits": 1}, True, False, id="required, nobody came"),
        pytest.param({"missed": 1}, True, True, id="missed"),
        pytest.param({"short": 1, "sessions": 1, "grade_c": 1}, False, True, id="too short"),
        pytest.param({"excused": 1}, False, False, id="called off"),
    ],
)
def test_what_is_wanting(given: dict[str, int], unproven: bool, absent: bool) -> None:
    figures = Figures(**given)
    assert (figures.is_unproven, figures.is_absent) == (unproven, absent)


def test_sums_add_every_figure_up() -> None:
    one = Figures(**{name: place for place, name in enumerate(NAMES)})
    assert Figures.of([one, one]) == Figures(**{n: 2 * place for place, n in enumerate(NAMES)})
    assert one.slots == one.planned + one.done + one.short + one.missed + one.substituted
