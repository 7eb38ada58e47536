"""The page that tells people what the interface offers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from counselhub.api import spec
from counselhub.api.ledgers import WRITE
from counselhub.api.operations import OPERATIONS
from counselhub.core import htmx, programs
from counselhub.core.access import current_member, permissions, require
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.ledgers import sent
from counselhub.tokens import actions, bearing
from counselhub.tokens.kinds import Resource

bp = Blueprint("api_pages", __name__)


@bp.get(f"{programs.PREFIX}/docs")
@require(Permission.PROGRAM_MANAGE)
def docs() -> ResponseReturnValue:
    """List the operations that the reader's programs may do, by what they are about."""
    by = current_member()
    held, scopes = permissions(by), actions.scopes_for(by, by.role)
    offered = [one for one in OPERATIONS if one.scope in scopes and held & set(one.permissions)]
    groups: dict[str, list[dict[str, str]]] = {}
    order = [one.value for one in Resource]
    for one in sorted(offered, key=lambda one: order.index(one.resource)):
        groups.setdefault(Resource.of(one.resource).label, []).append(
            {
                "method": one.method,
                "path": spec.address_of(one),
                "summary": page_text(one.summary),
                "scope": one.scope,
            }
        )
    brings = WRITE in scopes
    return htmx.show(
        "api/docs.html",
        groups=groups,
        columns={one.label: name for one, name in sent.NAMES.items()} if brings else {},
        rate=bearing.RATE.amount,
    )
