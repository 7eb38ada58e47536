"""The desk's acts on claims: declare, withdraw, mend, concede; thresholds; legal-aid numbers."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.claims import course, disputes
from counselhub.claims import dossier_actions as actions
from counselhub.claims import dossier_queries as queries
from counselhub.claims.dossier_forms import ActForm, AidForm, scale_form
from counselhub.claims.dossier_routes import acted, fetch_claim
from counselhub.claims.routes import bp, list_page
from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.services.models import ServiceRecord

__all__ = ["bp"]
P = Permission
Move = Callable[..., None]


def _moved(claim_id: UUID, move: Move, toast: str) -> ResponseReturnValue:
    claim = fetch_claim(claim_id, P.SERVICE_MANAGE)
    row = queries.dossier_of(claim.id)
    if row is None:
        raise NotFoundError()
    revision = revision_of(ActForm().revision)

    def act() -> str:
        move(claim, row, revision=revision, by=current_member())
        return ""

    return acted(claim, act, toast)


@bp.post("/claims/<uuid:claim_id>/withdrawal")
@require(P.SERVICE_MANAGE)
def create_withdrawal(claim_id: UUID) -> ResponseReturnValue:
    """Take a declared claim back."""
    return _moved(claim_id, course.withdraw, _("已撤回申报，可以改动卷宗"))


@bp.post("/claims/<uuid:claim_id>/mending")
@require(P.SERVICE_MANAGE)
def create_mending(claim_id: UUID) -> ResponseReturnValue:
    """Take a refused claim back to bring what it lacked."""
    return _moved(claim_id, course.mend, _("已转为准备中，补齐后重新申报"))


@bp.post("/claims/<uuid:claim_id>/concession")
@require(P.SERVICE_MANAGE)
def create_concession(claim_id: UUID) -> ResponseReturnValue:
    """Agree to a refusal."""
    return _moved(claim_id, course.concede, _("已同意不予补贴，不再计入结算单"))


@bp.post("/claims/declaration")
@require(P.SERVICE_MANAGE)
def create_declaration() -> ResponseReturnValue:
    """Declare the claims that were ticked, all of them or none."""
    ids = request.form.getlist("claim", type=UUID)
    claims = [claim for claim, _row in queries.with_dossiers(ids)]
    month = paging.month_of(request.form.get("month", "")) or clock.this_month()
    if len(claims) != len(set(ids)):
        raise NotFoundError()
    try:
        count = course.declare(claims, by=current_member())
    except (ConflictError, RefusedError) as refusal:
        db.session.rollback()
        answer = htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid
        return list_page(month, answer, refusal.message)
    flash(_("已申报 %(count)s 件", count=count), "success")
    return htmx.gone_to(url_for(".claims", month=f"{month:%Y-%m}"))


@bp.get("/claims/scale")
@require(P.SERVICE_MANAGE)
def class_scale() -> ResponseReturnValue:
    """Show the thresholds from which a class is proposed."""
    return htmx.show("claims/scale.html", form=scale_form(*queries.scale()), refusal=None)


@bp.post("/claims/scale")
@require(P.SERVICE_MANAGE)
def update_scale() -> ResponseReturnValue:
    """Keep the firm's thresholds."""
    form = scale_form(*queries.scale())
    if not form.validate_on_submit():
        return htmx.invalid("claims/scale.html", form=form, refusal=None)
    try:
        revision = revision_of(form.revision)
        actions.set_scale(form.scale(), revision=revision, by=current_member())
    except ConflictError as stale:
        fresh = scale_form(*queries.scale())
        return htmx.refused("claims/scale.html", form=fresh, refusal=stale.message)
    except RefusedError as refusal:
        show_refusal(form.persons_1, refusal)
        return htmx.invalid("claims/scale.html", form=form, refusal=None)
    flash(_("已保存等级标准"), "success")
    return htmx.gone_to(url_for(".class_scale"))


@bp.post("/claims/aid/<uuid:record_id>")
@require(P.SERVICE_LOG)
def update_aid(record_id: UUID) -> ResponseReturnValue:
    """Keep the legal-aid case number of a service record."""
    record = fetch(ServiceRecord, record_id, P.SERVICE_LOG)
    form = AidForm()
    if form.validate_on_submit():
        disputes.name_aid_case(record, text(form.aid_number), by=current_member())
        flash(_("已保存法律援助案号"), "success")
    else:
        flash(_("案号太长，最多 60 个字。"), "danger")
    return htmx.gone_to(url_for("services.record", record_id=record.id))


@bp.app_template_global("aid_case_of")
def aid_case_of(record: ServiceRecord) -> str:
    """Return the legal-aid case number of a service record for its page."""
    return disputes.typed(queries.aid_of(record.id))
