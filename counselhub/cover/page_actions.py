"""The page of a community about who comes: its link made, ended and opened."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_firm, as_platform
from counselhub.cover.models import ChangePage
from counselhub.duty.queries import served_communities
from counselhub.people.sign_ins import digest

TOKEN_BYTES = 32
LASTS = timedelta(days=366)
"""A year and a day: the term of most contracts."""


def renew(code: str, *, by: Member) -> str:
    """Return the token of a new page for a community, which ends the one before.

    Only its digest is kept. Raises NotFoundError for a community that the firm does not serve.
    """
    name = place_name(code)
    now, token = clock.now(), secrets.token_urlsafe(TOKEN_BYTES)
    with as_platform():
        _forget(by.firm_id, code)
        page = ChangePage(
            firm_id=by.firm_id,
            community_code=code,
            digest=digest(token),
            made_at=now,
            expires_at=now + LASTS,
        )
        db.session.add(page)
        db.session.flush()
    history.note("change_page_made", scope=by.scope, by=by, whom=name)
    return token


def end(code: str, *, by: Member) -> None:
    """End the page of a community; who asks for it finds nothing any more."""
    name = place_name(code)
    with as_platform():
        _forget(by.firm_id, code)
    history.note("change_page_ended", scope=by.scope, by=by, whom=name)


def _forget(firm_id: UUID, code: str) -> None:
    own = (ChangePage.firm_id == firm_id) & (ChangePage.community_code == code)
    db.session.execute(delete(ChangePage).where(own))


def place_name(code: str) -> str:
    """Return what a community that the firm serves is called. Raises NotFoundError otherwise."""
    for place in served_communities():
        if place.code == code:
            name: str = place.name
            return name
    raise NotFoundError()


def pages(firm_id: UUID) -> dict[str, ChangePage]:
    """Return the firm's pages that still open, by the code of their community."""
    query = select(ChangePage).where(
        ChangePage.firm_id == firm_id, ChangePage.expires_at > clock.now()
    )
    with as_platform():
        return {one.community_code: one for one in db.session.scalars(query)}


@contextmanager
def opened(token: str) -> Iterator[ChangePage]:
    """Work as the firm whose page `token` opens. Raises NotFoundError for one that opens none."""
    with as_platform():
        page = db.session.scalar(select(ChangePage).where(ChangePage.digest == digest(token)))
    if page is None or page.expires_at <= clock.now():
        raise NotFoundError(_("这个链接已经停用或过期，请向律师事务所要新的。"))
    with as_firm(page.firm_id):
        yield page
        db.session.flush()
