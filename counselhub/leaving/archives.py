"""The firm's whole archive as long work: asked for with a passphrase, made, fetched."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.core.sealing import UnsealError
from counselhub.core.tenancy import as_platform
from counselhub.leaving import seals
from counselhub.leaving.seals import PASSPHRASE
from counselhub.tenants import making
from counselhub.tenants.making import Whose
from counselhub.work import actions as work
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
        detail = {"code": whose.code, "name": whose.name, PASSPHRASE: kept}
        with as_platform():
            change = update(LongWork).where(LongWork.id == work_id)
            db.session.execute(change.values(detail=detail))
    return work_id, is_new


def run(order: Order) -> Result:
    """Make the archive; nobody ever sees half of it, and the passphrase is forgotten with it.

    Raises RefusedError when the passphrase is gone.
    """
    firm_id = order.by.firm_id
    whose = Whose(firm_id, str(order.detail["code"]), str(order.detail["name"]))
    target = order.draft(".zip")
    made = making.make(
        whose,
        target,
        passphrase=_passphrase(order),
        tick=lambda done, parts: order.tell(done, parts, DOING),
    )
    told = {"digest": made.digest, "rows": made.rows, "files": made.files}
    told |= {"code": whose.code, "name": whose.name, "bytes": target.stat().st_size}
    words = _("已做好：%(rows)d 行数据，%(files)d 个文件。", rows=made.rows, files=made.files)
    return Result(words, detail=told)


def _passphrase(order: Order) -> str:
    try:
        return seals.opened_passphrase(order.detail[PASSPHRASE], order.by.firm_id, order.id)
    except (KeyError, UnsealError) as error:
        raise RefusedError(_("口令已经清除，请重新申请一份归档。")) from error
