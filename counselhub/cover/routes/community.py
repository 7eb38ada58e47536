"""What a community sees behind its link, without an account: who comes, and what has changed."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import public
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, NotFoundError
from counselhub.core.forms import revision_of, text
from counselhub.cover import page_actions, telling
from counselhub.cover.forms import KnowForm
from counselhub.cover.models import ChangePage
from counselhub.cover.routes.blueprint import bp
from counselhub.people.models import Firm
from counselhub.places.models import Community

PAGE, GONE = "cover/changes.html", "cover/changes_gone.html"


@bp.get("/changes/<token>")
@public
def changes(token: str) -> ResponseReturnValue:
    """Show who comes in the next four weeks, and instead of whom."""
    try:
        with page_actions.opened(token) as page:
            return htmx.show(PAGE, **_shown(token, page))
    except NotFoundError as none:
        return htmx.show(GONE, message=none.message), 404


@bp.post("/changes/<token>")
@public
def create_receipt(token: str) -> ResponseReturnValue:
    """Take the community's word that it knows of a change."""
    try:
        with page_actions.opened(token) as page:
            return _received(token, page)
    except NotFoundError as none:
        return htmx.show(GONE, message=none.message), 404


def _received(token: str, page: ChangePage) -> ResponseReturnValue:
    member, form = g.get("member"), KnowForm()
    if member is not None and member.scope.key == str(page.firm_id):
        raise ForbiddenError(_("请由社区的工作人员在自己的手机上点，律所的账号不能代点。"))
    if not form.validate_on_submit():
        raise NotFoundError()
    revision = revision_of(form.revision)
    try:
        telling.know(page, UUID(text(form.cover_id)), revision=revision)
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(token, page, conflict.message))
    return htmx.gone_to(url_for(".changes", token=token))


def _shown(token: str, page: ChangePage, refusal: str = "") -> dict[str, Any]:
    place = db.session.get_one(Community, page.community_code)
    changed = telling.changes(place.code)
    return {
        "token": token,
        "page": page,
        "place": place,
        "firm": db.session.get_one(Firm, page.firm_id),
        "changed": changed,
        "slots": telling.coming(place.code),
        "phones": telling.public_phones(changed),
        "desk_phone": telling.desk_phone(place.street_code),
        "today": clock.today(),
        "refusal": refusal,
    }
