"""Who answers now, street by street."""

from typing import Any

from flask.typing import ResponseReturnValue

from counselhub.core import htmx
from counselhub.core.access import require
from counselhub.core.permissions import Permission
from counselhub.rota import now_queries
from counselhub.rota.now_queries import Picture, gap_count
from counselhub.rota.routes.blueprint import bp


@bp.get("/rota")
@require(Permission.FIRM_READ)
def now() -> ResponseReturnValue:
    """Show who answers each street's calls at this moment, until when, and who is next."""
    picture = now_queries.picture()
    return htmx.show(
        "rota/now.html",
        answers=picture.answers(),
        phones=picture.phones,
        at=picture.now,
        gaps=gap_count(picture),
    )


def told(picture: Picture) -> dict[str, Any]:
    """Return what the page of gaps shows."""
    return {
        "outlooks": picture.outlooks(),
        "phones": picture.phones,
        "gaps": gap_count(picture),
        "days": now_queries.DAYS_AHEAD,
    }
