"""What a person does with the own notices: read them, choose how to get them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.notices.kinds import Kind, Language, Mode
from counselhub.notices.models import Notice, NoticeChoice, NoticeSetting
from counselhub.notices.rules import Hours
from counselhub.notices.texts import ABOUT


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to be told. modes: of the kinds that were offered, no others."""

    modes: Mapping[Kind, Mode]
    hours: Hours
    language: Language


def read(membership_id: UUID, ids: Iterable[UUID] | None = None) -> int:
    """Note that a member has read these notices, or all; return how many were unread."""
    done = update(Notice).where(Notice.membership_id == membership_id, Notice.read_at.is_(None))
    if ids is not None:
        done = done.where(Notice.id.in_(list(ids)))
    with as_platform():
        return reached(done.values(read_at=clock.now()))


def choose(person_id: UUID, wish: Wish, *, by: Member) -> None:
    """Keep how a person wants to be told from now on; what waits already keeps its time."""
    kept = asdict(wish.hours) | {"language": wish.language.value}
    other = {kind: mode for kind, mode in wish.modes.items() if mode is not ABOUT[kind].default}
    adding = insert(NoticeSetting).values(person_id=person_id, **kept)
    with as_platform():
        db.session.execute(adding.on_conflict_do_update(index_elements=["person_id"], set_=kept))
        db.session.execute(
            delete(NoticeChoice).where(
                NoticeChoice.person_id == person_id, NoticeChoice.kind.in_(list(wish.modes))
            )
        )
        db.session.add_all(
            NoticeChoice(person_id=person_id, kind=kind.value, mode=mode.value)
            for kind, mode in other.items()
        )
        db.session.flush()
    history.note("notice_choice", scope=by.scope, by=by)


def trust_address(person_id: UUID, *, by: Member) -> bool:
    """Send to an address again that took nothing. False when it did take what it got."""
    with as_platform():
        setting = db.session.get(NoticeSetting, person_id, with_for_update=True)
        if setting is None or setting.bounced_at is None:
            return False
        setting.bounced_email = setting.bounced_at = None
        setting.bounced_why = ""
        db.session.flush()
    history.note("mail_address_trusted", scope=by.scope, by=by)
    return True
