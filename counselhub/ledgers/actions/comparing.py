"""Work out what a comparison makes of a month's lines; writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.money import format_yuan
from counselhub.ledgers import claimed, queries, rules
from counselhub.ledgers.claimed import Claimed
from counselhub.ledgers.kinds import SHUT, LineStatus, Outcome
from counselhub.ledgers.models import NO_FIRM, LedgerLine, LedgerSheet
from counselhub.ledgers.rules import LedgerFact, Pair, StatementFact, Tolerance
from counselhub.ledgers.suggestions import suggest

Key = tuple[UUID, str, str]
"""Firm, community, contract: what no two lines of a month share."""
SETTLEMENT = ("party", "cause", "words", "routed", "settled_at", "settled_by_name")
ANSWER = ("answer_words", "answered_at", "answered_by_name")
BLANK: Mapping[str, Any] = {
    **dict.fromkeys(SETTLEMENT + ANSWER),
    "words": "",
    "answer_words": "",
    "earlier": None,
}
SETTLED = frozenset({LineStatus.SETTLED, LineStatus.AGREED, LineStatus.DISPUTED})
KEPT = (
    "id", "firm_id", "community_code", "contract_number", "outcome", "status", "differs", "ledger",
    "claimed", "row_number", "suggestions", "earlier", "published_at", "statement_id", *SETTLEMENT,
    *ANSWER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: a street's month, of one firm when it is named."""

    street: str
    month: date
    firm_id: UUID | None = None


@dataclass
class Plan:
    """What a comparison would write. counts: by outcome; shut: (row of the file, sentence)."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    shut: list[tuple[int | None, str]] = field(default_factory=list)


def plan(
    asked: Asked,
    rows: Iterable[LedgerFact],
    notes: Mapping[tuple[str, str], str],
    tolerance: Tolerance,
) -> Plan:
    """Hold ledger rows against the submitted statements, and that against the lines there are.

    notes: remarks of the ledger by the rows' keys. Sends five statements, whatever the size.
    """
    found = claimed.submitted(asked.street, asked.month, asked.firm_id)
    pairs = rules.reconcile(rows, found.facts, tolerance)
    made = Plan(counts=rules.counted(pairs))
    _Differ(asked, found, made, notes).go_through(pairs)
    return made


class _Differ:
    """Gives each pair its line: the one that was there, or a new one."""

    def __init__(
        self, asked: Asked, found: Claimed, made: Plan, notes: Mapping[tuple[str, str], str]
    ) -> None:
        self.asked, self.found, self.made, self.notes = asked, found, made, notes
        self.sheets = queries.live_sheets(asked.street, asked.month)
        self.served = claimed.served(asked.street, asked.month)
        self.before = {
            (one["firm_id"], one["community_code"], one["contract_number"]): one
            for one in _lines(asked)
        }
        self.owners = {key[1:]: key[0] for key, one in self.before.items() if one["ledger"]}
        self.is_first = not self.before

    def go_through(self, pairs: Sequence[Pair]) -> None:
        """Fill the plan; lines that no pair takes are gone."""
        offered = suggest(pairs, claimed.other_months(self.asked.street, self.asked.month))
        rows = set()
        for place, pair in enumerate(pairs):
            hints = [one.document() for one in offered.get(place, ())]
            key = self._firm(pair), pair.community, pair.contract
            rows.add(key[1:])
            self._put(key, pair, hints)
        for key, one in self.before.items():
            # A file of one firm says nothing of rows of nobody that it does not have.
            if self.asked.firm_id is None or key[0] == self.asked.firm_id or key[1:] in rows:
                self._drop(key, one)

    def _firm(self, pair: Pair) -> UUID:
        if pair.statement:
            return UUID(pair.statement.firm)
        if self.asked.firm_id is not None:
            return self.asked.firm_id
        known = claimed.firm_of(pair.community, pair.contract, self.served)
        return UUID(known) if known else self.owners.get((pair.community, pair.contract), NO_FIRM)

    def _put(self, key: Key, pair: Pair, hints: list[dict[str, Any]]) -> None:
        old = self.before.pop(key, None)
        line = self._line(key, pair, hints)
        sides = line["ledger"], line["claimed"]
        is_settled = old is not None and old["status"] in SETTLED
        fate = rules.fate_of(
            (old["ledger"], old["claimed"]) if old else None, sides, is_settled=is_settled
        )
        line |= _standing(pair, old, fate)
        if old and {name: old[name] for name in KEPT} == {name: line[name] for name in KEPT}:
            return
        if fate != "same":
            self._tell(fate, key, old, line)
        self.made.lines.append(line)

    def _line(self, key: Key, pair: Pair, hints: list[dict[str, Any]]) -> dict[str, Any]:
        firm_id, community, contract = key
        ours, sheet = pair.statement, self.sheets.get(firm_id)
        return {
            "id": uuid7(),
            "firm_id": firm_id,
            "community_code": community,
            "contract_number": contract,
            "outcome": pair.outcome.value,
            "differs": [one.value for one in pair.differs],
            "ledger": _told(pair.ledger, self.notes),
            "claimed": _claimed(ours),
            "ledger_fen": pair.ledger.figures.amount_fen if pair.ledger else None,
            "claimed_fen": ours.figures.amount_fen if ours else None,
            "gap_fen": pair.gap_fen,
            "statement_id": self.found.statements[ours.firm] if ours else None,
            "row_number": pair.ledger.row if pair.ledger else None,
            "suggestions": hints,
            "published_at": sheet.published_at if sheet else None,
        }

    def _tell(
        self, what: str, key: Key, old: Mapping[str, Any] | None, line: Mapping[str, Any] | None
    ) -> None:
        """Note a change against the import before, and whom it may not concern any more."""
        sheet = self.sheets.get(key[0])
        if sheet is not None and sheet.status in SHUT:
            row = line["row_number"] if line else None
            self.made.shut.append((row, _shut(sheet, key)))
        if self.is_first:
            return
        before, after = ({"ledger": one["ledger"], "claimed": one["claimed"]} if one else None
                         for one in (old, line))  # fmt: skip
        self.made.changes.append(
            {"what": what, "community": key[1], "contract": key[2], "before": before,
             "after": after}
        )  # fmt: skip

    def _drop(self, key: Key, old: Mapping[str, Any]) -> None:
        self.made.gone.append(old["id"])
        self._tell("gone", key, old, None)


def _standing(pair: Pair, old: Mapping[str, Any] | None, fate: str) -> dict[str, Any]:
    """Return what of an earlier line stays: its id, and its settlement while nothing changed."""
    status = LineStatus.CLEAR if pair.outcome is Outcome.MATCHED else LineStatus.OPEN
    if old is None:
        return {**BLANK, "status": status.value}
    kept: dict[str, Any] = {"id": old["id"], "status": status.value, **BLANK}
    if status is LineStatus.OPEN and fate == "same":
        names = (*SETTLEMENT, *ANSWER, "earlier")
        was_open = old["status"] == LineStatus.CLEAR
        return kept | ({} if was_open else {name: old[name] for name in ("status", *names)})
    if fate == "reopened":
        told = ("ledger", "claimed", *SETTLEMENT)
        kept["earlier"] = {name: _plain(old[name]) for name in told}
    return kept


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _told(row: LedgerFact | None, notes: Mapping[tuple[str, str], str]) -> dict[str, Any] | None:
    if row is None:
        return None
    return {**row.figures._asdict(), "note": notes.get(row.key, "")}


def _claimed(fact: StatementFact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {**fact.figures._asdict(), "held": list(fact.held), "contract": fact.contract}


def _lines(asked: Asked) -> list[dict[str, Any]]:
    """Return the lines there are, those of one firm and of nobody when a firm is named."""
    query = select(*(getattr(LedgerLine, name) for name in KEPT)).where(
        LedgerLine.street_code == asked.street, LedgerLine.month == asked.month
    )
    if asked.firm_id is not None:
        query = query.where(LedgerLine.firm_id.in_((asked.firm_id, NO_FIRM)))
    return [dict(row) for row in db.session.execute(query).mappings()]


def _shut(sheet: LedgerSheet, key: Key) -> str:
    return str(
        _(
            "社区 %(community)s 的内容有变，但这家律所 %(month)s 的差异表第 %(version)s 版已定稿。"
            "请先另开新版，再导入",
            community=key[1],
            month=f"{sheet.month:%Y-%m}",
            version=sheet.version,
        )
    )


def words_of(change: Mapping[str, Any]) -> tuple[str, str]:
    """Return what both sides said of a changed line before and after, amounts in yuan."""
    return _amounts(change["before"]), _amounts(change["after"])


def _amounts(sides: Mapping[str, Any] | None) -> str:
    if sides is None:
        return "—"
    ledger, ours = sides["ledger"], sides["claimed"]
    return str(
        _(
            "台账 %(ledger)s，结算单 %(claimed)s",
            ledger=format_yuan(ledger["amount_fen"]) if ledger else "—",
            claimed=format_yuan(ours["amount_fen"]) if ours else "—",
        )
    )
