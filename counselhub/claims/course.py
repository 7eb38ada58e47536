"""The way of a claim: declared by the firm or with its statement, decided, paid, clawed back."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from counselhub.claims import classing
from counselhub.claims import dossier_queries as queries
from counselhub.claims.classing import CaseFact
from counselhub.claims.dossier_models import ClaimDossier
from counselhub.claims.dossier_queries import Holding
from counselhub.claims.kinds import ClaimStatus, ClawReason, Refusal
from counselhub.claims.models import CaseClaim
from counselhub.claims.states import CLAIM_FLOW, WITH_OFFICE
from counselhub.closing import actions as closing
from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member

S = ClaimStatus
Pair = tuple[CaseClaim, ClaimDossier]


def opened(claims: Iterable[CaseClaim]) -> list[ClaimDossier]:
    """Return the dossiers of claims, begun where there is none, in their order."""
    wanted = list(claims)
    found = _beside(wanted)
    if rows := [_blank(one) for one in wanted if one.id not in found]:
        db.session.execute(insert(ClaimDossier).on_conflict_do_nothing(), rows)
        found = _beside(wanted)
    return [found[one.id] for one in wanted]


def _beside(claims: Iterable[CaseClaim]) -> dict[UUID, ClaimDossier]:
    query = select(ClaimDossier).where(ClaimDossier.id.in_([one.id for one in claims]))
    return {row.id: row for row in db.session.scalars(query)}


def _blank(claim: CaseClaim) -> dict[str, Any]:
    return {
        "firm_id": claim.firm_id,
        "id": claim.id,
        "street_code": claim.street_code,
        "status": S.DRAFT,
        "is_group": False,
        "is_violent": False,
        "checklist": {},
        "revision": 1,
    }


def fact_of(claim: CaseClaim, dossier: ClaimDossier | None) -> CaseFact:
    """Return a case as the rules of classes know it."""
    if dossier is None:
        return CaseFact(kind=claim.dispute_kind)
    return CaseFact(
        dossier.persons,
        dossier.amount_fen,
        dossier.sittings,
        is_group=dossier.is_group,
        is_violent=dossier.is_violent,
        kind=claim.dispute_kind,
    )


def declare(claims: Collection[CaseClaim], *, by: Member) -> int:
    """Declare claims that are ready, all of them or none; return how many.

    Raises RefusedError without any, ConflictError naming the first that is not ready and why.
    """
    if not claims:
        raise RefusedError(_("请先勾选要申报的案件。"))
    held = queries.holdings([one.id for one in claims])
    pairs = list(zip(claims, opened(claims), strict=True))
    for claim, dossier in pairs:
        if queries.stage_of(claim, dossier) is not S.READY:
            raise ConflictError(_not_ready(claim, dossier, held[claim.id]), row=claim)
    _declare(pairs, held, by)
    return len(pairs)


def _not_ready(claim: CaseClaim, dossier: ClaimDossier, held: Holding) -> str:
    if dossier.status in WITH_OFFICE:
        status = ClaimStatus.of(dossier.status).label
        return str(_("%(number)s 现在是“%(status)s”。", number=claim.number, status=status))
    if not claim.fulfilled:
        return str(_("%(number)s 还没有履行，不能申报。", number=claim.number))
    lacking = listed(one.label for one in held.missing(claim)) or str(_("卷宗"))
    return str(_("%(number)s 的卷宗还缺：%(papers)s。", number=claim.number, papers=lacking))


def _declare(pairs: Iterable[Pair], held: Any, by: Member) -> None:
    scale, _revision = queries.scale()
    for claim, dossier in pairs:
        dossier.proposed = classing.propose(fact_of(claim, dossier), scale).difficulty
        dossier.checklist = held[claim.id].snapshot(claim)
        dossier.declared_at, dossier.declared_by_name = clock.now(), by.name
        dossier.office_class = dossier.refusal = dossier.refusal_words = None
        dossier.decided_at = dossier.first_reader_name = dossier.second_reader_name = None
        if dossier.status == S.DRAFT:
            history.advance(dossier, CLAIM_FLOW, "complete", by=by)
        history.advance(dossier, CLAIM_FLOW, "declare", by=by, street_code=claim.street_code)
    db.session.flush()


def declare_counted(numbers: Collection[str], *, by: Member) -> None:
    """Declare the claims that a submitted statement counts, as far as they are not yet."""
    if not numbers:
        return
    claims = db.session.scalars(
        select(CaseClaim).where(CaseClaim.number.in_(numbers)).order_by(CaseClaim.number)
    ).all()
    held = queries.holdings([one.id for one in claims])
    pairs = zip(claims, opened(claims), strict=True)
    _declare([pair for pair in pairs if pair[1].status not in WITH_OFFICE], held, by)


def withdraw_counted(numbers: Collection[str], *, by: Member) -> None:
    """Take back the declared claims of a statement that was given up."""
    for dossier in db.session.scalars(_counted(by.firm_id, numbers, S.CLAIMED)):
        history.advance(
            dossier, CLAIM_FLOW, "withdraw_claim", by=by, street_code=dossier.street_code
        )


def accept_counted(firm_id: UUID, numbers: Collection[str], *, by: Member) -> None:
    """Accept the declared claims of a statement that a second person signed.

    One that was refused with its line is paid after an appeal.
    """
    for dossier in db.session.scalars(_counted(firm_id, numbers, S.CLAIMED, S.REFUSED)):
        if dossier.status == S.REFUSED and dossier.refusal != Refusal.LINE:
            continue
        act = "accept_claim" if dossier.status == S.CLAIMED else "uphold_claim"
        dossier.decided_at, dossier.second_reader_name = clock.now(), by.name
        history.advance(dossier, CLAIM_FLOW, act, by=by, street_code=dossier.street_code)


def refuse_counted(
    firm_id: UUID, numbers: Collection[str], words: str, *, reader: str | None, by: Member
) -> None:
    """Refuse the claims of a line that a signature has refused. reader: who refused the line.

    Their numbers stay with that statement: only an appeal pays them yet.
    """
    for dossier in db.session.scalars(_counted(firm_id, numbers, S.CLAIMED, S.ACCEPTED)):
        dossier.refusal, dossier.refusal_words = Refusal.LINE, words
        dossier.decided_at, dossier.first_reader_name = clock.now(), reader
        dossier.second_reader_name = by.name
        history.advance(dossier, CLAIM_FLOW, "refuse_claim", by=by, street_code=dossier.street_code)


def pay_counted(firm_id: UUID, numbers: Collection[str], *, by: Member) -> None:
    """Mark the accepted claims of a paid statement."""
    for dossier in db.session.scalars(_counted(firm_id, numbers, S.ACCEPTED)):
        history.advance(dossier, CLAIM_FLOW, "pay_claim", by=by, street_code=dossier.street_code)


def unpay_counted(firm_id: UUID, numbers: Collection[str], *, by: Member) -> None:
    """Mark the paid claims of a statement whose payment came back as accepted again."""
    for dossier in db.session.scalars(_counted(firm_id, numbers, S.PAID)):
        history.advance(dossier, CLAIM_FLOW, "unpay_claim", by=by, street_code=dossier.street_code)


def _counted(
    firm_id: UUID | None, numbers: Collection[str], *statuses: ClaimStatus
) -> Select[ClaimDossier]:
    return (
        select(ClaimDossier)
        .join(ClaimDossier.claim)
        .where(
            ClaimDossier.firm_id == firm_id,
            CaseClaim.number.in_(numbers),
            ClaimDossier.status.in_(statuses),
        )
        .order_by(CaseClaim.number)
    )


def in_the_way(firm_id: UUID, numbers: Collection[str]) -> ClaimDossier | None:
    """Return the first claim of a statement that was refused, or whose class is found otherwise."""
    query = _counted(firm_id, numbers, S.CLAIMED, S.REFUSED).where(
        (ClaimDossier.status == S.REFUSED) | (ClaimDossier.office_class != CaseClaim.difficulty)
    )
    return db.session.scalar(query.limit(1))


def refused_in(firm_id: UUID, numbers: Collection[str]) -> ClaimDossier | None:
    """Return the first claim that a reader refused."""
    query = _counted(firm_id, numbers, S.REFUSED).where(ClaimDossier.refusal != Refusal.LINE)
    return db.session.scalar(query.limit(1))


def withdraw(claim: CaseClaim, dossier: ClaimDossier, *, revision: int | None, by: Member) -> None:
    """Take a declared claim back to mend it. Raises FrozenError once a statement counts it."""
    history.expect(dossier, revision)
    closing.protect([claim.community_code], [(claim.closed_on, claim.closed_on)])
    history.advance(dossier, CLAIM_FLOW, "withdraw_claim", by=by, street_code=dossier.street_code)
    db.session.flush()


def mend(claim: CaseClaim, dossier: ClaimDossier, *, revision: int | None, by: Member) -> None:
    """Take a refused claim back to bring what it lacked; it counts again when it is complete.

    Raises FrozenError in a closed month: the office returns the statement first. Raises
    RefusedError for one that was refused with its line, which only an appeal changes.
    """
    history.expect(dossier, revision)
    if dossier.status == S.REFUSED and dossier.refusal == Refusal.LINE:
        raise RefusedError(
            _("%(number)s 随结算明细不予支付，只能对那一项提出申诉。", number=claim.number)
        )
    history.advance(dossier, CLAIM_FLOW, "mend_claim", by=by, street_code=dossier.street_code)
    complete = not queries.holding(claim.id).missing(claim)
    _say(claim, complete=complete, by=by)


def concede(claim: CaseClaim, dossier: ClaimDossier, *, revision: int | None, by: Member) -> None:
    """Agree to a refusal: the claim counts in no statement any more (M8 asks for the dossier).

    Raises IllegalMoveError for one that was not refused, FrozenError in a closed month.
    """
    history.expect(dossier, revision)
    if dossier.status != S.REFUSED:
        raise IllegalMoveError(_("只有“不予补贴”的案件才能这样处理，请看最新内容。"), row=dossier)
    _say(claim, complete=False, by=by)


def _say(claim: CaseClaim, *, complete: bool, by: Member) -> None:
    if claim.dossier_complete == complete:
        db.session.flush()
        return
    with guarded():
        claim.dossier_complete = complete
        history.record(claim, "change", by=by, street_code=claim.street_code)


def claw_back(
    dossier: ClaimDossier,
    reason: ClawReason,
    words: str,
    paid_fen: int,
    *,
    revision: int | None,
    by: Member,
) -> None:
    """Demand back what was paid for a case. Raises IllegalMoveError before it was paid.

    paid_fen: all that the statement paid for it; the next statement deducts it.
    """
    history.expect(dossier, revision)
    dossier.claw_reason, dossier.claw_words, dossier.claw_fen = reason, words, paid_fen
    dossier.clawed_at, dossier.clawed_by_name = clock.now(), by.name
    history.advance(
        dossier,
        CLAIM_FLOW,
        "claw_back",
        by=by,
        street_code=dossier.street_code,
        reason=reason.value,
        paid_fen=paid_fen,
    )
    db.session.flush()
