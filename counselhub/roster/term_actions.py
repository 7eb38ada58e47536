"""Write what a contract asks for."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from counselhub.contracts.kinds import OPEN
from counselhub.contracts.models import Contract
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.roster import term_queries as queries
from counselhub.roster.kinds import TermKind
from counselhub.roster.models import DutyTerm, RosterRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A term as it is written. weekday: 0 is Monday; communities: none for all the others."""

    kind: str
    starts: time
    ends: time
    weekday: int | None = None
    weeks: tuple[int, ...] = ()
    required_hours: int | None = None
    required_days: int | None = None
    on_holiday: str = "next"
    class_name: str = ""
    communities: tuple[str, ...] = ()
    last_on: date | None = None

    def columns(self) -> dict[str, Any]:
        """Return the columns; what its kind does not use is blank."""
        fixed = self.kind in (TermKind.WEEKLY, TermKind.NTH)
        return {
            "kind": self.kind,
            "starts": self.starts,
            "ends": self.ends,
            "weekday": self.weekday,
            "weeks": sorted(self.weeks) if self.kind == TermKind.NTH else [],
            "required_hours": self.required_hours if self.kind == TermKind.HOURS else None,
            "required_days": self.required_days if self.kind == TermKind.DAYS else None,
            "on_holiday": self.on_holiday if fixed else "next",
            "class_name": self.class_name or None,
            "communities": sorted(self.communities),
            "last_on": self.last_on,
        }


def add(contract: Contract, wording: Wording, *, by: Member) -> DutyTerm:
    """Add a term to a contract. Raises RefusedError for what no term says, IllegalMoveError."""
    _check(contract, wording)
    term = DutyTerm(contract_id=contract.id, **wording.columns())
    db.session.add(term)
    db.session.flush()
    history.record(term, "add", by=by)
    return term


def change(
    term: DutyTerm, contract: Contract, wording: Wording, *, revision: int | None, by: Member
) -> None:
    """Change a term; slots follow when the month is made again, past and moved ones stay.

    Raises ConflictError for a stale page, otherwise as `add`.
    """
    history.expect(term, revision)
    _check(contract, wording)
    for name, value in wording.columns().items():
        setattr(term, name, value)
    if db.session.is_modified(term):
        history.record(term, "change", by=by)


def remove(term: DutyTerm, *, revision: int | None, by: Member) -> None:
    """Remove a term that never planned a slot. Raises RefusedError for one that did."""
    history.expect(term, revision)
    if count := queries.slots_of(term.id):
        raise RefusedError(
            _("这条约定已排出 %(count)d 个班次，不能删除；请填“最后适用日”停用它。", count=count)
        )
    history.record(term, "remove", by=by)
    db.session.delete(term)


def _check(contract: Contract, wording: Wording) -> None:
    if contract.status not in OPEN:
        raise IllegalMoveError(_("合同已经结束，值班约定不能再改。"), row=contract)
    if wording.starts >= wording.ends:
        raise RefusedError(_("结束时间要晚于开始时间，一次值班在同一天内。"), at="ends")
    if wording.kind in (TermKind.WEEKLY, TermKind.NTH) and wording.weekday is None:
        raise RefusedError(_("请选择固定在星期几。"), at="weekday")
    if wording.kind == TermKind.NTH and not wording.weeks:
        raise RefusedError(_("请选择每月的第几周。"), at="weeks")
    if wording.kind == TermKind.HOURS and not wording.required_hours:
        raise RefusedError(_("请填写每月共几小时。"), at="required_hours")
    if wording.kind == TermKind.DAYS and not wording.required_days:
        raise RefusedError(_("请填写每月几天。"), at="required_days")
    covered = {one.community_code for one in contract.communities}
    if strange := [code for code in wording.communities if code not in covered]:
        raise RefusedError(
            _(
                "合同 %(number)s 没有社区 %(codes)s。",
                number=contract.number,
                codes=listed(strange),
            ),
            at="communities",
        )


def set_rule(values: dict[str, Any], *, revision: int | None, by: Member) -> None:
    """Set the firm's own rules of planning and judging; values: all of its columns.

    Raises ConflictError for a stale page.
    """
    found = queries.rule()
    row = found or RosterRule(**values)
    if found is None:
        db.session.add(row)
    else:
        history.expect(row, revision)
        for name, value in values.items():
            setattr(row, name, value)
        flag_modified(row, "same_street_minutes")
    db.session.flush()
    history.record(row, "change", by=by)
