"""What the office asks of declared claims."""

from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from counselhub.claims.dossier_models import ClaimDossier, ClaimReading
from counselhub.claims.kinds import ClaimStatus, ReadingStatus
from counselhub.claims.models import CaseClaim
from counselhub.core import sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus

SORTS: sorting.Sorts = {
    "declared": (ClaimDossier.declared_at, CaseClaim.number),
    "number": (CaseClaim.number,),
    "community": (Community.pinyin, CaseClaim.number),
    "firm": (Firm.name, CaseClaim.number),
}
_OPEN = ClaimDossier.status == ClaimStatus.CLAIMED
_STALE = and_(
    ClaimReading.status == ReadingStatus.CONFIRMED,
    ClaimReading.read_at < ClaimDossier.declared_at,
)
_UNREAD = and_(
    _OPEN,
    or_(ClaimReading.id.is_(None), ClaimReading.status == ReadingStatus.RETURNED, _STALE),
)
TABS = {
    "read": _UNREAD,
    "second": ClaimReading.status == ReadingStatus.READ,
    "class": and_(_OPEN, ClaimDossier.office_class != CaseClaim.difficulty),
    "accepted": ClaimDossier.status.in_((ClaimStatus.ACCEPTED, ClaimStatus.PAID)),
    "refused": ClaimDossier.status.in_((ClaimStatus.REFUSED, ClaimStatus.CLAWED_BACK)),
}


def _joined(query: Any) -> Any:
    same = and_(ClaimReading.firm_id == ClaimDossier.firm_id, ClaimReading.id == ClaimDossier.id)
    return query.join(ClaimDossier.claim).outerjoin(ClaimReading, same)


def listed(tab: str, words: str, sort: str) -> Select[Any]:
    """Select the declared claims of the street with claim, firm and reading."""
    query = (
        _joined(visible(ClaimDossier))
        .join(ClaimDossier.firm)
        .join(CaseClaim.community)
        .add_columns(ClaimReading)
        .options(
            contains_eager(ClaimDossier.claim).contains_eager(CaseClaim.community),
            contains_eager(ClaimDossier.firm),
        )
    )
    if tab in TABS:
        query = query.where(TABS[tab])
    if words:
        query = query.where(
            or_(
                CaseClaim.number.icontains(words, autoescape=True),
                Community.search.contains(words.lower(), autoescape=True),
                Firm.name.contains(words, autoescape=True),
            )
        )
    return sorting.ordered(query, SORTS, sort)


def tallies() -> dict[str, int]:
    """Return how many claims each tab holds, and `all`."""
    counts = [func.count().filter(clause) for clause in TABS.values()]
    query = _joined(visible(ClaimDossier).with_only_columns(func.count(), *counts))
    row = db.session.execute(query).one()
    return dict(zip(("all", *TABS), row, strict=True))


def line_of(claim: CaseClaim) -> StatementLine | None:
    """Return the live statement's line that counts a claim's month and community, if any."""
    query = (
        select(StatementLine)
        .join(
            Statement,
            and_(
                Statement.firm_id == StatementLine.firm_id,
                Statement.id == StatementLine.statement_id,
            ),
        )
        .where(
            StatementLine.firm_id == claim.firm_id,
            StatementLine.kind == LineKind.CASE,
            StatementLine.community_code == claim.community_code,
            StatementLine.month == claim.closed_on.replace(day=1),
            Statement.street_code == claim.street_code,
            Statement.status != StatementStatus.VOID,
        )
    )
    return next(
        (line for line in db.session.scalars(query) if paid_fen(line, claim.number) >= 0), None
    )


def paid_fen(line: StatementLine | None, number: str) -> int:
    """Return what a line gives for a case, whole fen; -1 when the line does not name it."""
    for step in line.trace if line else ():
        if step["rule"] == "M8" and step["inputs"]["case_number"] == number:
            return int(step["inputs"]["paid_fen"])
    return -1
