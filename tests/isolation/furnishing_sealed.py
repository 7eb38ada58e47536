"""A year's file that the firm asked for, a frozen submission, and its street's budget, marked."""

from typing import TYPE_CHECKING

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.officeday.models import Appropriation
from counselhub.statements import frozen
from counselhub.statements.facts import MonthFacts
from counselhub.statements.frozen import Frozen
from counselhub.statements.models import Statement
from counselhub.statements.months import Month
from counselhub.statements.sealed_models import StatementFreeze
from counselhub.work.models import LongWork
from counselhub.yearfiles.kinds import TASK
from counselhub.yearfiles.rules import subject

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room

YEAR = 2026


def add_year_file(room: "Room") -> None:
    """Ask for the file of the first community; it ended without one, so that no worker makes it."""
    scope, code = room.tenant.scope, room.tenant.town.communities[0]
    file = LongWork(
        kind=scope.kind.value,
        key=scope.key,
        task=TASK,
        subject=subject(code, YEAR),
        detail={"code": code, "year": YEAR, "papers": f"http://localhost/{room.token}"},
        asked_by_name=f"制卷{room.token}",
        asked_at=clock.now(),
        locale="zh_CN",
        ended_at=clock.now(),
        outcome="failed",
        fault="error",
    )
    with as_platform():
        db.session.add(file)
        db.session.flush()
    room.note(year_file_id=file.id, year=YEAR)


def add_freeze(room: "Room", statement: Statement) -> None:
    """Freeze the submission, without any facts."""
    facts = MonthFacts(street=statement.street_code, month=Month.of(statement.month), contracts=())
    kept = frozen.pack(
        Frozen(
            number=statement.number,
            version=statement.version,
            total_fen=statement.total_fen,
            funding=(),
            payee=statement.payee,
            facts=facts,
            lines=(),
        )
    )
    row = StatementFreeze(
        statement_id=statement.id,
        street_code=statement.street_code,
        version=statement.version,
        at=clock.now(),
        digest=kept.digest,
        content=kept.content,
    )
    db.session.add(row)
    db.session.flush()


def add_budget(room: "Room") -> None:
    """Enter the budget of the street's office; two firms of a street share it."""
    place = {"street_code": room.tenant.town.street_code, "year": YEAR}
    if db.session.scalars(db.select(Appropriation).filter_by(**place)).first() is None:
        db.session.add(Appropriation(**place, street_fen=1, words=f"预算{room.token}"))
        db.session.flush()
