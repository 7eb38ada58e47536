"""A difference sheet as both sides confirm it: rows, totals and their digest. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson

FIGURES = ("amount_fen", "visits", "minutes", "lectures", "cases")


def row_of(line: Any) -> dict[str, Any]:
    """Return a line as a sheet keeps it. line: a LedgerLine with its community."""
    return {
        "code": line.community_code,
        "community": line.community.short_name,
        "contract": line.contract_number or (line.claimed or {}).get("contract", ""),
        "outcome": line.outcome,
        "ledger": _figures(line.ledger),
        "claimed": _figures(line.claimed),
        "gap_fen": line.gap_fen,
        "party": line.party,
        "cause": line.cause,
        "words": line.words,
        "settled_by": line.settled_by_name or "",
        "status": line.status,
        "answer": line.answer_words,
    }


def _figures(side: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: side[name] for name in FIGURES} if side else None


def by_party(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the gaps in fen by whose record was wrong, those of every party."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["party"]] = sums.get(row["party"], 0) + row["gap_fen"]
    return sums


def digest(
    street: str, month: date, firm: str, version: int, *, rows: list[Any], totals: Mapping[str, Any]
) -> str:
    """Return the SHA-256 in hex of what is confirmed, as JSON without blanks, keys in order."""
    document = {
        "street": street,
        "month": f"{month:%Y-%m}",
        "firm": firm,
        "version": version,
        "rows": rows,
        "totals": totals,
    }
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()
