"""Try a bank's file and import it: sound rows go in once, each row at fault is named."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db, take_lock
from counselhub.core.errors import RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.uploads import UploadError
from counselhub.receipts import grids, mapping, queries, reading
from counselhub.receipts.mapping import Mapping
from counselhub.receipts.models import BankFormat, BankReceipt
from counselhub.receipts.reading import Entry, Fault, Reading

SHOWN = 20
"""Rows that a trial shows."""


@dataclass(frozen=True)
class Trial:
    """What a file would bring under a mapping. new: entries that nobody knew."""

    headers: Sequence[str]
    mapping: Mapping
    reading: Reading
    new: Sequence[Entry]

    @property
    def amount_fen(self) -> int:
        """What the new ones come to."""
        return sum(one.amount_fen for one in self.new)

    @property
    def known(self) -> int:
        """How many entries were imported before."""
        return len(self.reading.entries) - len(self.new)


def try_file(data: bytes, bank: str, given: Mapping | None = None) -> Trial:
    """Return what importing `data` would bring; nothing is written.

    given: the columns that somebody chose; without them those remembered of the bank, else guessed
    ones. Raises UploadError for a file that is none, or that has no header.
    """
    grid = grids.opened(data)
    remembered = given or queries.remembered(bank)
    at = mapping.header_row(grid.rows, remembered)
    if at is None:
        at = mapping.header_row(grid.rows)
    if at is None:
        raise UploadError(
            _("没有找到表头。请确认文件是网银导出的交易明细，含日期、金额、对方户名等列。")
        )
    names = mapping.headers(grid.rows[at])
    chosen = _fitting(remembered, names) or mapping.guess(names)
    found = Reading() if chosen.lacks else reading.read(grid, at, chosen, clock.today())
    keys = reading.digests(bank, found.entries)
    known = queries.known_digests(keys)
    new = [one for one, key in zip(found.entries, keys, strict=True) if key not in known]
    return Trial(names, chosen, found, new)


def _fitting(remembered: Mapping | None, names: Sequence[str]) -> Mapping | None:
    if remembered is None:
        return None
    columns = {one: name for one, name in remembered.columns.items() if name in names}
    return Mapping(columns) if columns else None


def import_file(data: bytes, bank: str, given: Mapping, *, by: Member) -> int:
    """Bring the rows of a file in and remember its columns; return how many were new.

    A second time it brings none. Raises UploadError, RefusedError when a needed column is missing
    or no row can be read.
    """
    take_lock(f"receipts {by.firm_id}")
    trial = try_file(data, bank, given)
    if lacking := trial.mapping.lacks:
        raise RefusedError(_("请选择“%(field)s”是哪一列。", field=lacking.label))
    if not trial.reading.entries:
        raise RefusedError(_("文件里没有可以导入的收入行。"))
    row = _remember(bank, trial.mapping)
    new = _insert(row, bank, trial.reading.entries, by)
    told = trial.reading
    history.record(
        row,
        "import_receipts",
        by=by,
        rows=len(told.entries),
        new_rows=new,
        outgoing=told.outgoing,
        faults=len(told.faults),
    )
    return new


def _remember(bank: str, chosen: Mapping) -> BankFormat:
    row = db.session.scalar(select(BankFormat).where(BankFormat.name == bank))
    if row is None:
        row = BankFormat(name=bank)
        db.session.add(row)
    row.columns = dict(chosen.columns)
    db.session.flush()
    return row


def _insert(row: BankFormat, bank: str, entries: Sequence[Entry], by: Member) -> int:
    now = clock.now()
    values = [
        {
            "firm_id": by.firm_id,
            "id": uuid7(),
            "format_id": row.id,
            "digest": digest,
            "day": one.day,
            "amount_fen": one.amount_fen,
            "payer": one.payer,
            "account": one.account,
            "reference": one.reference,
            "serial": one.serial,
            "imported_at": now,
            "imported_by_name": by.name,
        }
        for one, digest in zip(entries, reading.digests(bank, entries), strict=True)
    ]
    added = insert(BankReceipt).on_conflict_do_nothing().returning(BankReceipt.id)
    return len(db.session.scalars(added, values).all())


def sentence(fault: Fault) -> str:
    """Say what is wrong with a cell and what is allowed."""
    match fault.code:
        case "day":
            return str(_("“%(value)s”不是日期，应为 2026-10-08 这样的日期", value=fault.value))
        case "future":
            return str(_("日期 %(value)s 在今天以后", value=fault.value))
        case "both":
            return str(_("收入和支出两列都有金额，请核对"))
        case "digits":
            return str(_("长号码被 Excel 改成了数字，请把这一列设为文本后重新导出"))
        case "payer":
            return str(_("没有付款人户名"))
        case _:
            return str(
                _("“%(value)s”不是金额，应为以元为单位、最多两位小数的数", value=fault.value)
            )
