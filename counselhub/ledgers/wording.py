"""Words of the reconciliation's pages and documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from counselhub.core.i18n import listed, page_text
from counselhub.core.money import format_yuan
from counselhub.ledgers.kinds import Measure
from counselhub.ledgers.suggestions import Hint


def hint_words(suggestion: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the sentence of a suggestion. names: of communities, by code."""
    given = {name: str(value) for name, value in suggestion.items() if name != "hint"}
    for name in ("place", "places"):
        if name in given:
            given[name] = listed(names.get(code, code) for code in given[name].split(","))
    return page_text(Hint.of(suggestion["hint"]).word) % given


def codes_in(suggestions: list[Mapping[str, Any]]) -> set[str]:
    """Return the communities that suggestions name."""
    found = (one.get(name, "") for one in suggestions for name in ("place", "places"))
    return {code for text in found for code in str(text).split(",") if code}


def figure(measure: str, side: Mapping[str, Any] | None) -> str:
    """Return what a side says of a measure, "—" where it says nothing."""
    value = side.get(measure) if side else None
    if value is None:
        return "—"
    if measure == Measure.AMOUNT:
        return format_yuan(value)
    return hours(value) if measure == Measure.MINUTES else str(value)


def hours(minutes: int) -> str:
    """Write minutes as hours with at most two decimals."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def unit(measure: str) -> str:
    """Return the unit of a measure."""
    units = {
        Measure.AMOUNT: _("元"),
        Measure.VISITS: _("次"),
        Measure.MINUTES: _("小时"),
        Measure.LECTURES: _("场"),
        Measure.CASES: _("件"),
    }
    return str(units[Measure.of(measure)])


def month_words(month: date) -> str:
    """Write a month as documents do."""
    return f"{month.year}年{month.month}月"
