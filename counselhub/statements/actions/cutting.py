"""The street's cut-off: a month that it has closed is handed in by its own path only."""

from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.errors import RefusedError
from counselhub.cutoffs import queries
from counselhub.cutoffs.kinds import OverdueStatus
from counselhub.cutoffs.models import OverdueMonth
from counselhub.cutoffs.rules import may_hand_in
from counselhub.statements.actions.compute import take_turn
from counselhub.statements.models import Statement
from counselhub.statements.months import Month


def refuse_overdue(statement: Statement) -> None:
    """Refuse to hand in a month that the cut-off has closed (CUT-3).

    It waits for a closing that is under way: a month is handed in or closed, never both. Raises
    RefusedError, saying until when it was due and what to do.
    """
    take_turn(Month.of(statement.month), statement.firm_id)
    row = queries.overdue(statement.street_code, statement.month)
    if row is not None and (words := closed_words(row)):
        raise RefusedError(words)


def closed_words(row: OverdueMonth) -> str:
    """Say why a closed month may not be handed in today, "" when it may."""
    if may_hand_in(row.allowed_until, clock.today()):
        return ""
    told = {"month": f"{row.month:%Y-%m}", "day": row.due_on.isoformat()}
    if row.allowed_until is not None:
        until = row.allowed_until.isoformat()
        return str(
            _(
                "%(month)s 的结算单截止日是 %(day)s，司法所准许补交到 %(until)s，也已经过了。"
                "请在“逾期补交”重新申请，或请司法所延长。",
                **told,
                until=until,
            )
        )
    if row.status == OverdueStatus.ASKED:
        return str(
            _(
                "%(month)s 的结算单截止日是 %(day)s，已停止提交。"
                "补交申请在等司法所答复，准许后再提交。",
                **told,
            )
        )
    return str(
        _(
            "%(month)s 的结算单截止日是 %(day)s，已停止提交。"
            "请先在“逾期补交”写明原因、提出申请，司法所准许后再提交。",
            **told,
        )
    )
