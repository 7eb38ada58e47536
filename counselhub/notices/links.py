"""Links by e-mail: what `core.sender` makes goes out through the same outbox as notices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, sender
from counselhub.core.db import db
from counselhub.core.i18n import LOCALES, written_in
from counselhub.core.sealing import UnsealError
from counselhub.core.sender import Link, Purpose, WaitingLink
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.notices import letters, smtp
from counselhub.notices.actions import Note
from counselhub.notices.channels import NeedlessError, RefusedError
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.letters import Letter, Line
from counselhub.notices.models import Delivery
from counselhub.notices.outbox import Batch, Outgoing, put

CHANNEL = "link"
KEY_GONE = "key_gone"


def wait(rows: Sequence[WaitingLink]) -> None:
    """Put new links into the outbox, until what each opens is over."""
    put(
        [
            Outgoing(
                channel=CHANNEL,
                target_id=row.id,
                scope=PLATFORM,
                kind=row.purpose,
                key=str(row.id),
                facts={},
                path="/",
                due_at=clock.now(),
                lapses_at=row.expires_at,
            )
            for row in rows
        ]
    )


def states_of(ids: Sequence[UUID]) -> dict[UUID, DeliveryState]:
    """Return how the mail of each of these links stands; of older ones nothing is known."""
    query = select(Delivery.target_id, Delivery.state).where(
        Delivery.channel == CHANNEL, Delivery.target_id.in_(ids)
    )
    with as_platform():
        return {link_id: DeliveryState(state) for link_id, state in db.session.execute(query)}


class Links:
    """The channel of links: each is a letter of its own, at any hour, for somebody waits for it."""

    name = CHANNEL
    most = 1

    def hear(self, notes: Sequence[Note]) -> None:
        """Do nothing: links come from `wait`."""

    def is_ready(self) -> bool:
        """Tell whether a mail server is set."""
        return sender.sends_mail()

    def send(self, batch: Batch) -> None:
        """Write the link to whom it is for; one that opens nothing any more is dropped."""
        with as_platform():
            row = db.session.get(WaitingLink, batch.target_id)
            db.session.commit()
            if row is None or row.expires_at <= clock.now():
                raise NeedlessError()
            try:
                link = sender.opened(row)
            except UnsealError as fault:
                raise RefusedError(KEY_GONE) from fault
            with written_in(LOCALES[0]):
                message = letters.written(_letter(row, link), to=link.email, number=batch.id)
            db.session.commit()
        smtp.post(message)

    def fit(self, _batch: Batch, at: datetime) -> datetime:
        """Return `at`: whoever asked for a link waits for it."""
        return at


def _letter(row: WaitingLink, link: Link) -> Letter:
    until = clock.local(row.expires_at)
    if row.purpose == Purpose.SIGN_UP:
        subject = str(_("%(firm)s已开通，请设置登录密码", firm=row.about))
    else:
        subject = str(_("%(place)s邀请您使用 CounselHub", place=row.about))
    foot = [
        Line(str(_("链接只能用一次，有效至 %(until)s。", until=f"{until:%Y-%m-%d %H:%M}")), ""),
        Line(str(_("请不要转发。如果您不知道这件事，不用理会。")), ""),
    ]
    return Letter(subject, str(_("您好：")), [Line(subject, link.url)], foot)
