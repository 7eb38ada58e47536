"""The firm's whole archive as long work: asked for with a passphrase, made, fetched."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from counselhub.core.access import Member
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.labels import N_
from counselhub.core.sealing import UnsealError
from counselhub.core.tenancy import as_platform
from counselhub.leaving import seals
from counselhub.leaving.seals import PASSPHRASE
from counselhub.tenants import making
from counselhub.tenants.making import Whose
from counselhub.work import actions as work
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork
from counselhub.work.running import Order, Result

TASK = "tenant_archive"
DOING = N_("写入归档")


def ask(whose: Whose, passphrase: str, *, by: Member) -> tuple[UUID, bool]:
    """Ask for the archive; return the work, and False when one is being made already.

    Raises ConflictError for one that a colleague asked for at the same moment.
    """
    work_id, is_new = work.ask(TASK, by=by, code=whose.code, name=whose.name)
    if is_new:
        kept = seals.sealed_passphrase(passphrase, whose.id, work_id)
        _tell(work_id, {"code": whose.code, "name": whose.name, PASSPHRASE: kept})
    return work_id, is_new


def run(order: Order) -> Result:
    """Make the archive; nobody ever sees half of it, and the passphrase is forgotten with it.

    Raises RefusedError when the passphrase is gone.
    """
    firm_id = order.by.firm_id
    whose = Whose(firm_id, str(order.detail["code"]), str(order.detail["name"]))
    target = work.path_of(order.id, ".zip")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = making.make(
        whose,
        target,
        passphrase=_passphrase(order),
        tick=lambda done, parts: order.tell(done, parts, DOING),
    )
    told = {"digest": made.digest, "rows": made.rows, "files": made.files}
    size = target.stat().st_size
    _tell(order.id, {"code": whose.code, "name": whose.name, **told, "bytes": size})
    words = _("已做好：%(rows)d 行数据，%(files)d 个文件。", rows=made.rows, files=made.files)
    return Result(words)


def _passphrase(order: Order) -> str:
    try:
        return seals.opened_passphrase(order.detail[PASSPHRASE], order.by.firm_id, order.id)
    except (KeyError, UnsealError) as error:
        raise RefusedError(_("口令已经清除，请重新申请一份归档。")) from error


def _tell(work_id: UUID, detail: dict[str, Any]) -> None:
    with as_platform():
        db.session.execute(update(LongWork).where(LongWork.id == work_id).values(detail=detail))


def fetch(found: LongWork, *, by: Member) -> str:
    """Record who takes an archive, with its digest; return where it lies. Raises NotFoundError."""
    path = work.path_of(found.id, ".zip")
    if found.task != TASK or found.state is not WorkState.DONE or not path.exists():
        raise NotFoundError(_("这份归档还没有做好，或者已经到期删除。请重新制作一份。"))
    work.fetched(found, by=by)
    return str(path)
