"""Make, change and remove rotas."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from counselhub.core import history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.places.models import Street
from counselhub.rota.kinds import TurnLength
from counselhub.rota.models import OnlineTurn, Rota, RotaPerson, RotaStreet

SAME_NAME = "uq_rota_firm_id_name"
SAME_STREET = "uq_rota_street_firm_id_street_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaEntry:
    """A rota as it is written; again_at counts for half days only."""

    name: str
    length: TurnLength
    changes_at: time
    again_at: time | None
    starts_on: date
    last_on: date | None
    desk_phone: str
    streets: tuple[str, ...]
    people: tuple[UUID, ...]


def add(entry: RotaEntry, *, by: Member) -> Rota:
    """Make a rota. Raises RefusedError for a taken name or a street that is in another rota."""
    rota = Rota()
    with _told(entry):
        _write(rota, entry)
        db.session.add(rota)
    history.record(rota, "add", by=by, name=entry.name)
    return rota


def change(rota: Rota, entry: RotaEntry, *, revision: int | None, by: Member) -> None:
    """Change a rota; its turns stay until they are made again. Raises as `add`, ConflictError."""
    history.expect(rota, revision)
    with _told(entry, rota.id):
        rota.streets.clear()
        rota.people.clear()
        db.session.flush()
        _write(rota, entry)
        flag_modified(rota, "name")  # people lie on another table, the revision is the rota's
    history.record(rota, "change", by=by, name=entry.name)


def remove(rota: Rota, *, revision: int | None, by: Member) -> None:
    """Remove a rota with its planned turns. Raises IllegalMoveError once somebody stood by."""
    history.expect(rota, revision)
    mine = OnlineTurn.rota_id == rota.id
    if db.session.scalar(select(exists().where(mine, OnlineTurn.taken_at.is_not(None)))):
        raise IllegalMoveError(
            _("%(name)s 已经有人接过班，记录要留着。请改为填写最后一天。", name=rota.name), row=rota
        )
    history.record(rota, "remove", by=by, name=rota.name)
    db.session.execute(delete(OnlineTurn).where(mine))
    db.session.delete(rota)


def _write(rota: Rota, entry: RotaEntry) -> None:
    is_half = entry.length is TurnLength.HALF_DAY
    if is_half and entry.again_at in (None, entry.changes_at):
        raise RefusedError(_("半天一班要有两个不同的交接时间。"), at="again_at")
    if entry.last_on is not None and entry.last_on < entry.starts_on:
        raise RefusedError(_("最后一天不能早于开始日期。"), at="last_on")
    rota.name, rota.length, rota.desk_phone = entry.name, entry.length, entry.desk_phone
    rota.changes_at, rota.again_at = entry.changes_at, entry.again_at if is_half else None
    rota.starts_on, rota.last_on = entry.starts_on, entry.last_on
    rota.streets = [RotaStreet(street_code=code) for code in entry.streets]
    rota.people = [
        RotaPerson(place=place, adviser_id=one) for place, one in enumerate(entry.people)
    ]


@contextmanager
def _told(entry: RotaEntry, own: UUID | None = None) -> Iterator[None]:
    """Write inside; what the database refuses is told by the name of what is in the way."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        match constraint_of(error):
            case name if name == SAME_NAME:
                words = _("已经有一张叫“%(name)s”的轮值表，请换一个名称。", name=entry.name)
                raise RefusedError(words) from error
            case name if name == SAME_STREET:
                raise RefusedError(_in_another(entry, own), at="streets") from error
        raise


def _in_another(entry: RotaEntry, own: UUID | None) -> str:
    query = (
        select(Street.name.label("street"), Rota.name)
        .join(RotaStreet, RotaStreet.street_code == Street.code)
        .join(Rota, (Rota.firm_id == RotaStreet.firm_id) & (Rota.id == RotaStreet.rota_id))
        .where(Street.code.in_(entry.streets))
        .limit(1)
    )
    row = db.session.execute(query if own is None else query.where(Rota.id != own)).one_or_none()
    if row is None:
        return str(_("有街道刚刚排进了另一张轮值表，请刷新后再看。"))
    return str(
        _(
            "%(street)s 已经在轮值表“%(name)s”里，一个街道只能在一张表里。",
            street=row.street,
            name=row.name,
        )
    )
