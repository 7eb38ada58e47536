"""Links that go to somebody by e-mail, and wait for the operator where mail does not arrive.

A waiting link is sealed and dies with what it opens; the operator shows it, on the record, and
passes it on by hand. Features above post it: see `also_posts`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core import clock, data_keys, resealing
from counselhub.core.columns import one_of
from counselhub.core.db import Base, db
from counselhub.core.errors import NotFoundError
from counselhub.core.ids import uuid7
from counselhub.core.labels import N_, Labelled
from counselhub.core.row_security import DataClass
from counselhub.core.sealing import KeyRing, Place
from counselhub.core.tenancy import as_platform


class Purpose(Labelled):
    """What a link is for."""

    SIGN_UP = "sign_up", N_("律所开通")
    INVITATION = "invitation", N_("邀请")
    COLLEAGUE = "colleague", N_("邀请同事")
    """Sent by e-mail alone: it opens the place itself, so the operator never sees it."""


class WaitingLink(Base):
    """A link that somebody is to get; sealed: JSON with the address and the link."""

    __tablename__ = "waiting_link"
    __table_args__ = (one_of("purpose", Purpose),)
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    purpose: Mapped[str]
    about: Mapped[str]
    """The firm or the place that it is from: no personal data."""
    opens_id: Mapped[UUID | None] = mapped_column(index=True)
    """The invitation that it opens, or the person whose account; older ones do not tell."""
    sealed: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    shown_by_name: Mapped[str | None]


FOR_THE_OPERATOR = WaitingLink.purpose != Purpose.COLLEAGUE


@dataclass(frozen=True, slots=True)
class Link:
    """A link and whose it is: what is sealed."""

    email: str
    url: str


def sends_mail() -> bool:
    """Tell whether a mail server is set, so that links and notices leave the house."""
    return bool(current_app.config["SMTP_URL"])


def also_posts(app: Flask, post: Callable[[Sequence[WaitingLink]], object]) -> None:
    """Let `post` take all new links, in the transaction that makes them."""
    app.extensions.setdefault("link_posts", []).append(post)


def send_links(
    links: Mapping[UUID, Link], purpose: Purpose, *, about: str, until: datetime
) -> None:
    """Let everybody have the own link, which lasts until `until`; links that are dead already go.

    links: by the id of what each opens. about: the firm or the place that they are from.
    """
    rows = [_sealed(link, purpose, about, until, opens_id) for opens_id, link in links.items()]
    with as_platform():
        db.session.execute(delete(WaitingLink).where(WaitingLink.expires_at <= clock.now()))
        db.session.add_all(rows)
        db.session.flush()
        for post in current_app.extensions.get("link_posts", []):
            post(rows)


def forget(*opens_ids: UUID) -> None:
    """Drop the links to what they open no more: no letter leaves, nobody passes them on."""
    with as_platform():
        db.session.execute(delete(WaitingLink).where(WaitingLink.opens_id.in_(opens_ids)))


def _sealed(
    link: Link, purpose: Purpose, about: str, until: datetime, opens_id: UUID
) -> WaitingLink:
    row = WaitingLink(
        id=uuid7(),
        purpose=purpose,
        about=about,
        opens_id=opens_id,
        made_at=clock.now(),
        expires_at=until,
        sealed="",
    )
    text = json.dumps(asdict(link), ensure_ascii=False)
    row.sealed = data_keys.writing_ring().seal(text, _place(row))
    return row


def waiting() -> Select[WaitingLink]:
    """Select what the operator sees of links that open something, those not yet shown first."""
    return (
        select(WaitingLink)
        .where(FOR_THE_OPERATOR, WaitingLink.expires_at > clock.now())
        .order_by(WaitingLink.shown_at.is_not(None), WaitingLink.made_at.desc(), WaitingLink.id)
    )


def show(row: WaitingLink, *, name: str) -> Link:
    """Return a link in the clear and note who saw it. Raises NotFoundError when it is dead."""
    if row.expires_at <= clock.now():
        raise NotFoundError()
    row.shown_at, row.shown_by_name = clock.now(), name
    return opened(row)


def opened(row: WaitingLink) -> Link:
    """Return a link in the clear, for who sends it. Raises UnsealError when its key is gone."""
    return Link(**json.loads(data_keys.ring().unseal(row.sealed, _place(row))))


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every waiting link anew; return how many, and the keys that are still needed."""
    return resealing.of_platform(ring, _place, WaitingLink.sealed)


def _place(row: WaitingLink) -> Place:
    return Place(row.id, WaitingLink.__tablename__, row.id, "sealed")
