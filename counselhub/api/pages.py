"""The page that tells people what the interface offers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from counselhub.api import spec
from counselhub.api.operations import OPERATIONS
from counselhub.core import htmx, programs
from counselhub.core.access import require
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.tokens import bearing
from counselhub.tokens.kinds import Resource

bp = Blueprint("api_pages", __name__)


@bp.get(f"{programs.PREFIX}/docs")
@require(Permission.PROGRAM_MANAGE)
def docs() -> ResponseReturnValue:
    """List the operations by what they are about."""
    groups = {
        resource.label: [
            {
                "method": one.method,
                "path": spec.address_of(one),
                "summary": page_text(one.summary),
                "scope": one.scope,
            }
            for one in OPERATIONS
            if one.resource == resource
        ]
        for resource in Resource
    }
    return htmx.show("api/docs.html", groups=groups, rate=bearing.RATE.amount)
