"""Feedback with its satisfaction, the link that asks for it, visits at home."""

from uuid import UUID

import segno
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of
from counselhub.core.permissions import Permission
from counselhub.referrals import after_actions
from counselhub.referrals.after_models import ReferralFeedback
from counselhub.referrals.allowing import fetched, must
from counselhub.referrals.forms import feedback_form, rating_form, visit_form
from counselhub.referrals.routes.answering import kept, pressed
from counselhub.referrals.routes.blueprint import KINDS, PAGE, bp, shown

FEEDBACK, VISIT, LINK = (
    "referrals/feedback.html",
    "referrals/visit.html",
    "referrals/rating_link.html",
)


@bp.get("/referrals/<uuid:referral_id>/feedback")
@require(Permission.REFERRAL_USE)
def new_feedback(referral_id: UUID) -> ResponseReturnValue:
    """Say who was told what came of it."""
    row = fetched(referral_id)
    return htmx.show(FEEDBACK, row=row, form=feedback_form(row, fresh=True), **KINDS)


@bp.post("/referrals/<uuid:referral_id>/feedback")
@require(Permission.REFERRAL_USE)
def create_feedback(referral_id: UUID) -> ResponseReturnValue:
    """Record it."""
    row = fetched(referral_id)
    form = feedback_form(row)

    def run() -> None:
        revision = revision_of(form.revision)
        after_actions.feed_back(row, form.told(), revision=revision, by=current_member())

    toast = _("已记下反馈，可以请对方评价满意度")
    return kept(
        row,
        "feed_back",
        FEEDBACK,
        form,
        run,
        blames=form.told_on,
        toast=toast,
        anchor="feedback",
    )


@bp.post("/referrals/feedback/<uuid:feedback_id>/rating")
@require(Permission.REFERRAL_USE)
def create_rating(feedback_id: UUID) -> ResponseReturnValue:
    """Note how satisfied they said they are."""
    told = fetch(ReferralFeedback, feedback_id)
    row = fetched(told.referral_id)
    form = rating_form()

    def run() -> None:
        must(row, "rate")
        if not form.validate_on_submit():
            raise RefusedError(_("请选择满意度。"))
        after_actions.note_rating(told, int(given(form.satisfaction)), by=current_member())

    return pressed(row.id, run, toast=_("已记下满意度"), anchor="feedback")


@bp.post("/referrals/feedback/<uuid:feedback_id>/link")
@require(Permission.REFERRAL_USE)
def create_rating_link(feedback_id: UUID) -> ResponseReturnValue:
    """Make a link that asks for the satisfaction, and show it, once."""
    told = fetch(ReferralFeedback, feedback_id)
    row = fetched(told.referral_id)
    try:
        must(row, "rate")
        token = after_actions.make_link(told, row, by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **shown(fetched(row.id), refusal=conflict.message))
    address = url_for("feedback.rating", token=token, _external=True)
    code = segno.make(address, error="m").svg_data_uri(scale=6, border=3)
    days = after_actions.LASTS.days
    return htmx.show(LINK, row=row, address=address, qr=code, days=days, **KINDS)


@bp.get("/referrals/<uuid:referral_id>/visit")
@require(Permission.REFERRAL_USE)
def new_visit(referral_id: UUID) -> ResponseReturnValue:
    """Record a visit at home."""
    row = fetched(referral_id)
    return htmx.show(VISIT, row=row, form=visit_form(row, fresh=True), **KINDS)


@bp.post("/referrals/<uuid:referral_id>/visit")
@require(Permission.REFERRAL_USE)
def create_visit(referral_id: UUID) -> ResponseReturnValue:
    """Keep it, the address sealed."""
    row = fetched(referral_id)
    form = visit_form(row)

    def run() -> None:
        after_actions.visit(row, form.visit(), by=current_member())

    toast = _("已登记走访")
    return kept(
        row, "visit", VISIT, form, run, blames=form.visited_on, toast=toast, anchor="visits"
    )
