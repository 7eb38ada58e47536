"""Who is kept from a matter."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.matters import deciding, decision_queries
from counselhub.matters.deciding import Whom
from counselhub.matters.forms import WallForm, WordsForm, wall_form
from counselhub.matters.models import Matter
from counselhub.matters.routes.blueprint import bp
from counselhub.matters.routes.lists import words
from counselhub.matters.routes.matter import CODES, found

PAGE = "matters/walls.html"
P = Permission


def _shown(matter: Matter, form: WallForm | None = None, refusal: str = "") -> dict[str, Any]:
    return {
        "matter": matter,
        "walls": decision_queries.walls(matter),
        "form": form or _blank(),
        "refusal": refusal,
        **words(),
        **CODES,
    }


def _blank() -> WallForm:
    form, known = WallForm(formdata=None), wall_form(decision_queries.colleagues())
    form.whom.choices, form.reason.choices = known.whom.choices, known.reason.choices
    return form


@bp.get("/matters/<uuid:matter_id>/walls")
@require(P.MATTER_DECIDE)
def walls(matter_id: UUID) -> ResponseReturnValue:
    """Show who is kept from a matter, with the form that keeps one more."""
    return htmx.show(PAGE, **_shown(found(matter_id, to_write=True)))


@bp.post("/matters/<uuid:matter_id>/walls")
@require(P.MATTER_DECIDE)
def create_wall(matter_id: UUID) -> ResponseReturnValue:
    """Keep somebody from a matter."""
    matter = found(matter_id, to_write=True)
    form = wall_form(people := decision_queries.colleagues())
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(matter, form))
    whom = _whom(form.whom.data, dict(people))
    try:
        deciding.wall_off(matter, whom, form.wall_reason(), text(form.words), by=current_member())
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.whom, refusal)
        return htmx.invalid(PAGE, **_shown(found(matter_id, to_write=True), form))
    return _back(matter_id, _("%(name)s已隔离，再也看不到这件事项。", name=whom.name))


def _whom(key: str, names: dict[str, str]) -> Whom:
    kind, _colon, row_id = key.partition(":")
    if kind == "adviser":
        return Whom(names[key], adviser_id=UUID(row_id))
    return Whom(names[key], person_id=UUID(row_id))


def _back(matter_id: UUID, told: str) -> ResponseReturnValue:
    flash(told, "success")
    return htmx.gone_to(url_for(".walls", matter_id=matter_id))


@bp.post("/matters/<uuid:matter_id>/walls/<uuid:wall_id>/lifting")
@require(P.MATTER_DECIDE)
def create_lifting(matter_id: UUID, wall_id: UUID) -> ResponseReturnValue:
    """Let somebody see a matter again."""
    matter, form = found(matter_id, to_write=True), WordsForm()
    row = next((one for one in decision_queries.walls(matter) if one.id == wall_id), None)
    if row is None:
        raise NotFoundError()
    try:
        deciding.lift(row, matter, text(form.words), by=current_member())
    except ConflictError as refusal:
        return htmx.refused(PAGE, **_shown(matter, refusal=refusal.message))
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **_shown(matter, refusal=refusal.message))
    return _back(matter_id, _("已解除%(name)s的隔离。", name=row.name))
