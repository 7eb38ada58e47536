"""Triage, the team formed from the suggestion, and what the asked lawyers answer."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of, text
from counselhub.core.permissions import Permission
from counselhub.referrals import actions, forming, gather, offering
from counselhub.referrals.allowing import fetched, must
from counselhub.referrals.forms import (
    ActForm,
    FormationForm,
    decline_form,
    formation_form,
    triage_form,
)
from counselhub.referrals.gather import Suggestion
from counselhub.referrals.kinds import DeclineWhy, ReferralStatus, Speciality, Urgency
from counselhub.referrals.models import Referral
from counselhub.referrals.routes.answering import pressed
from counselhub.referrals.routes.blueprint import KINDS, PAGE, bp, done, shown

FORMATION = "referrals/formation.html"


@bp.post("/referrals/<uuid:referral_id>/triage")
@require(Permission.REFERRAL_MANAGE)
def create_triage(referral_id: UUID) -> ResponseReturnValue:
    """Settle kind and urgency, and go on to whom to ask."""
    row = fetched(referral_id)
    form = triage_form(row)

    def run(row: Referral, revision: int | None) -> None:
        kind, urgency = Speciality.of(given(form.speciality)), Urgency.of(given(form.urgency))
        actions.triage(row, kind, urgency, revision=revision, by=current_member())

    answer = done(referral_id, "triage", form, run, _("已分派，请选择征询谁"))
    if row.status != ReferralStatus.TRIAGED:
        return answer
    return htmx.gone_to(url_for(".formation", referral_id=referral_id))


@bp.get("/referrals/<uuid:referral_id>/formation")
@require(Permission.REFERRAL_MANAGE)
def formation(referral_id: UUID) -> ResponseReturnValue:
    """Show everybody as the rules rank them, with the reasons, and who is left out and why."""
    row = fetched(referral_id)
    found = gather.suggestion(row)
    return htmx.show(FORMATION, **_ranked(row, found, formation_form(row, found)))


def _ranked(
    row: Referral, found: Suggestion, form: FormationForm, refusal: str = ""
) -> dict[str, Any]:
    may = [one for one in found.ranked if not one.blocks]
    hours = gather.rule().answer_hours(Urgency(row.urgency))
    return KINDS | {
        "row": row,
        "form": form,
        "may": may,
        "left_out": [one for one in found.ranked if one.blocks],
        "best": {one.lawyer.id for one in may[: forming.MOST_ASKED]},
        "team": found.team,
        "why_not": found.why_not,
        "hours": hours,
        "is_urgent": row.urgency == Urgency.URGENT,
        "is_open": row.status in (ReferralStatus.TRIAGED, ReferralStatus.DECLINED),
        "refusal": refusal,
    }


@bp.post("/referrals/<uuid:referral_id>/formation")
@require(Permission.REFERRAL_MANAGE)
def create_formation(referral_id: UUID) -> ResponseReturnValue:
    """Form the team and ask its lawyers; nobody named: as suggested."""
    row = fetched(referral_id)
    found = gather.suggestion(row)
    form = formation_form(row, found)
    if not form.validate_on_submit():
        return htmx.invalid(FORMATION, **_ranked(row, found, form, _("选的律师或团队不在名册里。")))
    team_id = text(form.team_id)
    try:
        must(row, "form")
        forming.form(
            row,
            [UUID(one) for one in form.asked.data or []],
            UUID(team_id) if team_id else None,
            [UUID(one) for one in form.helpers.data or []],
            revision=revision_of(form.revision),
            by=current_member(),
        )
    except ConflictError as conflict:
        return htmx.refused(PAGE, **shown(fetched(referral_id), refusal=conflict.message))
    except RefusedError as refusal:
        return htmx.invalid(
            FORMATION, **_ranked(fetched(referral_id), found, form, refusal.message)
        )
    flash(_("已组队并发出征询，到时没有答复会自动征询下一位"), "success")
    return htmx.gone_to(url_for(".referral", referral_id=referral_id))


@bp.post("/referrals/<uuid:referral_id>/recall")
@require(Permission.REFERRAL_MANAGE)
def create_recall(referral_id: UUID) -> ResponseReturnValue:
    """Take the offers back."""
    return done(
        referral_id,
        "recall",
        ActForm(),
        lambda row, revision: offering.recall(row, revision=revision, by=current_member()),
        _("已收回征询，请重新组队"),
    )


@bp.post("/referrals/<uuid:referral_id>/acceptance")
@require(Permission.REFERRAL_USE)
def create_acceptance(referral_id: UUID) -> ResponseReturnValue:
    """Take it. Who comes late is told who has it, or that the limit has passed."""
    row = fetched(referral_id)
    toast = _("已接收，由您承办")
    return pressed(referral_id, lambda: offering.accept(row, by=current_member()), toast=toast)


@bp.post("/referrals/<uuid:referral_id>/refusal")
@require(Permission.REFERRAL_USE)
def create_refusal(referral_id: UUID) -> ResponseReturnValue:
    """Say no, with a reason."""
    form = decline_form()

    def run(row: Referral, _revision: int | None) -> None:
        why = DeclineWhy.of(given(form.why))
        offering.decline(row, why, text(form.words), by=current_member())

    return done(referral_id, "decline", form, run, _("已谢绝，会征询下一位律师"))
