"""Small charts as SVG made here: no script, no inline style. Each has a title and a pattern.

A chart never stands alone: what it draws is also written beside it, so its title says all of it
for whoever does not see it, and patterns tell parts apart without colour. The patterns lie once on
a page (`reports/_patterns.html`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from counselhub.core.i18n import listed, titled
from counselhub.reports.figures import Figures
from counselhub.roster.kinds import SlotStatus

WIDTH, HEIGHT, GAP = 160, 12, 1
HUNDRED = 100
PATTERNS: Mapping[str, str] = {
    "short": "stripes",
    "missed": "cross",
    "substituted": "dots",
    "grade-b": "dots",
    "grade-c": "stripes",
    "grade-d": "cross",
}
"""What lies over the colour of a part; parts that are not here are plain."""
ORDER = (
    SlotStatus.DONE,
    SlotStatus.SUBSTITUTED,
    SlotStatus.SHORT,
    SlotStatus.MISSED,
    SlotStatus.PLANNED,
)
"""From what went well to what is still to come; what was called off counts for nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar. look: its class in reports.css, and of its pattern."""

    label: str
    value: int
    look: str


def slot_parts(figures: Figures) -> list[Part]:
    """Return the slots of a month by what became of them, without empty parts."""
    found = [Part(one.label, int(getattr(figures, one.value)), one.value) for one in ORDER]
    return [part for part in found if part.value]


def grade_parts(figures: Figures) -> list[Part]:
    """Return the sessions of a month by their grade, without empty parts."""
    return [
        Part(grade, count, f"grade-{grade.lower()}")
        for grade, count in figures.grades.items()
        if count
    ]


def bar(title: str, parts: Sequence[Part], *, width: int = WIDTH, height: int = HEIGHT) -> Markup:
    """Return one bar cut into parts by their values; an empty frame without any."""
    total = sum(part.value for part in parts)
    words = listed(f"{part.label} {part.value}" for part in parts) or "0"
    inside, at = Markup(""), 0.0
    for part in parts:
        span = part.value * width / total
        inside += _rect(at, max(span - GAP, 0.5), height, part.look)
        at += span
    return _svg(titled(title, words), width, height, inside)


def target(title: str, percent: int | None, *, look: str, width: int = WIDTH) -> Markup:
    """Return how far something is, of a whole; a frame alone where nothing is asked."""
    inside = Markup("")
    if percent is not None:
        inside = _rect(0, min(percent, HUNDRED) * width / HUNDRED, HEIGHT, look)
    said = "—" if percent is None else f"{percent}%"
    return _svg(titled(title, said), width, HEIGHT, inside)


def sample(look: str) -> Markup:
    """Return the little square of a legend."""
    return Markup('<svg class="duty-key" viewBox="0 0 12 12" aria-hidden="true">{}</svg>').format(
        _rect(0, HEIGHT, HEIGHT, look)
    )


def _rect(at: float, span: float, height: int, look: str) -> Markup:
    shape = Markup('<rect x="{:.1f}" y="0" width="{:.1f}" height="{}" class="part-{}"/>').format(
        at, span, height, look
    )
    if pattern := PATTERNS.get(look):
        shape += Markup(
            '<rect x="{:.1f}" y="0" width="{:.1f}" height="{}" fill="url(#{})"/>'
        ).format(at, span, height, f"pattern-{pattern}")
    return shape


def _svg(said: str, width: int, height: int, inside: Markup) -> Markup:
    return Markup(
        '<svg class="duty-bar" role="img" viewBox="0 0 {0} {1}" preserveAspectRatio="none"'
        ' aria-label="{2}"><title>{2}</title>'
        '<rect x="0" y="0" width="{0}" height="{1}" class="part-ground"/>{3}</svg>'
    ).format(width, height, said, inside)
