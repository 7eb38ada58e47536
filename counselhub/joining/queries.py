"""What a firm has accepted, and what it has not."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.joining import texts
from counselhub.joining.kinds import Text
from counselhub.joining.models import Acceptance


def acceptances(firm_id: UUID) -> Sequence[Acceptance]:
    """Return what a firm has accepted, newest first."""
    query = select(Acceptance).where(Acceptance.firm_id == firm_id)
    with as_platform():
        return db.session.scalars(query.order_by(Acceptance.at.desc(), Acceptance.id.desc())).all()


def lacking(accepted: Sequence[Acceptance]) -> list[Text]:
    """Return the texts whose version in force a firm has not accepted yet."""
    known = {(one.kind, one.version) for one in accepted}
    return [kind for kind in Text if (kind.value, texts.current(kind)) not in known]
