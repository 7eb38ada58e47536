"""From the codes that rows hold to the terms that the rules speak: the one place that knows both.

A code's Chinese word is the rules' value, so a code without a rule fails when this is imported.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from counselhub.assignments.kinds import AssignmentRole
from counselhub.claims import kinds as claims
from counselhub.contracts import kinds as contracts
from counselhub.schemes.kinds import DeductionMode, SettlementCycle
from counselhub.statements import pack_codes
from counselhub.statements.facts import ContractKind, DutyRole
from counselhub.statements.terms import (
    Cycle,
    Deduction,
    Difficulty,
    SchemeTerms,
    funding_shares,
)

CONTRACT_KINDS = {kind.value: ContractKind(kind.word) for kind in contracts.ContractKind}
ROLES = {role.value: DutyRole(role.word) for role in AssignmentRole}
DIFFICULTIES = {level.value: Difficulty(level.word) for level in claims.Difficulty}
CYCLES = {cycle.value: Cycle(cycle.word) for cycle in SettlementCycle}
DEDUCTIONS = {mode.value: Deduction(mode.word) for mode in DeductionMode}

VERSION_COLUMNS = (
    "effective_from",
    "annual_fen",
    "cycle",
    "required_hours",
    "required_visits",
    "shortest_visit_minutes",
    "lowest_grade",
    "deduction_mode",
    "deduction_fen",
    "lecture_fen",
    "lecture_quarter_cap",
    "online_day_fen",
    "case_simple_fen",
    "case_ordinary_fen",
    "case_major_fen",
    "case_extraordinary_fen",
    "oral_percent",
    "case_year_cap_fen",
    "withhold_percent",
    "city_percent",
    "district_percent",
    "street_percent",
    "pack_terms",
)
"""Columns of `scheme_version` that `terms_of` reads."""

EXACT_COLUMNS = frozenset(
    {
        "required_hours",
        "oral_percent",
        "withhold_percent",
        "city_percent",
        "district_percent",
        "street_percent",
    }
)
"""Those of them that are no whole numbers: they travel as text."""

VERSION_VALUES = ", ".join(
    f"v.{name}::text" if name in EXACT_COLUMNS else f"v.{name}" for name in VERSION_COLUMNS
)
"""SQL of a version v's columns; exact numbers as text, which JSON would make floats."""

_CASE_COLUMNS = {
    "case_simple_fen": Difficulty.SIMPLE,
    "case_ordinary_fen": Difficulty.ORDINARY,
    "case_major_fen": Difficulty.MAJOR,
    "case_extraordinary_fen": Difficulty.EXCEPTIONAL,
}


def version_of(values: Sequence[Any]) -> dict[str, Any]:
    """Return one version's columns. values: of VERSION_COLUMNS, as JSON."""
    version = dict(zip(VERSION_COLUMNS, values, strict=True))
    for name in EXACT_COLUMNS:
        version[name] = None if version[name] is None else Decimal(version[name])
    since = version["effective_from"]
    version["effective_from"] = None if since is None else date.fromisoformat(since)
    return version


def terms_of(scheme_code: str, version: dict[str, Any]) -> SchemeTerms:
    """Return one version's terms. version: a value for each of VERSION_COLUMNS.

    Raises SchemeRefusedError when no statement can be computed from it.
    """
    hours: Decimal | None = version["required_hours"]
    return SchemeTerms(
        scheme=scheme_code,
        effective_on=version["effective_from"] or date.min,
        annual_fen=version["annual_fen"],
        cycle=CYCLES[version["cycle"]],
        required_minutes=None if hours is None else Fraction(hours) * 60,
        required_visits=version["required_visits"],
        # Blank is one minute (M3).
        shortest_visit_minutes=_or(version["shortest_visit_minutes"], 1),
        lowest_grade=version["lowest_grade"] or "D",
        deduction=DEDUCTIONS[version["deduction_mode"]],
        deduction_fen=version["deduction_fen"],
        lecture_fen=version["lecture_fen"],
        lecture_cap=version["lecture_quarter_cap"],
        online_fen=version["online_day_fen"],
        case_fen=_case_amounts(version),
        oral_percent=_plain(version["oral_percent"]),
        case_cap_fen=version["case_year_cap_fen"],
        withhold_percent=_plain(version["withhold_percent"]),
        **(pack_codes.read(version["pack_terms"]) if version["pack_terms"] else {}),
        shares=funding_shares(
            *(_plain(version[f"{source}_percent"]) for source in ("city", "district", "street"))
        ),
    )


def _case_amounts(version: dict[str, Any]) -> dict[Difficulty, int]:
    """Return the classes that have an amount."""
    amounts = {level: version[column] for column, level in _CASE_COLUMNS.items()}
    return {level: fen for level, fen in amounts.items() if fen is not None}


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _plain(percent: Decimal | None) -> Decimal | None:
    """Drop the zeros that the column adds: 10.0000 is 10."""
    if percent is None:
        return None
    whole = percent.to_integral_value()
    return whole if whole == percent else percent.normalize()
