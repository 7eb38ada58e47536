"""Ask for an archive of a street, and make what was asked for."""

from uuid import UUID

from flask_babel import gettext as _

from counselhub.archives.making import Order, make
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.places.models import Street
from counselhub.work import actions as work
from counselhub.work import running
from counselhub.work.running import Result

TASK = "office_archive"
DOING = N_("制作中")


def ask(papers: str, *, has_photos: bool, by: Member) -> tuple[UUID, bool]:
    """Ask for an archive of the office's street; return the work, and False when one is open.

    papers: where papers are checked, as the asker's browser knows this service. Raises
    ConflictError for one that a colleague asked for at the same moment.
    """
    return work.ask(TASK, by=by, has_photos=has_photos, papers=papers)


def run(order: running.Order) -> Result:
    """Make the archive under the scope of the office; its digest goes on record with its end."""
    street = db.session.get_one(Street, order.by.street_code)
    has_photos, papers = bool(order.detail["has_photos"]), str(order.detail["papers"])
    wanted = Order(
        street.code, f"{street.name}司法所", has_photos, papers, clock.local(clock.now())
    )
    made = make(wanted, order.draft(".zip"), lambda done, parts: order.tell(done, parts, DOING))
    history.note("office_archive_made", scope=order.by.scope, by=order.by, digest=made.digest)
    known = {"digest": made.digest, "bytes": made.size_bytes, "rows": made.rows}
    return Result(
        _("已做好：%(rows)d 行数据，%(files)d 个文件。", rows=made.rows, files=made.files),
        detail=order.detail | known | {"files": made.files},
    )
