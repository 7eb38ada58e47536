"""Sentences for questions: the ones that come with the service, and an office's own."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.review import rules
from counselhub.review.models import CannedReason
from counselhub.statements.states import QueryReason

BUILT_IN: Mapping[QueryReason, Sequence[str]] = {
    QueryReason.PRESENCE: (
        N_("{日期}的到岗缺签退，请补{材料}。"),
        N_("我所台账记到岗{小时}小时，请核对后说明差额。"),
    ),
    QueryReason.VISITS: (N_("我所台账记到岗{次数}次，请说明多报的{日期}。"),),
    QueryReason.EVIDENCE: (N_("{日期}的服务没有{材料}，请补传后再交。"),),
    QueryReason.LECTURE: (N_("{日期}的讲座缺签到表或讲稿，请补传。"),),
    QueryReason.CASE_DOSSIER: (N_("案件{编号}的卷宗缺{文书}，请补齐。"),),
    QueryReason.CASE_CLASS: (N_("案件{编号}按标准应为{等级}，请说明或更正。"),),
    QueryReason.AMOUNT: (N_("按方案应为{金额}元，请核对算法。"),),
    QueryReason.OTHER: (N_("请说明{事项}。"),),
}
MOST = 60
"""Sentences of one office: more than that nobody finds anything in."""


class Canned(NamedTuple):
    """One sentence to begin with; id is None for a built-in one."""

    reason: str
    words: str
    id: UUID | None = None
    revision: int = 0


def own(street_code: str) -> list[CannedReason]:
    """Return an office's own sentences, by reason as forms list them, then as written."""
    rows = db.session.scalars(select(CannedReason).where(CannedReason.street_code == street_code))
    order = {reason.value: place for place, reason in enumerate(QueryReason)}
    return sorted(rows, key=lambda row: (order[row.reason], row.id))


def sentences(street_code: str) -> list[Canned]:
    """Return all that may be begun with: the office's own before the built-in, by reason."""
    ours = own(street_code)
    found = []
    for reason in QueryReason:
        found += [
            Canned(reason.value, row.words, row.id, row.revision)
            for row in ours
            if row.reason == reason.value
        ]
        found += [Canned(reason.value, _(words)) for words in BUILT_IN.get(reason, ())]
    return found


def add(reason: QueryReason, words: str, *, by: Member) -> CannedReason:
    """Keep a sentence. Raises RefusedError without words or past MOST, ConflictError once more."""
    _refuse_empty(words)
    if len(own(by.street_code)) >= MOST:
        raise RefusedError(_("最多保存 %(most)s 句，请先删去不用的。", most=MOST), at="words")
    row = CannedReason(street_code=by.street_code, reason=reason, words=words.strip())
    _write(row)
    history.record(row, "add_canned", by=by, words=row.words)
    return row


def change(
    row: CannedReason, reason: QueryReason, words: str, *, by: Member, revision: int | None
) -> None:
    """Change a sentence; questions already asked keep theirs. Raises as `add` does."""
    history.expect(row, revision)
    _refuse_empty(words)
    row.reason, row.words = reason, words.strip()
    _write(row)
    history.record(row, "change_canned", by=by, words=row.words)


def remove(row: CannedReason, *, by: Member, revision: int | None) -> None:
    """Drop a sentence; questions already asked keep theirs. Raises ConflictError."""
    history.expect(row, revision)
    history.record(row, "remove_canned", by=by, words=row.words)
    db.session.delete(row)
    db.session.flush()


def _refuse_empty(words: str) -> None:
    if not words.strip():
        raise RefusedError(_("请写出常用语，空白处用花括号，如 {日期}。"), at="words")
    if any(not name.strip() for name in rules.blanks(words)):
        raise RefusedError(_("花括号里要写空白的名称，如 {日期}。"), at="words")


def _write(row: CannedReason) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != "uq_canned_reason_street_code_reason_words":
            raise
        raise ConflictError(_("这个类型下已有同样的一句：%(words)s", words=row.words)) from error
