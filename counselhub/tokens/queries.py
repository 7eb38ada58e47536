"""Tokens of a place, and the one that a secret belongs to."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from counselhub.core import placed
from counselhub.core.columns import containing
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, as_platform
from counselhub.tokens.kinds import TokenState
from counselhub.tokens.models import ApiToken


def _in_state(state: TokenState, today: date) -> tuple[ColumnElement[bool], ...]:
    stands = ApiToken.revoked_at.is_(None)
    return {
        TokenState.LIVE: (stands, ApiToken.expires_on >= today),
        TokenState.EXPIRED: (stands, ApiToken.expires_on < today),
        TokenState.REVOKED: (~stands,),
    }[state]


def tokens(scope: Scope, words: str, state: str, today: date) -> Select[ApiToken]:
    """Select a place's tokens, newest first; to be sent under the platform's scope.

    words: each is in the name, the maker's name or the first letters. state: '' for all.
    """
    query = select(ApiToken).where(
        ApiToken.of(scope),
        containing(words, ApiToken.name, ApiToken.made_by_name, ApiToken.start),
    )
    if state in set(TokenState):
        query = query.where(*_in_state(TokenState.of(state), today))
    return query.order_by(ApiToken.created_at.desc(), ApiToken.id)


def of_place(token_id: UUID, by: Member) -> ApiToken:
    """Return a token of the member's own place. Raises NotFoundError."""
    return placed.own(ApiToken, token_id, by.scope)


def live(digest: str, today: date) -> ApiToken | None:
    """Return the token of a secret, None for one that is over, revoked or nobody's."""
    query = select(ApiToken).where(ApiToken.digest == digest, *_in_state(TokenState.LIVE, today))
    with as_platform():
        return db.session.scalar(query)


def state_of(token: ApiToken, today: date) -> TokenState:
    """Return where a token stands."""
    if token.revoked_at is not None:
        return TokenState.REVOKED
    return TokenState.LIVE if token.expires_on >= today else TokenState.EXPIRED
