"""What belongs to a matter: parties and services."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.matters import actions, queries, service_links
from counselhub.matters.forms import LinkForm, WordsForm
from counselhub.matters.party_form import party_form
from counselhub.matters.routes.blueprint import bp
from counselhub.matters.routes.checks import entry_of, told
from counselhub.matters.routes.matter import PAGE, back, found, refused, shown


@bp.post("/matters/<uuid:matter_id>/parties")
@require(Permission.MATTER_WORK)
def create_party(matter_id: UUID) -> ResponseReturnValue:
    """Add a party after a check; a conflict found now freezes the matter."""
    row, form = found(matter_id, to_write=True), party_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **shown(row, party=form))
    try:
        answer = actions.add_party(
            row, entry_of(form), revision=revision_of(form.revision), by=current_member()
        )
    except ConflictError as refusal:
        return refused(matter_id, refusal)
    told(answer)
    return htmx.gone_to(url_for(".matter", matter_id=matter_id))


@bp.post("/matters/<uuid:matter_id>/parties/<uuid:party_id>/removal")
@require(Permission.MATTER_WORK)
def remove_party(matter_id: UUID, party_id: UUID) -> ResponseReturnValue:
    """Take a party off that was entered by mistake."""
    row, form = found(matter_id, to_write=True), WordsForm()
    party = next((one for one in queries.parties_of(row) if one.id == party_id), None)
    if party is None:
        raise NotFoundError()
    try:
        actions.remove_party(row, party, revision=form.seen, by=current_member())
    except ConflictError as refusal:
        return refused(matter_id, refusal)
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **shown(row, refusal=refusal.message))
    return back(matter_id, _("已移除"))


@bp.post("/matters/<uuid:matter_id>/services")
@require(Permission.MATTER_WORK)
def create_link(matter_id: UUID) -> ResponseReturnValue:
    """Let a service belong to the matter."""
    row, form = found(matter_id, to_write=True), LinkForm()
    if form.validate_on_submit():
        try:
            service_links.link(row, text(form.number), by=current_member())
            flash(_("已关联"), "success")
            return htmx.gone_to(url_for(".matter", matter_id=matter_id))
        except RefusedError as refusal:
            db.session.rollback()
            row = found(matter_id)
            show_refusal(form.number, refusal)
    return htmx.invalid(PAGE, **shown(row, link=form))


@bp.post("/matters/<uuid:matter_id>/services/<uuid:service_id>/removal")
@require(Permission.MATTER_WORK)
def remove_link(matter_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Take a service off the matter; both stay."""
    service_links.unlink(found(matter_id, to_write=True), service_id, by=current_member())
    return back(matter_id, _("已取消关联"))
