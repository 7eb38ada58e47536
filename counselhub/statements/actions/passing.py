"""Pass a statement on: certify it, take it back, submit it to the office, answer it, give it up."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import update

from counselhub.claims import course
from counselhub.closing import actions as closing
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.notices.kinds import Kind
from counselhub.statements import announcing, wording
from counselhub.statements.actions import binding
from counselhub.statements.actions.author import refuse_author
from counselhub.statements.actions.cases import cases_in, free_statement
from counselhub.statements.actions.compute import Work, shares_of
from counselhub.statements.actions.cutting import refuse_overdue
from counselhub.statements.actions.turns import hand_to
from counselhub.statements.facts import MonthFacts
from counselhub.statements.freezing import freeze
from counselhub.statements.gather import Gathered, gather
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month, months_between
from counselhub.statements.queries import account, lines_with_queries
from counselhub.statements.sealing import seal
from counselhub.statements.states import STATEMENT_FLOW, LineReview, Side


def certify(statement: Statement, by: Member) -> None:
    """The firm's manager stands for the amounts.

    Raises IllegalMoveError, ConflictError (stale), RefusedError for whoever worked it out where
    the firm asks for another person.
    """
    refuse_author(statement, by)
    nil = {} if lines_with_queries(statement.id) else {"words": str(_("零结算：本月无结算事项"))}
    total_fen = statement.total_fen
    history.advance(statement, STATEMENT_FLOW, "certify", by=by, total_fen=total_fen, **nil)
    _refuse_stale(statement)
    statement.certified_at = clock.now()
    statement.certified_by_id, statement.certified_by_name = by.person_id, by.name
    db.session.flush()


def reopen(statement: Statement, by: Member) -> None:
    """Take a certified statement back to be worked out again. Raises IllegalMoveError."""
    history.advance(statement, STATEMENT_FLOW, "reopen", by=by)
    statement.certified_at = statement.certified_by_id = statement.certified_by_name = None
    db.session.flush()


def submit(statement: Statement, by: Member) -> None:
    """Hand a certified statement to the street's office, which freezes its month's records.

    Raises RefusedError before the month is over and once the street's cut-off has closed it,
    ConflictError when records have changed since it was computed, IllegalMoveError.
    """
    over = clock.last_day(statement.month)
    if clock.today() <= over:
        raise RefusedError(
            _("%(day)s 之后才能提交：当月结束以前，记录还可能变化。", day=over.isoformat())
        )
    refuse_overdue(statement)
    version = statement.version + 1
    history.advance(
        statement,
        STATEMENT_FLOW,
        "submit",
        by=by,
        street_code=statement.street_code,
        version=version,
        total_fen=statement.total_fen,
    )
    _close(statement)
    work = _refuse_stale(statement)
    statement.version, statement.submitted_at = version, clock.now()
    _hand_over(work, "submit")
    course.declare_counted(_cases(statement), by=by)
    announcing.to_office(Kind.STATEMENT_SUBMITTED, statement, by=by)


def resubmit(statement: Statement, by: Member) -> None:
    """Hand a queried statement back: its months close again, its queried lines wait for review.

    Raises RefusedError naming a queried line that has neither an answer nor another amount,
    ConflictError when records have changed since it was worked out, IllegalMoveError.
    """
    version = statement.version + 1
    history.advance(
        statement,
        STATEMENT_FLOW,
        "resubmit",
        by=by,
        street_code=statement.street_code,
        version=version,
        total_fen=statement.total_fen,
    )
    lines = lines_with_queries(statement.id)
    for line in lines:
        if line.review == LineReview.QUERIED and not _is_settled(line, version):
            raise RefusedError(_unsettled_words(line))
    _close(statement)
    work = _refuse_stale(statement)
    statement.version = version
    _hand_over(work, "resubmit")
    course.declare_counted(_cases(statement), by=by)
    _renew_lines(statement)
    announcing.to_office(Kind.STATEMENT_RESUBMITTED, statement, by=by)


def void(statement: Statement, by: Member, *, words: str = "") -> None:
    """Give a statement up before its approval: its months open, its cases are free again.

    Raises IllegalMoveError.
    """
    shared = statement.street_code if statement.submitted_at else None
    detail = {"words": words} if words else {}
    history.advance(statement, STATEMENT_FLOW, "void", by=by, street_code=shared, **detail)
    closing.reopen(statement.id)
    course.withdraw_counted(_cases(statement), by=by)
    free_statement(statement.id)
    binding.give_back(statement.id)
    hand_to(statement, None)


def _cases(statement: Statement) -> set[str]:
    """Return the numbers of the cases that the statement counts."""
    return cases_in(line.trace for line in lines_with_queries(statement.id))


def _close(statement: Statement) -> None:
    """Freeze what the lines rest on: each community's months, and the street's shifts."""
    places: dict[date, set[str]] = {statement.month: {statement.street_code}}
    for line in lines_with_queries(statement.id):
        for month in _months_of(line) if line.community_code else ():
            places.setdefault(month, set()).add(str(line.community_code))
    for month, chosen in places.items():
        closing.close(
            statement.firm_id,
            statement.street_code,
            month,
            chosen,
            statement_id=statement.id,
            number=statement.number,
        )


def _months_of(line: StatementLine) -> list[date]:
    """Return the first days of the months a line rests on: its own, a base's whole period (M1)."""
    periods = [step["inputs"]["first"] for step in line.trace if step["name"] == "period"]
    first = min((date.fromisoformat(first) for first in periods), default=line.month)
    return [month.first for month in months_between(Month.of(first), Month.of(line.month))]


def _hand_over(work: Work, act: str) -> None:
    """Keep what the statement took, freeze it whole with the account to pay to, and seal it."""
    statement = work.statement
    statement.payee = _payee()
    binding.hand_in(statement.id)
    hand_to(statement, Side.OFFICE)
    kept = freeze(statement, work.gathered.facts, work.stored)
    seal(statement, act, frozen=kept)


def _refuse_stale(statement: Statement) -> Work:
    """Return what the lines were worked out from.

    Raises ConflictError unless the stored lines are what the records give now.
    """
    month = Month.of(statement.month)
    gathered = gather(month, [statement.street_code]) or [
        Gathered(MonthFacts(street=statement.street_code, month=month, contracts=()), {})
    ]
    work = Work(statement, gathered[0], lines_with_queries(statement.id))
    work.work_out()
    if (work.plan and not work.plan.is_empty) or shares_of(work) != statement.funding:
        raise ConflictError(
            _(
                "结算单 %(number)s 计算之后，记录或合同又有变动，金额已不是最新。"
                "请先重新计算，核对后再继续。",
                number=statement.number,
            ),
            row=statement,
        )
    return work


def _payee() -> dict[str, str]:
    """Copy the firm's account, {} when it has not told one."""
    row = account()
    return {"name": row.payee, "bank": row.bank, "account": row.account} if row else {}


def _is_settled(line: StatementLine, version: int) -> bool:
    """Tell whether a queried line has an answer, or another amount than the one asked about."""
    if line.version == version and line.previous:
        return bool(line.previous["amount_fen"] != line.amount_fen)
    return bool(line.queries) and line.queries[-1].answer is not None


def _unsettled_words(line: StatementLine) -> str:
    place = [line.community.short_name] if line.community else []
    named = " · ".join([*place, wording.kind(line.kind)])
    return str(_("“%(line)s”还没有答复：请填写说明，或改正记录后重新计算。", line=named))


def _renew_lines(statement: Statement) -> None:
    """Let queried lines wait for review again; keep an earlier amount only of what just changed."""
    of_statement = StatementLine.statement_id == statement.id
    options = {"synchronize_session": False}
    db.session.execute(
        update(StatementLine)
        .where(of_statement, StatementLine.review == LineReview.QUERIED)
        .values(review=LineReview.PENDING, revision=StatementLine.revision + 1),
        execution_options=options,
    )
    db.session.execute(
        update(StatementLine)
        .where(of_statement, StatementLine.version < statement.version)
        .where(StatementLine.previous.is_not(None))
        .values(previous=None, revision=StatementLine.revision + 1),
        execution_options=options,
    )
    db.session.expire_all()
