"""The record as a CSV file, told line by line while it is read."""

from collections.abc import Iterator

from flask_babel import gettext as _

from counselhub.audit.filters import Asked, Cursor
from counselhub.audit.queries import acts
from counselhub.audit.telling import Told, tell
from counselhub.core.db import db
from counselhub.core.downloads import BYTE_ORDER, csv_piece
from counselhub.core.members import Member
from counselhub.core.tenancy import as_scope

AT_ONCE = 1000


def lines(member: Member, asked: Asked) -> Iterator[bytes]:
    """Return the file in pieces: the header, then the acts."""
    yield BYTE_ORDER + csv_piece([_header()])
    for portion in _portions(member, asked):
        yield csv_piece(map(_row, portion))


def _portions(member: Member, asked: Asked) -> Iterator[list[Told]]:
    """Read on a portion at a time; between two no connection waits for a slow reader.

    The request has ended by then, so each portion is read under the member's scope anew.
    """
    after: Cursor | None = None
    while True:
        with as_scope(member.scope):
            portion = tell(acts(member, asked, after, limit=AT_ONCE))
            db.session.rollback()
        if portion:
            yield portion
        if len(portion) < AT_ONCE:
            return
        after = Cursor(portion[-1].at, portion[-1].id)


def _header() -> list[str]:
    return [
        str(word)
        for word in (
            _("时间"),
            _("单位"),
            _("操作人"),
            _("操作"),
            _("结果"),
            _("对象"),
            _("对象编号"),
            _("来源地址"),
            _("改动"),
            _("说明"),
        )
    ]


def _row(told: Told) -> list[str]:
    changes = "；".join(f"{one.what}：{one.before} → {one.after}" for one in told.changes)
    notes = "；".join(f"{name}：{value}" for name, value in told.notes)
    return [
        told.when,
        told.side,
        told.who,
        told.what,
        str(_("被拒绝") if told.is_refused else _("成功")),
        told.thing,
        str(told.subject_id or ""),
        told.address,
        changes,
        notes,
    ]
