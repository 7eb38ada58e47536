"""Write punches by the thousand: the same number of statements for any number of rows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from counselhub.attendance.facts import DayFact, Reading, Tap, Who, distinct
from counselhub.attendance.kinds import Vendor
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import current_firm_id

Values = dict[str, Any]
_ROW = re.compile(r"(?<![A-Z])[A-Z]++(?=\d+$)")

ACCOUNTS = """
INSERT INTO attendance_account
    (firm_id, id, vendor, known_as, userid, name, number, is_stranger, revision)
SELECT firm_id, id, vendor, known_as, userid, name, number, false, 1
FROM jsonb_populate_recordset(null::attendance_account, CAST(:rows AS jsonb))
ON CONFLICT (firm_id, vendor, known_as) DO UPDATE
SET name = excluded.name, number = coalesce(nullif(excluded.number, ''), attendance_account.number)
RETURNING id, known_as
"""
PLACES = """
INSERT INTO attendance_place (firm_id, id, words, is_ignored, revision)
SELECT firm_id, id, words, false, 1
FROM jsonb_populate_recordset(null::attendance_place, CAST(:rows AS jsonb))
ON CONFLICT (firm_id, words) DO UPDATE SET words = excluded.words
RETURNING id, words
"""
PUNCHES = """
INSERT INTO attendance_punch (firm_id, id, account_id, minute, day, planned_at, result, place_id,
    device, remark, mark, file_id, cell)
SELECT firm_id, id, account_id, minute, day, planned_at, result, place_id,
    device, remark, mark, file_id, cell
FROM jsonb_populate_recordset(null::attendance_punch, CAST(:rows AS jsonb))
ON CONFLICT (firm_id, account_id, minute) DO UPDATE
SET place_id = coalesce(attendance_punch.place_id, excluded.place_id),
    mark = CASE WHEN attendance_punch.mark = 'plain' THEN excluded.mark
        ELSE attendance_punch.mark END,
    planned_at = coalesce(attendance_punch.planned_at, excluded.planned_at),
    result = coalesce(nullif(attendance_punch.result, ''), excluded.result),
    device = coalesce(nullif(attendance_punch.device, ''), excluded.device),
    remark = coalesce(nullif(attendance_punch.remark, ''), excluded.remark)
WHERE (attendance_punch.place_id IS NULL AND excluded.place_id IS NOT NULL)
    OR (attendance_punch.mark = 'plain' AND excluded.mark <> 'plain')
RETURNING account_id, minute, xmax = 0 AS is_new
"""
DAYS = """
INSERT INTO attendance_day (firm_id, id, account_id, day, words)
SELECT firm_id, id, account_id, day, words
FROM jsonb_populate_recordset(null::attendance_day, CAST(:rows AS jsonb))
ON CONFLICT (firm_id, account_id, day) DO UPDATE SET words = excluded.words
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a reading: ids of accounts by the person's key, keys of new punches."""

    accounts: Mapping[str, UUID]
    new: frozenset[tuple[str, datetime]]


def store(
    vendor: Vendor,
    people: Iterable[Who],
    taps: Sequence[Tap],
    days: Sequence[DayFact],
    file_id: UUID | None,
) -> Stored:
    """Write accounts, places, punches and days; what is known already is only added to.

    A punch is known by account and minute. One that lacked an address or a mark gets it.
    """
    accounts = _accounts(vendor, people)
    known = distinct(list(taps))
    places = _places({tap.place for tap in known.values() if tap.place})
    keys = {account: key for key, account in accounts.items()}
    rows = [_punch(tap, accounts, places, file_id) for tap in known.values()]
    new = {
        (keys[account], clock.local(minute).replace(tzinfo=None))
        for account, minute, is_new in _sent(PUNCHES, rows)
        if is_new
    }
    _days(days, accounts)
    return Stored(accounts, frozenset(new))


def _sent(statement: str, rows: Sequence[Values]) -> Sequence[Any]:
    """Send rows as one JSON document; nothing for none."""
    if not rows:
        return ()
    firm_id = current_firm_id()
    whole = [{"firm_id": firm_id, "id": uuid7()} | row for row in rows]
    found: Sequence[Any] = _write(statement, whole).all()
    return found


def _write(statement: str, rows: Sequence[Values]) -> Any:
    return db.session.execute(text(statement), {"rows": orjson.dumps(rows).decode()})


def _accounts(vendor: Vendor, people: Iterable[Who]) -> dict[str, UUID]:
    rows = [
        {
            "vendor": vendor.value,
            "known_as": who.key,
            "userid": who.userid,
            "name": who.name,
            "number": who.number,
        }
        for who in {who.key: who for who in people}.values()
    ]
    return {known_as: row_id for row_id, known_as in _sent(ACCOUNTS, rows)}


def _places(words: set[str]) -> dict[str, UUID]:
    rows = [{"words": one} for one in sorted(words)]
    return {place: row_id for row_id, place in _sent(PLACES, rows)}


def _punch(
    tap: Tap, accounts: Mapping[str, UUID], places: Mapping[str, UUID], file_id: UUID | None
) -> Values:
    return {
        "account_id": accounts[tap.who.key],
        "minute": _instant(tap.minute),
        "day": tap.at.date(),
        "planned_at": _instant(tap.planned) if tap.planned else None,
        "result": tap.result,
        "place_id": places.get(tap.place),
        "device": tap.device,
        "remark": tap.remark,
        "mark": tap.mark.value,
        "file_id": file_id,
        "cell": tap.cell,
    }


def _instant(wall: datetime) -> datetime:
    return clock.instant(wall.date(), wall.time())


def _days(days: Sequence[DayFact], accounts: Mapping[str, UUID]) -> None:
    last = {(fact.who.key, fact.day): fact for fact in days}
    rows = [
        {"account_id": accounts[fact.who.key], "day": fact.day, "words": fact.words}
        for fact in last.values()
    ]
    _sent(DAYS, rows)


def row_of(cell: str) -> str:
    """Return the row of a cell, `原始记录!5` for `原始记录!H5`."""
    return _ROW.sub("", cell)


def new_rows(reading: Reading, new: frozenset[tuple[str, datetime]]) -> int:
    """Return how many rows brought a punch that nobody knew."""
    first = distinct(reading.taps)
    return len({row_of(first[key].cell) for key in new})
