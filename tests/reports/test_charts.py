"""Charts say in words what they draw, tell parts apart without colour, and hold no markup."""

import re
from pathlib import Path

from flask import Flask

from counselhub.reports import charts
from counselhub.reports.charts import Part
from counselhub.reports.figures import Figures

PATTERNS = Path(__file__).resolve().parents[2] / "templates" / "reports" / "_patterns.html"


def test_a_bar_is_as_long_as_its_parts(app: Flask) -> None:
    with app.test_request_context():
        drawn = charts.bar("班次", [Part("到岗", 3, "done"), Part("缺勤", 1, "missed")])
    widths = re.findall(r'width="([0-9.]+)" height="12" class="part-(?:done|missed)"', drawn)
    assert widths == ["119.0", "39.0"]
    assert "班次：到岗 3、缺勤 1" in drawn
    assert "style" not in drawn


def test_what_somebody_typed_stays_text(app: Flask) -> None:
    with app.test_request_context():
        drawn = charts.bar("<b>", [Part('"><script>', 1, "done")])
    assert "<script>" not in drawn


def test_nothing_to_draw_is_an_empty_frame(app: Flask) -> None:
    with app.test_request_context():
        assert charts.bar("班次", []).count("<rect") == 1
        assert charts.target("应到", None, look="met").count("<rect") == 1
        assert 'width="160.0"' in charts.target("应到", 250, look="met")


def test_every_part_but_the_first_has_its_own_pattern(app: Flask) -> None:
    names = {f"grade_{one}": 1 for one in "abcd"}
    with app.test_request_context():
        grades = charts.grade_parts(Figures(**names))
    patterns = [charts.PATTERNS.get(part.look) for part in grades]
    assert patterns == [None, "dots", "stripes", "cross"]
    defined = set(re.findall(r'id="pattern-([a-z]+)"', PATTERNS.read_text(encoding="utf-8")))
    assert set(charts.PATTERNS.values()) == defined
