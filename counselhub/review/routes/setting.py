"""The office's setting: how many days each side has, and its own sentences for questions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, DomainError
from counselhub.core.forms import Form, RevisionForm, given, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.review import canned, deadlines
from counselhub.review.forms import CannedForm, DaysForm
from counselhub.review.models import CannedReason
from counselhub.review.routes.blueprint import bp
from counselhub.statements.actions.turns import review_days
from counselhub.statements.rules.turns import ReviewDays
from counselhub.statements.states import QueryReason

P = Permission
PAGE, PART = "review/setting.html", "review/_setting.html"


@bp.get("/review/setting")
@require(P.REVIEW_CHECK)
def setting() -> ResponseReturnValue:
    """Show the days of each side and the sentences."""
    return htmx.show(PAGE, PART, **_shown())


def _shown(**changed: Any) -> dict[str, Any]:
    street_code = current_member().street_code
    return {
        "days_form": days_form(review_days(street_code)),
        "canned_form": canned_form(fresh=True),
        "own": canned.own(street_code),
        "sentences": [one for one in canned.sentences(street_code) if one.id is None],
        "Reason": QueryReason,
        "refusal": None,
        **changed,
    }


def days_form(days: ReviewDays) -> DaysForm:
    """Return the form of the days as they now are."""
    held = {"office_days": days.office, "firm_days": days.firm, "appeal_days": days.appeal}
    return DaysForm(formdata=None, data=held)


def canned_form(*, fresh: bool = False) -> CannedForm:
    """Return the form of a sentence with its choices; fresh: never from what was sent."""
    form = CannedForm(formdata=None) if fresh else CannedForm()
    form.reason.choices = QueryReason.choices()
    return form


def _done(form: Form, name: str, act: Callable[[], object]) -> ResponseReturnValue:
    """Do `act`; what is wrong stands at its field, and what others did first above the page."""
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, PART, **_shown(**{name: form}))
    try:
        toast = str(act())
    except ConflictError as refusal:
        return htmx.refused(PAGE, PART, **_shown(**{name: form}, refusal=refusal.message))
    except DomainError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, PART, **_shown(**{name: form}))
    shown = _shown() if htmx.wants_part() else {}
    return htmx.changed(PART, url_for(".setting"), toast=toast, **shown)


@bp.post("/review/setting/days")
@require(P.REVIEW_CHECK)
def change_days() -> ResponseReturnValue:
    """Set how many working days each side has; running turns follow at once."""
    form = DaysForm()

    def change() -> object:
        days = ReviewDays(given(form.office_days), given(form.firm_days), given(form.appeal_days))
        deadlines.set_days(days, by=current_member())
        return _("期限已保存，正在进行的审核一并按新期限计算")

    return _done(form, "days_form", change)


@bp.post("/review/setting/sentences")
@require(P.REVIEW_CHECK)
def create_sentence() -> ResponseReturnValue:
    """Keep a sentence of the office's own."""
    form = canned_form()

    def add() -> object:
        canned.add(QueryReason.of(form.reason.data), text(form.words), by=current_member())
        return _("常用语已保存")

    return _done(form, "canned_form", add)


@bp.post("/review/setting/sentences/<uuid:sentence_id>")
@require(P.REVIEW_CHECK)
def change_sentence(sentence_id: UUID) -> ResponseReturnValue:
    """Change a sentence; questions already asked keep theirs."""
    row, form = fetch(CannedReason, sentence_id), canned_form()

    def change() -> object:
        reason = QueryReason.of(form.reason.data)
        canned.change(row, reason, text(form.words), by=current_member(), revision=form.seen)
        return _("常用语已更改")

    return _done(form, "canned_form", change)


@bp.post("/review/setting/sentences/<uuid:sentence_id>/removal")
@require(P.REVIEW_CHECK)
def remove_sentence(sentence_id: UUID) -> ResponseReturnValue:
    """Drop a sentence; questions already asked keep theirs."""
    row, form = fetch(CannedReason, sentence_id), RevisionForm()

    def remove() -> object:
        canned.remove(row, by=current_member(), revision=form.seen)
        return _("常用语已删除")

    return _done(form, "removal_form", remove)
