"""Changes of hands: its receiver asks another to take it, or another asks for it."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.referrals import gather, timing
from counselhub.referrals.kinds import (
    HANDED_ON,
    HANDOVER_FLOW,
    Block,
    HandKind,
    HandState,
)
from counselhub.referrals.models import ONE_HANDOVER, Referral, ReferralHandover
from counselhub.referrals.offering import adviser_of


def ask_transfer(
    referral: Referral, to_id: UUID, words: str, *, revision: int | None, by: Member
) -> ReferralHandover:
    """Ask a colleague to take it over from its receiver.

    Raises RefusedError for who cannot, ConflictError when stale or asked already.
    """
    timing.lock(referral)
    history.expect(referral, revision)
    giver = _receiver(referral)
    if giver != by.adviser_id and not allowed(by, Permission.REFERRAL_MANAGE):
        raise ForbiddenError(_("由承办律师或主任请同事接手。"))
    _refuse_unfit(referral, to_id)
    return _asked(referral, HandKind.TRANSFER, giver, to_id, words, by)


def ask_takeover(
    referral: Referral, words: str, *, revision: int | None, by: Member
) -> ReferralHandover:
    """Ask its receiver to let one have it. Raises as `ask_transfer` does."""
    timing.lock(referral)
    history.expect(referral, revision)
    taker = adviser_of(by)
    _refuse_unfit(referral, taker)
    return _asked(referral, HandKind.TAKEOVER, _receiver(referral), taker, words, by)


def _receiver(referral: Referral) -> UUID:
    if referral.status not in HANDED_ON or referral.receiver_id is None:
        raise IllegalMoveError(_("现在没有承办律师，不能移交。"), row=referral)
    return referral.receiver_id


def _refuse_unfit(referral: Referral, to_id: UUID) -> None:
    """Raise RefusedError with what is in the way of a colleague; the asker himself may help out."""
    if to_id == referral.receiver_id:
        raise RefusedError(_("他就是现在的承办律师。"), at="to_id")
    found = gather.suggestion(referral)
    for one in found.ranked:
        if one.lawyer.id == to_id:
            blocks = [b for b in one.blocks if b not in (Block.SAID_NO, Block.ASKER)]
            if why := gather.blocked(blocks, found.found.why(to_id)):
                words = _("%(name)s不能承办：%(why)s。", name=one.lawyer.name, why=why)
                raise RefusedError(words, at="to_id")
            return
    raise RefusedError(_("名册里没有这位律师，请重新选择。"), at="to_id")


def _asked(
    referral: Referral, kind: HandKind, giver: UUID, taker: UUID, words: str, by: Member
) -> ReferralHandover:
    row = ReferralHandover(
        referral_id=referral.id,
        kind=kind,
        from_id=giver,
        to_id=taker,
        status=HandState.ASKED,
        words=words,
        asked_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != ONE_HANDOVER:
            raise
        raise ConflictError(
            _("已有一个移交请求等待答复，先答复或撤回它。"), row=referral
        ) from error
    history.record(referral, f"ask_{kind.value}", by=by, words=words)
    return row


def agree(row: ReferralHandover, referral: Referral, *, by: Member) -> None:
    """Let it change hands. Raises ForbiddenError for who is not asked, ConflictError when over."""
    timing.lock(referral)
    db.session.refresh(row)
    _refuse_stranger(row, by)
    if _receiver(referral) != row.from_id:
        raise ConflictError(_("承办律师已经换了人，这个请求不再有效，请撤回。"), row=referral)
    _refuse_unfit(referral, row.to_id)
    history.advance(row, HANDOVER_FLOW, "agree", by=by)
    row.answered_at = clock.now()
    referral.receiver_id = row.to_id
    history.record(referral, "agree_handover", by=by, adviser_id=str(row.to_id))


def refuse(row: ReferralHandover, referral: Referral, *, by: Member) -> None:
    """Leave it where it is. Raises as `agree` does."""
    timing.lock(referral)
    db.session.refresh(row)
    _refuse_stranger(row, by)
    history.advance(row, HANDOVER_FLOW, "refuse", by=by)
    row.answered_at = clock.now()
    history.record(referral, "refuse_handover", by=by)


def take_back(row: ReferralHandover, referral: Referral, *, by: Member) -> None:
    """Ask no more. Raises ForbiddenError for who did not ask, ConflictError when over."""
    timing.lock(referral)
    db.session.refresh(row)
    if not asked(row, by):
        raise ForbiddenError(_("由提出请求的律师撤回。"))
    history.advance(row, HANDOVER_FLOW, "take_back", by=by)
    row.answered_at = clock.now()
    history.record(referral, "withdraw_handover", by=by)


def answers(row: ReferralHandover, by: Member) -> bool:
    """Whether a member is the one who answers: the taker of a transfer, the giver of a takeover.

    The desk answers for a giver, who may be away; never for a taker, who must want it.
    """
    if row.kind == HandKind.TRANSFER:
        return by.adviser_id == row.to_id
    return by.adviser_id == row.from_id or allowed(by, Permission.REFERRAL_MANAGE)


def asked(row: ReferralHandover, by: Member) -> bool:
    """Whether a member may take a request back: who asked, or the desk."""
    asker = row.from_id if row.kind == HandKind.TRANSFER else row.to_id
    return by.adviser_id == asker or allowed(by, Permission.REFERRAL_MANAGE)


def _refuse_stranger(row: ReferralHandover, by: Member) -> None:
    if not answers(row, by):
        raise ForbiddenError(_("由被请求的律师答复。"))
