"""Pages of the platform's operator."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from counselhub.console import queries
from counselhub.core.access import Permission, require

bp = Blueprint("console", __name__, url_prefix="/console")


@bp.get("")
@require(Permission.OPERATE)
def console() -> ResponseReturnValue:
    """Show what the platform serves at present."""
    return render_template("console/console.html", overview=queries.overview())
