"""Planning a conference on a referral or a service, and planning it anew."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from counselhub.conferences import actions, gather, queries
from counselhub.conferences.forms import PlanForm, new_form, plan_form
from counselhub.conferences.gather import Source
from counselhub.conferences.models import Conference
from counselhub.conferences.routes.blueprint import PAGE, bp, fetched, must, shown
from counselhub.core import htmx
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.referrals import queries as referrals
from counselhub.referrals import rules as referral_rules
from counselhub.referrals.models import Referral
from counselhub.services.models import ServiceRecord

FORM = "conferences/plan.html"


@bp.get("/referrals/<uuid:referral_id>/conferences/new")
@require(Permission.REFERRAL_USE)
def new_on_referral(referral_id: UUID) -> ResponseReturnValue:
    """Ask for a conference on a referral."""
    return _asked(_of_referral(referral_id))


@bp.post("/referrals/<uuid:referral_id>/conferences")
@require(Permission.REFERRAL_USE)
def create_on_referral(referral_id: UUID) -> ResponseReturnValue:
    """Call the lawyers to it."""
    return _created(_of_referral(referral_id))


@bp.get("/services/<uuid:record_id>/conferences/new")
@require(Permission.REFERRAL_USE)
def new_on_service(record_id: UUID) -> ResponseReturnValue:
    """Ask for a conference on a service that was not referred."""
    return _asked(Source(fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)))


@bp.post("/services/<uuid:record_id>/conferences")
@require(Permission.REFERRAL_USE)
def create_on_service(record_id: UUID) -> ResponseReturnValue:
    """Call the lawyers to it."""
    return _created(Source(fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)))


def _of_referral(referral_id: UUID) -> Source:
    """Return a referral as a source. Raises ForbiddenError for who does not handle it."""
    row = fetch(Referral, referral_id, None, *referrals.names())
    who = referrals.standing(row, current_member(), is_desk=can(Permission.REFERRAL_MANAGE))
    if "confer" not in referral_rules.owned(who):
        raise ForbiddenError(_("会商由承办律师、队长或主任来安排。"))
    return Source(row.service, row)


def _asked(source: Source) -> ResponseReturnValue:
    return htmx.show(FORM, source=source, row=None, form=new_form(source, fresh=True), refusal="")


def _created(source: Source) -> ResponseReturnValue:
    form = new_form(source)
    if not form.validate_on_submit():
        return htmx.invalid(FORM, source=source, row=None, form=form, refusal="")
    try:
        row = actions.plan(
            source, form.plan(), revision=revision_of(form.revision), by=current_member()
        )
    except ConflictError as conflict:
        return htmx.refused(FORM, source=source, row=None, form=form, refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form.called, refusal)
        return htmx.invalid(FORM, source=source, row=None, form=form, refusal="")
    return _planned(row, _("会商已安排"))


def _planned(row: Conference, done: str) -> ResponseReturnValue:
    """Go on to the conference; whose time clashes is told, and hinders nothing (CONF-3)."""
    called = [one.adviser_id for one in queries.seats(row.id)]
    if count := len(gather.clashes(row.span, called, row.id)):
        clash = ngettext(
            "%(num)s位律师这段时间另有安排，见名单。",
            "%(num)s位律师这段时间另有安排，见名单。",
            count,
        )
        flash(f"{done}{_('。')}{clash}", "warning")
    else:
        flash(done, "success")
    return htmx.gone_to(url_for(".conference", conference_id=row.id))


@bp.get("/conferences/<uuid:conference_id>/edit")
@require(Permission.REFERRAL_USE)
def edit_conference(conference_id: UUID) -> ResponseReturnValue:
    """Show the plan as a form; what can be planned no more is shown as it is."""
    row = fetched(conference_id)
    seats = queries.seats(row.id)
    try:
        must(row, seats, "change")
    except ConflictError as conflict:
        return htmx.show(PAGE, **shown(row, refusal=conflict.message))
    return _edited(row, plan_form(row, seats, fresh=True))


def _edited(row: Conference, form: PlanForm) -> ResponseReturnValue:
    answer = htmx.invalid if form.errors else htmx.show
    return answer(FORM, source=actions.source_of(row), row=row, form=form, refusal="")


@bp.post("/conferences/<uuid:conference_id>")
@require(Permission.REFERRAL_USE)
def update_conference(conference_id: UUID) -> ResponseReturnValue:
    """Plan it anew."""
    row = fetched(conference_id)
    seats = queries.seats(row.id)
    form = plan_form(row, seats)
    try:
        must(row, seats, "change")
        if not form.validate_on_submit():
            return _edited(row, form)
        revision = revision_of(form.revision)
        actions.change(row, form.plan(), revision=revision, by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **shown(fetched(conference_id), refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.called, refusal)
        return _edited(fetched(conference_id), form)
    return _planned(row, _("安排已更新"))
