"""What is done to a revised text, each act a form of its page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt
from counselhub.core.forms import revision_of
from counselhub.core.forms import text as typed
from counselhub.core.permissions import Permission
from counselhub.products import text_actions
from counselhub.products.kinds import Answer
from counselhub.products.routes.blueprint import bp
from counselhub.products.routes.texts import PAGE, found, shown
from counselhub.products.text_forms import (
    RevisionForm,
    VersionForm,
    VoidForm,
    answer_form,
    opinion_form,
    settle_form,
    text_form,
)

P = Permission
FORM = "products/text_form.html"


@bp.get("/products/texts/<uuid:text_id>/edit")
@require(P.SERVICE_LOG)
def edit_text(text_id: UUID) -> ResponseReturnValue:
    """Show the form of a text."""
    review = found(text_id, P.SERVICE_LOG)
    form = text_form(current_member(), review)
    return htmx.show(FORM, review=review, form=form, refusal="")


@bp.post("/products/texts/<uuid:text_id>")
@require(P.SERVICE_LOG)
def change_text(text_id: UUID) -> ResponseReturnValue:
    """Name a text anew, or give it to another lawyer."""
    review = found(text_id, P.SERVICE_LOG)
    form = text_form(current_member(), review)

    def act() -> ResponseReturnValue:
        text_actions.change(review, form.entry(), revision=form.seen, by=current_member())
        return _back(text_id, _("已保存"))

    def again(refusal: str = "") -> dict[str, Any]:
        return {"review": found(text_id), "form": form, "refusal": refusal}

    return attempt(form, act, again, page=FORM)


def _back(text_id: UUID, told: str, **where: Any) -> ResponseReturnValue:
    flash(told, "success")
    return htmx.gone_to(url_for(".text", text_id=text_id, **where))


def _done(
    text_id: UUID, sent: Any, field: Any, act: Callable[[], ResponseReturnValue], **more: Any
) -> ResponseReturnValue:
    return attempt(
        sent, act, lambda **now: shown(found(text_id), **now), page=PAGE, field=field, **more
    )


@bp.post("/products/texts/<uuid:text_id>/versions")
@require(P.SERVICE_LOG)
def create_version(text_id: UUID) -> ResponseReturnValue:
    """Add the next version of a text, and show what it changed."""
    review, form = found(text_id, P.SERVICE_LOG), VersionForm()

    def act() -> ResponseReturnValue:
        made = text_actions.add_version(
            review, form.arrived, typed(form.remark), revision=form.seen, by=current_member()
        )
        flash(_("已存为第 %(number)d 版，下面是改动", number=made.number), "success")
        return htmx.gone_to(url_for(".comparison", text_id=text_id))

    return _done(text_id, form, form.pasted, act, version=form)


@bp.post("/products/texts/<uuid:text_id>/opinions")
@require(P.SERVICE_LOG)
def create_opinion(text_id: UUID) -> ResponseReturnValue:
    """Say something of a paragraph."""
    review, form = found(text_id, P.SERVICE_LOG), opinion_form()

    def act() -> ResponseReturnValue:
        made = text_actions.add_opinion(review, form.entry(), by=current_member())
        place = {"v": made.number, "_anchor": f"p{made.paragraph}"}
        return _back(text_id, _("意见已记下"), **place)

    number = revision_of(form.number)
    known = number if number and 1 <= number <= review.last_number else None
    return _done(text_id, form, form.words, act, opinion=form, number=known)


@bp.post("/products/texts/<uuid:text_id>/opinions/<uuid:opinion_id>/answer")
@require(P.SERVICE_LOG)
def create_answer(text_id: UUID, opinion_id: UUID) -> ResponseReturnValue:
    """Write down what became of an opinion."""
    review, form = found(text_id, P.SERVICE_LOG), answer_form()

    def act() -> ResponseReturnValue:
        answer, seen = Answer.of(form.answer.data), form.seen
        text_actions.answer_opinion(review, opinion_id, answer, revision=seen, by=current_member())
        return _back(text_id, _("已保存"), _anchor="opinions")

    return _done(text_id, form, form.answer, act)


@bp.post("/products/texts/<uuid:text_id>/opinions/<uuid:opinion_id>/removal")
@require(P.SERVICE_LOG)
def create_opinion_removal(text_id: UUID, opinion_id: UUID) -> ResponseReturnValue:
    """Take an opinion back."""
    review, form = found(text_id, P.SERVICE_LOG), RevisionForm()

    def act() -> ResponseReturnValue:
        text_actions.remove_opinion(review, opinion_id, by=current_member())
        return _back(text_id, _("意见已撤回"), _anchor="opinions")

    return _done(text_id, form, None, act)


@bp.post("/products/texts/<uuid:text_id>/settling")
@require(P.SERVICE_LOG)
def create_settling(text_id: UUID) -> ResponseReturnValue:
    """Settle on a version."""
    review = found(text_id, P.SERVICE_LOG)
    form = settle_form(review, is_sent=True)

    def act() -> ResponseReturnValue:
        text_actions.settle(
            review,
            form.settled.data,
            typed(form.conclusion),
            revision=form.seen,
            by=current_member(),
        )
        return _back(text_id, _("已定稿，可以打印意见书"))

    return _done(text_id, form, form.settled, act, settling=form)


@bp.post("/products/texts/<uuid:text_id>/reopening")
@require(P.SERVICE_LOG)
def create_reopening(text_id: UUID) -> ResponseReturnValue:
    """Take a settled text up again."""
    review, form = found(text_id, P.SERVICE_LOG), RevisionForm()

    def act() -> ResponseReturnValue:
        text_actions.reopen(review, revision=form.seen, by=current_member())
        return _back(text_id, _("可以继续审改了"))

    return _done(text_id, form, None, act)


@bp.post("/products/texts/<uuid:text_id>/voiding")
@require(P.SERVICE_LOG)
def create_voiding(text_id: UUID) -> ResponseReturnValue:
    """Give a text up."""
    review, form = found(text_id, P.SERVICE_LOG), VoidForm()

    def act() -> ResponseReturnValue:
        text_actions.void(review, typed(form.reason), revision=form.seen, by=current_member())
        return _back(text_id, _("已作废"))

    return _done(text_id, form, form.reason, act, voiding=form)
