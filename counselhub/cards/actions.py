"""The link of a community's card, and a lawyer's word on being named as a party member."""

import secrets
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from counselhub.advisers.kinds import PoliticalStatus
from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.cards.models import PartyConsent, PublicCard
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.people.sign_ins import digest

TOKEN_BYTES = 24


def renew(code: str, name: str, *, by: Member) -> str:
    """Return the token of a new card for a community, which ends the one before.

    Only its digest is kept. name: of the community, for the record.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with as_platform():
        _forget(by.firm_id, code)
        card = PublicCard(
            firm_id=by.firm_id, community_code=code, digest=digest(token), made_at=clock.now()
        )
        db.session.add(card)
        db.session.flush()
    history.note("card_made", scope=by.scope, by=by, whom=name)
    return token


def end(code: str, name: str, *, by: Member) -> None:
    """End the card of a community; who asks for it finds nothing any more."""
    with as_platform():
        _forget(by.firm_id, code)
    history.note("card_ended", scope=by.scope, by=by, whom=name)


def _forget(firm_id: UUID, code: str) -> None:
    db.session.execute(
        delete(PublicCard).where(PublicCard.firm_id == firm_id, PublicCard.community_code == code)
    )


def cards(firm_id: UUID) -> dict[str, PublicCard]:
    """Return the firm's cards by the code of their community."""
    with as_platform():
        query = select(PublicCard).where(PublicCard.firm_id == firm_id)
        return {one.community_code: one for one in db.session.scalars(query)}


def found(token: str) -> PublicCard:
    """Return the card that `token` opens. Raises NotFoundError for one that opens nothing."""
    with as_platform():
        card = db.session.scalar(select(PublicCard).where(PublicCard.digest == digest(token)))
    if card is None:
        raise NotFoundError(_("这张公示卡已经停用，请向社区或律师事务所要新的。"))
    return card


def own(by: Member) -> Adviser | None:
    """Return the lawyer that a member is, None for one who is none."""
    return db.session.get(Adviser, (by.firm_id, by.adviser_id)) if by.adviser_id else None


def is_party_member(adviser: Adviser) -> bool:
    """Say whether the firm's register calls a lawyer a full member of the party."""
    contact = db.session.get(AdviserContact, (adviser.firm_id, adviser.id))
    return contact is not None and contact.political_status == PoliticalStatus.PARTY_MEMBER


def consent_of(adviser: Adviser) -> PartyConsent | None:
    """Return what a lawyer has agreed to, None for nothing."""
    return db.session.get(PartyConsent, (adviser.firm_id, adviser.id))


def agree(*, by: Member) -> None:
    """Let public cards call the member a party member: his own word, with its time.

    Raises RefusedError for who is no lawyer or not registered as a party member.
    """
    adviser = own(by)
    if adviser is None:
        raise RefusedError(_("只有律师本人能决定是否公示自己的党员身份。"))
    if not is_party_member(adviser):
        raise RefusedError(_("律所登记的政治面貌不是中共党员，请先请内勤核对律师资料。"))
    if consent_of(adviser) is None:
        db.session.add(PartyConsent(adviser_id=adviser.id, agreed_at=clock.now()))
        history.note("party_agreed", scope=by.scope, by=by)


def withdraw(*, by: Member) -> None:
    """Take the word back: the next look at any card does not say it any more."""
    adviser = own(by)
    if adviser is not None and (consent := consent_of(adviser)):
        db.session.delete(consent)
        history.note("party_withdrawn", scope=by.scope, by=by)
