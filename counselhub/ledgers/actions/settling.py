"""How differences are settled: by the side they belong to, with a reason; answered by the firm.

Acts on one street's month follow one another, whichever side acts; nothing moves on a sheet that
is frozen.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.ledgers import queries, wording
from counselhub.ledgers.actions import querying, writing
from counselhub.ledgers.kinds import (
    LINE_FLOW,
    SHUT,
    UNDONE,
    Cause,
    LineStatus,
    Outcome,
    Party,
)
from counselhub.ledgers.models import LedgerLine
from counselhub.ledgers.suggestions import CAUSES, Hint, party_of


@dataclass(frozen=True, slots=True)
class Settlement:
    """Whose record was wrong, why as a code, and in words."""

    party: Party
    cause: Cause
    words: str = ""


def settle(line: LedgerLine, entry: Settlement, *, by: Member, revision: int | None = None) -> None:
    """Settle one difference. Raises ConflictError when it moved on, RefusedError without words.

    A fault of the statement is asked about while it is in review, else noted for the firm.
    """
    hold(line, revision)
    _judge(entry)
    _move(line, "settle_difference", by, party=entry.party.value, cause=entry.cause.value,
          words=entry.words)  # fmt: skip
    for name, value in _columns(entry, by).items():
        setattr(line, name, value)
    if entry.party is Party.STATEMENT:
        line.routed = querying.route(line, _sentence(entry), by=by)
    db.session.flush()


def _columns(entry: Settlement, by: Member) -> dict[str, Any]:
    """Return what a settlement writes; an answer to the one before is none to this one."""
    return {
        "party": entry.party,
        "cause": entry.cause,
        "words": entry.words,
        "routed": None,
        "settled_at": clock.now(),
        "settled_by_name": by.name,
        "answer_words": "",
        "answered_at": None,
        "answered_by_name": None,
    }


def _judge(entry: Settlement) -> None:
    if entry.cause is Cause.OTHER and not entry.words:
        raise RefusedError(_("原因选“其他”时请写明情况。"), at="words")


def _sentence(entry: Settlement) -> str:
    cause = entry.cause.label
    return str(_("与台账核对不符：%(cause)s", cause=cause)) + (
        f"。{entry.words}" if entry.words else ""
    )


def take_suggestion(
    line: LedgerLine, place: int, *, by: Member, revision: int | None = None
) -> None:
    """Settle a difference as one of its suggestions explains it. Raises ConflictError."""
    if not 0 <= place < len(line.suggestions):
        raise ConflictError(_("这条建议已经不在了，请看最新内容。"), row=line)
    offered = line.suggestions[place]
    hint = Hint.of(offered["hint"])
    names = queries.names_of(wording.codes_in([offered]))
    words = wording.hint_words(offered, names)
    settle(line, Settlement(party_of(hint), CAUSES[hint], words), by=by, revision=revision)


def settle_many(asked: queries.Asked, entry: Settlement, *, by: Member, expected: int) -> int:
    """Settle all open differences of a filter alike, with one UPDATE; return how many.

    expected: how many the button named. Raises ConflictError when it is another number by now,
    RefusedError for a fault of statements: each of those is asked about by itself.
    """
    _judge(entry)
    if entry.party is Party.STATEMENT:
        raise RefusedError(
            _("结算单有误要逐条处理：每条都会向律所提出疑问或记下调整。"), at="party"
        )
    street = by.street_code
    writing.lock(street, asked.month)
    firms = _settle_all(asked, street, entry, by)
    if sum(firms.values()) != expected or not expected:
        raise ConflictError(
            _(
                "符合条件、还没有处理的差异现在是 %(count)s 条，请核对后再操作。",
                count=sum(firms.values()),
            )
        )
    _record_many(street, asked, firms, entry, by)
    return expected


def _settle_all(asked: queries.Asked, street: str, entry: Settlement, by: Member) -> Counter[UUID]:
    """Settle what the filter finds open; return how many lines of each firm."""
    change = (
        update(LedgerLine)
        .where(*asked.clauses(), LedgerLine.street_code == street)
        .where(LedgerLine.status.in_(UNDONE), LedgerLine.outcome != Outcome.MATCHED)
        .values(
            **_columns(entry, by),
            status=LineStatus.SETTLED,
            revision=LedgerLine.revision + 1,
        )
        .returning(LedgerLine.firm_id)
        .execution_options(synchronize_session=False)
    )
    return Counter(db.session.scalars(change))


def _record_many(
    street: str, asked: queries.Asked, firms: Counter[UUID], entry: Settlement, by: Member
) -> None:
    """Tell each firm that knows of its lines; the office's own record tells of all others."""
    detail: dict[str, Any] = {"party": entry.party.value, "cause": entry.cause.value,
                              "words": entry.words}  # fmt: skip
    sheets = queries.live_sheets(street, asked.month)
    for firm_id in firms.keys() & sheets.keys():
        sheet = sheets[firm_id]
        history.record(sheet, "settle_many", by=by, street_code=street,
                       lines=firms.pop(firm_id), **detail)  # fmt: skip
    if firms:
        setting = queries.setting_of(street)
        db.session.add(setting)
        db.session.flush()
        history.record(setting, "settle_many", by=by, lines=sum(firms.values()), **detail)


def undo(line: LedgerLine, *, by: Member, revision: int | None = None) -> None:
    """Take a settlement back before the sheet is frozen. Raises ConflictError."""
    hold(line, revision)
    _move(line, "undo_settlement", by, party=line.party, cause=line.cause)
    querying.take_back(line, by=by)
    line.party = line.cause = line.settled_at = line.settled_by_name = line.routed = None
    line.words = line.answer_words = ""
    line.answered_at = line.answered_by_name = None
    db.session.flush()


def answer(
    line: LedgerLine, *, is_agreed: bool, words: str, by: Member, revision: int | None = None
) -> None:
    """Give the firm's answer to a difference. Raises RefusedError for a dispute without words."""
    hold(line, revision)
    if not is_agreed and not words:
        raise RefusedError(_("有异议请写明理由，司法所才知道怎样核对。"), at="words")
    _move(line, "agree_difference" if is_agreed else "dispute_difference", by, words=words)
    line.answer_words, line.answered_at, line.answered_by_name = words, clock.now(), by.name
    db.session.flush()


def hold(line: LedgerLine, revision: int | None) -> None:
    """Read the line as it now is, alone. Raises ConflictError when it or its sheet moved on."""
    writing.lock(line.street_code, line.month)
    found = db.session.scalar(select(LedgerLine.id).where(LedgerLine.id == line.id))
    if found is None:
        raise ConflictError(_("台账重新导入后，这一行已经不在了。"))
    db.session.refresh(line)
    history.expect(line, revision)
    sheet = queries.live_sheet(line)
    if sheet is not None and sheet.status in SHUT:
        raise ConflictError(
            _(
                "差异表第 %(version)s 版已定稿，不能再改动。要改请先另开新版。",
                version=sheet.version,
            ),
            row=line,
        )


def _move(line: LedgerLine, act: str, by: Member, **detail: object) -> None:
    history.advance(line, LINE_FLOW, act, by=by, street_code=line.street_code,
                    community=line.community_code, **detail)  # fmt: skip
