"""Close and open months; say which statement froze a record."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from counselhub.closing.models import ClosedMonth
from counselhub.closing.queries import Span, closed_within
from counselhub.core.db import db
from counselhub.core.errors import FrozenError

CLOSED_MONTH = "CH001"
SEALED_LINE = "CH002"
PACK_IN_USE = "CH003"


def close(
    firm_id: UUID,
    street_code: str,
    month: date,
    places: Iterable[str],
    *,
    statement_id: UUID,
    number: str,
) -> None:
    """Freeze the month's records of `places` (communities, or the street for online shifts)."""
    rows = [
        {
            "firm_id": firm_id,
            "place_code": place,
            "month": month,
            "street_code": street_code,
            "statement_id": statement_id,
            "statement_number": number,
        }
        for place in set(places)
    ]
    if rows:
        db.session.execute(insert(ClosedMonth).on_conflict_do_nothing(), rows)


def reopen(statement_id: UUID, places: Iterable[str] | None = None) -> None:
    """Let the firm mend the records of `places` again; of all that the statement closed if None."""
    query = delete(ClosedMonth).where(ClosedMonth.statement_id == statement_id)
    if places is not None:
        query = query.where(ClosedMonth.place_code.in_(list(places)))
    db.session.execute(query, execution_options={"synchronize_session": False})


def protect(places: Iterable[str], spans: Sequence[Span], *, terms: str = "") -> None:
    """Refuse a change of contracts, assignments or terms on days that a closed month rests on.

    spans: the days that would count otherwise than before. terms: what of a contract changes for
    them besides its days, for the reader. Raises FrozenError naming the statement.
    """
    if (closed := closed_within(places, spans)) is not None:
        if terms:
            raise FrozenError(
                _(
                    "结算单 %(number)s（%(month)s）已经提交，它依据的%(terms)s不能再改。"
                    "要从以后的日子起改，请让这份合同在已提交的月份以后结束，"
                    "再续签一份写上新的%(terms)s。",
                    number=closed.statement_number,
                    month=f"{closed.month:%Y-%m}",
                    terms=terms,
                )
            )
        raise FrozenError(
            _(
                "结算单 %(number)s（%(month)s）已经提交，它依据的日期不能再改。"
                "只能改动已提交月份以后的日子；确需更正时，请在下期结算单中调整。",
                number=closed.statement_number,
                month=f"{closed.month:%Y-%m}",
            )
        )


@contextmanager
def guarded(*, alone: bool = False) -> Iterator[None]:
    """Write evidence inside; a refusal of the database names the statement that froze it.

    Works in a savepoint, so that what was done before stays. alone: nothing was done before, so
    the whole transaction is undone instead, which saves two trips. Raises FrozenError.
    """
    try:
        with nullcontext() if alone else db.session.begin_nested():
            yield
            db.session.flush()
    except DBAPIError as error:
        if alone:
            db.session.rollback()
        if frozen := refusal(error):
            raise frozen from error
        raise


def refusal(error: DBAPIError) -> FrozenError | None:
    """Return the sentence for a record or line that the database keeps, None for other errors."""
    state = getattr(error.orig, "sqlstate", None)
    if state == CLOSED_MONTH:
        number = error.orig.diag.message_detail  # type: ignore[union-attr]  # psycopg's
        return FrozenError(
            _(
                "结算单 %(number)s 已经提交，当月记录已封存，不能增改。"
                "审定前如有错误，请由司法所退回相关事项；审定后请到“以前月份”补录，差额列入下期。",
                number=number,
            )
        )
    if state == SEALED_LINE:
        return FrozenError(_("这一项已审核通过，不再变更。差额请在下期结算单中调整。"))
    if state == PACK_IN_USE:
        return FrozenError(
            _("补贴办法启用以后，条款和算例不再改动，采用它的方案也一样。请起草新的版本。")
        )
    return None
