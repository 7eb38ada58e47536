"""The community's screen: whoever holds the link sees the code of the present half minute."""

from flask.typing import ResponseReturnValue

from counselhub.core import htmx
from counselhub.core.access import public
from counselhub.points import code_actions as actions
from counselhub.points.routes.blueprint import bp, qr


@bp.get("/screen/<token>")
@public
def screen(token: str) -> ResponseReturnValue:
    """Show the present code; the page asks again when it is over."""
    shown = actions.screen(token)
    return htmx.show(
        "points/screen.html", "points/_screen.html", shown=shown, token=token, qr=qr(shown.code)
    )
