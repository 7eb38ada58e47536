"""The public page of a street or community, and the number that a lawyer gives for it."""

import secrets
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from counselhub.advisers.models import Adviser
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.people.models import Firm
from counselhub.people.sign_ins import digest
from counselhub.places.models import Community, Street
from counselhub.rota import queries
from counselhub.rota.models import AnswerBoard, DutyPhone

TOKEN_BYTES = 24


def renew(code: str, *, by: Member) -> str:
    """Return the token of a new page for a place, which ends the one before.

    Only its digest is kept. Raises NotFoundError for a place of no rota of the firm.
    """
    name = place_name(code)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with as_platform():
        _forget(by.firm_id, code)
        db.session.add(
            AnswerBoard(
                firm_id=by.firm_id, place_code=code, digest=digest(token), made_at=clock.now()
            )
        )
        db.session.flush()
    history.note("board_made", scope=by.scope, by=by, whom=name)
    return token


def end(code: str, *, by: Member) -> None:
    """End the page of a place; who asks for it finds nothing any more."""
    with as_platform():
        _forget(by.firm_id, code)
    history.note("board_ended", scope=by.scope, by=by, whom=place_name(code))


def _forget(firm_id: UUID, code: str) -> None:
    db.session.execute(
        delete(AnswerBoard).where(AnswerBoard.firm_id == firm_id, AnswerBoard.place_code == code)
    )


def place_name(code: str) -> str:
    """Return the name of a street in a rota, or of a community in one; NotFoundError otherwise."""
    if code[:9] not in queries.of_streets():
        raise NotFoundError()
    column, key = (Street.name, Street.code) if len(code) == 9 else (Community.name, Community.code)
    name = db.session.scalar(select(column).where(key == code))
    if name is None:
        raise NotFoundError()
    return name


def firm_name(firm_id: UUID) -> str:
    """Return the name of the firm in scope."""
    return db.session.scalar(select(Firm.name).where(Firm.id == firm_id)) or ""


def boards(firm_id: UUID) -> dict[str, AnswerBoard]:
    """Return the firm's public pages by the code of their place."""
    with as_platform():
        query = select(AnswerBoard).where(AnswerBoard.firm_id == firm_id)
        return {one.place_code: one for one in db.session.scalars(query)}


def found(token: str) -> AnswerBoard:
    """Return the page that `token` opens. Raises NotFoundError for one that opens nothing."""
    with as_platform():
        board = db.session.scalar(select(AnswerBoard).where(AnswerBoard.digest == digest(token)))
    if board is None:
        raise NotFoundError(_("这个链接已经停用，请向社区或律师事务所要新的。"))
    return board


def set_phone(adviser: Adviser, phone: str, *, is_public: bool, by: Member) -> None:
    """Keep the number that a lawyer gives for online duty; public only with the own agreement.

    Raises RefusedError when somebody else would agree for him.
    """
    if is_public and by.adviser_id != adviser.id:
        raise RefusedError(_("是否对社区公开，只能由律师本人决定。"))
    row = db.session.get(DutyPhone, (adviser.firm_id, adviser.id))
    if not phone:
        if row is not None:
            db.session.delete(row)
            history.record(adviser, "drop_duty_phone", by=by)
        return
    if row is None:
        row = DutyPhone(adviser_id=adviser.id, phone=phone, is_public=is_public)
        db.session.add(row)
    row.phone, row.is_public = phone, is_public
    row.agreed_at = clock.now() if is_public else None
    history.record(adviser, "set_duty_phone", by=by, is_public=is_public)
