"""The service record that something is the fruit of, by the number that people know it by."""

from collections.abc import Collection
from uuid import UUID

from flask_babel import gettext as _

from counselhub.core import access
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.services.kinds import ServiceKind
from counselhub.services.models import ServiceRecord


def service_of(number: str, kinds: Collection[ServiceKind], community_code: str) -> UUID | None:
    """Return the service with this number, None for no number.

    Raises RefusedError for one that is not in sight, of another kind or of another community.
    """
    if not number:
        return None
    query = access.visible(ServiceRecord).where(ServiceRecord.number == number.strip().upper())
    record = db.session.scalars(query).one_or_none()
    if record is None:
        raise RefusedError(
            _("没有编号为%(number)s的服务记录，请核对。", number=number), at="service"
        )
    if record.kind not in kinds:
        raise RefusedError(
            _(
                "服务记录%(number)s的类别是“%(kind)s”，这里要关联“%(wanted)s”的记录。",
                number=record.number,
                kind=ServiceKind.of(record.kind).label,
                wanted=_("、").join(kind.label for kind in kinds),
            ),
            at="service",
        )
    if record.community_code != community_code:
        raise RefusedError(
            _("服务记录%(number)s是另一个社区的，请核对。", number=record.number), at="service"
        )
    return record.id
