"""What a rule pack says beside a workbook's columns: from its JSON to the terms of the rules.

The document holds only what is filled in: `classes` [{name, annual_fen, communities}], `factors`
{budget_fen, weights, communities: [[code, population, disputes, contracts]]}, `activities` [[kind,
fen, cap]], whole numbers under the names of `PackTerms`, and percentages by grade, as texts, under
`release` and `grade_deductions`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from counselhub.schemes.kinds import AllotmentFactor, AssessedGrade
from counselhub.services.kinds import ServiceKind
from counselhub.statements.pack_terms import Activity, Factor, Factors, PackTerms
from counselhub.statements.terms import USUAL_RELEASE, Grade

Document = Mapping[str, Any]

GRADES = {grade.value: Grade(grade.word) for grade in AssessedGrade}
FACTORS = {factor.value: Factor(factor.word) for factor in AllotmentFactor}
ACTIVITIES = {kind.value: kind.word for kind in ServiceKind}
NUMBERS = (
    "visit_fen",
    "visit_cap",
    "hour_fen",
    "hour_cap",
    "point_fen",
    "point_cap",
    "point_floor",
)
"""The names that document and `PackTerms` share."""


def read(document: Document) -> dict[str, Any]:
    """Return the fields of `SchemeTerms` that a document fills."""
    released = percents(document.get("release"))
    return {
        "release_percents": {**USUAL_RELEASE, **released},
        "grade_deductions": percents(document.get("grade_deductions")),
        "pack": pack_of(document),
    }


def pack_of(document: Document) -> PackTerms:
    """Return what the document says of pay."""
    classes = document.get("classes", ())
    activities = document.get("activities", ())
    return PackTerms(
        class_fen={one["name"]: one["annual_fen"] for one in classes},
        class_of={code: one["name"] for one in classes for code in one["communities"]},
        factors=_factors(document.get("factors")),
        activities={ACTIVITIES[kind]: Activity(fen, cap) for kind, fen, cap in activities},
        **{name: document.get(name) for name in NUMBERS},
    )


def percents(given: Mapping[str, str] | None) -> dict[Grade, Decimal]:
    """Return percentages by grade; none for a grade that is not filled in."""
    return {GRADES[code]: Decimal(percent) for code, percent in (given or {}).items()}


def _factors(given: Document | None) -> Factors | None:
    if given is None:
        return None
    rows = given["communities"]
    return Factors(
        budget_fen=given["budget_fen"],
        weights={FACTORS[code]: Decimal(weight) for code, weight in given["weights"].items()},
        communities={code: (counts[0], counts[1], counts[2]) for code, *counts in rows},
    )
