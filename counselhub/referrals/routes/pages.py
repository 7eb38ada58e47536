"""From a service record to a referral in two taps; one referral with all that belongs to it."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError
from counselhub.core.permissions import Permission
from counselhub.referrals import actions
from counselhub.referrals.allowing import fetched, seen
from counselhub.referrals.forms import plea_form
from counselhub.referrals.kinds import ReferralStatus
from counselhub.referrals.routes.blueprint import PAGE, bp, done, shown
from counselhub.services.models import ServiceRecord

NEW = "referrals/new.html"


@bp.get("/services/<uuid:record_id>/referral")
@require(Permission.REFERRAL_USE)
def new_referral(record_id: UUID) -> ResponseReturnValue:
    """Ask for a referral of a service: kind, urgency and words are there already."""
    service = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    form = plea_form(service, fresh=True)
    return htmx.show(NEW, service=service, form=form, live=actions.live_of(service.id), refusal="")


@bp.post("/services/<uuid:record_id>/referral")
@require(Permission.REFERRAL_USE)
def create_referral(record_id: UUID) -> ResponseReturnValue:
    """Refer the service."""
    service = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    form = plea_form(service)
    if not form.validate_on_submit():
        return htmx.invalid(NEW, service=service, form=form, live=None, refusal="")
    try:
        row = actions.ask(service, form.plea(), by=current_member())
    except ConflictError as conflict:
        live = actions.live_of(service.id)
        return htmx.refused(NEW, service=service, form=form, live=live, refusal=conflict.message)
    placed = row.status == ReferralStatus.FORMED
    told = _("已转介，正在征询律师") if placed else _("已转介，等主任分派")
    flash(f"{row.number} {told}", "success")
    return htmx.gone_to(url_for(".referral", referral_id=row.id))


@bp.get("/referrals/<uuid:referral_id>")
@require(Permission.REFERRAL_USE)
def referral(referral_id: UUID) -> ResponseReturnValue:
    """Show one referral: where it stands, what can be done, the whole way."""
    return htmx.show(PAGE, **shown(seen(referral_id)))


@bp.post("/referrals/<uuid:referral_id>")
@require(Permission.REFERRAL_USE)
def update_referral(referral_id: UUID) -> ResponseReturnValue:
    """Change what was asked for."""
    form = plea_form(fetched(referral_id))
    return done(
        referral_id,
        "change",
        form,
        lambda row, revision: actions.change(
            row, form.plea(), revision=revision, by=current_member()
        ),
        _("已保存"),
    )
