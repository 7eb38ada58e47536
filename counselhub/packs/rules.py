"""Can money be computed from a version, and when may it begin? Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from counselhub.schemes import rules as schemes
from counselhub.schemes.rules import Terms
from counselhub.statements import codes, pack_codes
from counselhub.statements.terms import SchemeRefusedError, SchemeTerms

Document = Mapping[str, Any]

FIELDS = {
    "class_fen": "class_amounts",
    "class_of": "class_members",
    "factors": "factor_rows",
    "release_percents": "release_excellent",
    "grade_deductions": "deduct_incompetent",
}
"""The field of the form that a column of the rules is filled in at, where they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a version says: the columns that a workbook knows, and the rest as a document."""

    terms: Terms
    document: Document
    note: str = ""


def kept(terms: Terms) -> dict[str, Any]:
    """Return the terms as a version keeps them: without the day, exact numbers as texts."""
    columns = asdict(terms)
    del columns["effective_from"]
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in columns.items()
        if value is not None
    }


def terms_of(stored: Document, effective_from: date) -> Terms:
    """Return what was kept."""
    exact = {name: Decimal(stored[name]) for name in codes.EXACT_COLUMNS if name in stored}
    return Terms(**{**stored, **exact, "effective_from": effective_from})


def scheme_terms(code: str, terms: Terms, document: Document) -> SchemeTerms:
    """Return what the money rules take. Raises SchemeRefusedError."""
    columns = {**asdict(terms), "pack_terms": dict(document)}
    return codes.terms_of(code, columns)


def faults(draft: Draft) -> list[tuple[str, str]]:
    """Return (field, code) of everything that keeps a statement from being computed.

    The codes of `schemes.rules.faults` and of `PackTerms.faults`; `twice`: a kind of service that
    the version already pays as a lecture or a mediated case; `points`: a limit without a rate.
    """
    found = schemes.faults(draft.terms)
    found += [
        (FIELDS.get(at, at), code) for code, at in pack_codes.pack_of(draft.document).faults()
    ]
    found += [("activities", "twice")] if _pays_twice(draft) else []
    if found:
        return found
    try:
        scheme_terms("", draft.terms, draft.document)
    except SchemeRefusedError as refusal:
        return [(FIELDS.get(refusal.column, refusal.column), refusal.code)]
    return []


def _pays_twice(draft: Draft) -> bool:
    """Whether a service would be paid as an activity and once more by M6 or M8."""
    kinds = {kind for kind, *_ in draft.document.get("activities", ())}
    pays_cases = any(
        getattr(draft.terms, name)
        for name in ("case_simple_fen", "case_ordinary_fen", "case_major_fen")
    )
    return "lecture" in kinds or ("mediation" in kinds and pays_cases)


def may_begin(effective_from: date, today: date) -> bool:
    """Whether a version may become active: in future, or on the first of a month.

    That no adopter has submitted that month is for each of their schemes to say.
    """
    return effective_from > today or effective_from.day == 1


@dataclass(frozen=True, slots=True)
class Difference:
    """One term of two versions; "" where a version does not know it."""

    name: str
    left: str
    right: str


def differences(left: Mapping[str, str], right: Mapping[str, str]) -> Iterator[Difference]:
    """Give every term that either version knows, in the order of the first, then of the second."""
    for name in dict.fromkeys((*left, *right)):
        yield Difference(name, left.get(name, ""), right.get(name, ""))
