"""What becomes of the claims that a statement settles, also through adjustments (REV-4, REV-5)."""

from flask_babel import gettext as _
from sqlalchemy import Select, select

from counselhub.claims import course
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.review.filters import is_of
from counselhub.statements.actions.cases import cases_behind
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, RefusalReason

HELD = (LineReview.DEFERRED, LineReview.REFUSED)


def paid_cases(statement: Statement, *kinds: LineKind) -> set[str]:
    """Return the numbers of the cases that the statement pays: nothing held back.

    kinds: of the lines that pay; both case lines and adjustments unless named.
    """
    wanted = kinds or (LineKind.CASE, LineKind.ADJUSTMENT)
    lines = _lines(statement).where(StatementLine.kind.in_(wanted))
    found = db.session.scalars(lines.where(StatementLine.review.not_in(HELD)))
    return cases_behind(statement.firm_id, [line.id for line in found])


def _lines(statement: Statement) -> Select[StatementLine]:
    return select(StatementLine).where(is_of(statement)).order_by(StatementLine.position)


def refuse_unsettled(statement: Statement) -> None:
    """Raise ConflictError while a case that the office judged otherwise still counts."""
    found = course.in_the_way(statement.firm_id, paid_cases(statement, LineKind.CASE))
    if found is not None:
        raise ConflictError(
            _(
                "案件 %(number)s 复核为不予补贴或另一等级，却仍按原样计入。"
                "请对这一行提出疑问并退回，律所改正后再通过。",
                number=found.claim.number,
            ),
            row=statement,
        )
    found = course.refused_in(statement.firm_id, paid_cases(statement, LineKind.ADJUSTMENT))
    if found is not None:
        raise ConflictError(
            _(
                "案件 %(number)s 复核为不予补贴，却随以前月份的调整计入。请对这一项“不予支付”。",
                number=found.claim.number,
            ),
            row=statement,
        )


def settle(statement: Statement, *, by: Member) -> None:
    """Accept the claims that a signed statement pays, refuse those of its refused lines."""
    course.accept_counted(statement.firm_id, paid_cases(statement), by=by)
    refused = _lines(statement).where(StatementLine.review == LineReview.REFUSED)
    for line in db.session.scalars(refused).all():
        words = _(
            "结算单 %(number)s 第 %(place)s 项不予支付：%(reason)s。%(words)s",
            number=statement.number,
            place=line.position + 1,
            reason=RefusalReason.of(line.refusal or "").label,
            words=line.refusal_words,
        )
        numbers = cases_behind(line.firm_id, [line.id])
        course.refuse_counted(line.firm_id, numbers, words, reader=line.reviewed_by_name, by=by)
