"""Pages of the firm's own checklists."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt
from counselhub.core.forms import text as typed
from counselhub.core.permissions import Permission
from counselhub.products import builtin_checklist, checklist, checkup_actions, checkup_queries
from counselhub.products.checkup_forms import checklist_form
from counselhub.products.checkup_models import Checklist
from counselhub.products.routes.blueprint import bp

P = Permission
LIST, FORM = "products/checklists.html", "products/checklist_form.html"


@bp.get("/products/checklists")
@require(P.SERVICE_LOG)
def checklists() -> ResponseReturnValue:
    """List the checklist that is built in and the firm's own."""
    own = [(one, checklist.read(one.sections)) for one in checkup_queries.checklists()]
    return htmx.show(LIST, own=own, built_in=builtin_checklist)


@bp.get("/products/checklists/new")
@require(P.SERVICE_MANAGE)
def new_checklist() -> ResponseReturnValue:
    """Show the form of a checklist, begun with what is built in."""
    return htmx.show(FORM, **_shown(None, form=checklist_form(None)))


def _shown(row: Checklist | None, *, form: Any, refusal: str = "") -> dict[str, Any]:
    return {"checklist": row, "form": form, "refusal": refusal}


@bp.post("/products/checklists")
@require(P.SERVICE_MANAGE)
def create_checklist() -> ResponseReturnValue:
    """Keep a checklist."""
    form = checklist_form(None)

    def act() -> ResponseReturnValue:
        checkup_actions.add_checklist(typed(form.name), form.sections, by=current_member())
        return _back(_("清单已保存，新的体检可以选它"))

    return attempt(form, act, partial(_shown, None, form=form), page=FORM, field=form.name)


def _back(told: str) -> ResponseReturnValue:
    flash(told, "success")
    return htmx.gone_to(url_for(".checklists"))


@bp.get("/products/checklists/<uuid:checklist_id>")
@require(P.SERVICE_MANAGE)
def edit_checklist(checklist_id: UUID) -> ResponseReturnValue:
    """Show the form of one checklist."""
    row = fetch(Checklist, checklist_id)
    return htmx.show(FORM, **_shown(row, form=checklist_form(row)))


@bp.post("/products/checklists/<uuid:checklist_id>")
@require(P.SERVICE_MANAGE)
def change_checklist(checklist_id: UUID) -> ResponseReturnValue:
    """Write a checklist anew."""
    row = fetch(Checklist, checklist_id)
    form = checklist_form(row)

    def act() -> ResponseReturnValue:
        checkup_actions.change_checklist(
            row, typed(form.name), form.sections, revision=form.seen, by=current_member()
        )
        return _back(_("清单已保存，已开始的体检不受影响"))

    def again(refusal: str = "") -> dict[str, Any]:
        return _shown(fetch(Checklist, checklist_id), form=form, refusal=refusal)

    return attempt(form, act, again, page=FORM, field=form.name)


@bp.post("/products/checklists/<uuid:checklist_id>/removal")
@require(P.SERVICE_MANAGE)
def create_checklist_removal(checklist_id: UUID) -> ResponseReturnValue:
    """Delete a checklist."""
    checkup_actions.remove_checklist(fetch(Checklist, checklist_id), by=current_member())
    return _back(_("清单已删除"))
