"""What a late notice of holidays does to planned slots: proposals, never absences."""

from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx
from counselhub.core.access import require
from counselhub.core.permissions import Permission
from counselhub.roster.hits import hits
from counselhub.roster.routes.blueprint import bp


@bp.get("/roster/holidays")
@require(Permission.DUTY_MANAGE)
def holidays() -> ResponseReturnValue:
    """List the slots on days off, each with the nearest day that is free."""
    return htmx.show("roster/holidays.html", hits=hits(), today=clock.today())
