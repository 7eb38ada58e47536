"""What is done to a check-up: its items one by one, the report, what was mended."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import can, current_member, require
from counselhub.core.acting import attempt
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.core.forms import given
from counselhub.core.forms import text as typed
from counselhub.core.permissions import Permission
from counselhub.products import checklist, checkup_actions, checkup_queries
from counselhub.products.checklist import Item
from counselhub.products.checkup_forms import (
    AnswerForm,
    FinishForm,
    MendForm,
    checkup_form,
    item_form,
)
from counselhub.products.checkup_models import Checkup
from counselhub.products.routes.blueprint import bp
from counselhub.products.routes.checkups import PAGE, found, shown, words
from counselhub.products.text_forms import RevisionForm

P = Permission
FORM, ITEM = "products/checkup_form.html", "products/_item.html"


def _anew(checkup_id: UUID, **more: Any) -> dict[str, Any]:
    return shown(found(checkup_id), **more)


@bp.get("/products/checkups/<uuid:checkup_id>/edit")
@require(P.SERVICE_LOG)
def edit_checkup(checkup_id: UUID) -> ResponseReturnValue:
    """Show the form of a check-up."""
    row = found(checkup_id, P.SERVICE_LOG)
    return htmx.show(FORM, checkup=row, form=checkup_form(current_member(), row))


@bp.post("/products/checkups/<uuid:checkup_id>")
@require(P.SERVICE_LOG)
def change_checkup(checkup_id: UUID) -> ResponseReturnValue:
    """Write a check-up anew."""
    row = found(checkup_id, P.SERVICE_LOG)
    form = checkup_form(current_member(), row)

    def act() -> ResponseReturnValue:
        checkup_actions.change(row, form.entry(), revision=form.seen, by=current_member())
        return _back(checkup_id, _("已保存"))

    def again(refusal: str = "") -> dict[str, Any]:
        return {"checkup": found(checkup_id), "form": form, "refusal": refusal}

    return attempt(form, act, again, page=FORM, field=form.name)


def _back(checkup_id: UUID, told: str, **where: Any) -> ResponseReturnValue:
    flash(told, "success")
    return htmx.gone_to(url_for(".checkup", checkup_id=checkup_id, **where))


@bp.post("/products/checkups/<uuid:checkup_id>/answers")
@require(P.SERVICE_LOG)
def create_answer_of_item(checkup_id: UUID) -> ResponseReturnValue:
    """Save one item; htmx gets the item alone."""
    row, form = found(checkup_id, P.SERVICE_LOG), item_form()
    item = _item(row, typed(form.code))
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, ITEM, **_one(row, item, form))
    try:
        checkup_actions.answer(row, form.finding(), revision=form.seen, by=current_member())
    except ConflictError as conflict:
        db.session.rollback()
        return _refused(checkup_id, item, conflict)
    page = url_for(".checkup", checkup_id=checkup_id, _anchor=f"item-{item.code}")
    return htmx.changed(ITEM, page, "checkup-changed", **_one(row, item))


def _item(row: Checkup, code: str) -> Item:
    """Return the item of a check-up. Raises NotFoundError for a code that its list has not."""
    for section in checklist.read(row.sections):
        for item in section.items:
            if item.code == code:
                return item
    raise NotFoundError()


def _one(row: Checkup, item: Item, form: AnswerForm | None = None) -> dict[str, Any]:
    """Return what an item shows, with the rest of its page where that is shown."""
    if not htmx.wants_part():
        return shown(row, sent=form)
    there = checkup_queries.items_of(row)
    may_change = can(P.SERVICE_LOG, row)
    part = {"checkup": row, "item": item, "found": there, "sent": form, "may_change": may_change}
    return part | {"item_refusal": "", **words()}


def _refused(checkup_id: UUID, item: Item, conflict: ConflictError) -> ResponseReturnValue:
    row = found(checkup_id)
    told = {"refusal": conflict.message, "item_refusal": conflict.message}
    return htmx.refused(PAGE, ITEM, **_one(row, item) | told)


@bp.post("/products/checkups/<uuid:checkup_id>/items/<uuid:item_id>/mending")
@require(P.SERVICE_LOG)
def create_mending(checkup_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Write down that an item was mended."""
    row, form = found(checkup_id, P.SERVICE_LOG), MendForm()

    def act() -> ResponseReturnValue:
        day, said, by = given(form.day), typed(form.words), current_member()
        checkup_actions.mend(row, item_id, day, said, revision=form.seen, by=by)
        return _back(checkup_id, _("整改结果已记下"), _anchor="problems")

    again = partial(_anew, checkup_id)
    return attempt(form, act, again, page=PAGE, field=form.day, mending=form, mending_id=item_id)


@bp.post("/products/checkups/<uuid:checkup_id>/report")
@require(P.SERVICE_LOG)
def create_report(checkup_id: UUID) -> ResponseReturnValue:
    """End the check-up with its report."""
    row, form = found(checkup_id, P.SERVICE_LOG), FinishForm()

    def act() -> ResponseReturnValue:
        said, by = typed(form.conclusion), current_member()
        checkup_actions.finish(row, said, revision=form.seen, by=by)
        return _back(checkup_id, _("报告已出具，可以下载或打印"))

    again = partial(_anew, checkup_id)
    return attempt(form, act, again, page=PAGE, field=form.conclusion, finishing=form)


@bp.post("/products/checkups/<uuid:checkup_id>/refilling")
@require(P.SERVICE_LOG)
def create_refilling(checkup_id: UUID) -> ResponseReturnValue:
    """Take a check-up up again."""
    row, form = found(checkup_id, P.SERVICE_LOG), RevisionForm()

    def act() -> ResponseReturnValue:
        checkup_actions.reopen(row, revision=form.seen, by=current_member())
        return _back(checkup_id, _("可以继续填写了"))

    return attempt(form, act, partial(_anew, checkup_id), page=PAGE)
