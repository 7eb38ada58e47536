"""A member's own templates of entries."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.services import log_queries, shortcuts
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.services.log_forms import TemplateForm, template_form
from counselhub.services.log_models import EntryTemplate
from counselhub.services.models import ServiceRecord
from counselhub.services.routes.blueprint import bp

PAGE = "services/templates.html"


@bp.get("/services/templates")
@require(Permission.SERVICE_LOG)
def templates() -> ResponseReturnValue:
    """List the own templates, and a form for one more; `?from=` fills it from a record."""
    named = request.args.get("from", type=UUID)
    source = fetch(ServiceRecord, named) if named else None
    return htmx.show(PAGE, **_page(template_form(source)))


def _page(
    form: TemplateForm, template: EntryTemplate | None = None, refusal: str | None = None
) -> dict[str, Any]:
    """What the page shows; template: the one that the form changes."""
    return {
        "templates": log_queries.templates(current_member().membership_id),
        "form": form,
        "changed": template,
        "refusal": refusal,
        "kinds": {one.value: one.label for one in ServiceKind},
        "modes": {one.value: one.label for one in ServiceMode},
        "disputes": {one.value: one.label for one in DisputeKind},
    }


@bp.post("/services/templates")
@require(Permission.SERVICE_LOG)
def create_template() -> ResponseReturnValue:
    """Keep one more template."""
    form = template_form()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(form))
    try:
        shortcuts.add_template(form.pattern(), by=current_member())
    except DomainError as refusal:
        return _again(form, refusal)
    return _done(_("模板已存，记一条时点一下就填好"))


def _again(form: TemplateForm, refusal: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    show_refusal(form.name, refusal)
    return htmx.invalid(PAGE, **_page(form))


def _done(told: str) -> ResponseReturnValue:
    flash(told, "success")
    return htmx.gone_to(url_for(".templates"))


@bp.get("/services/templates/<uuid:template_id>")
@require(Permission.SERVICE_LOG)
def template(template_id: UUID) -> ResponseReturnValue:
    """Show one of the own templates as a form."""
    found = shortcuts.own_template(template_id, by=current_member())
    return htmx.show(PAGE, **_page(template_form(found), found))


@bp.post("/services/templates/<uuid:template_id>")
@require(Permission.SERVICE_LOG)
def update_template(template_id: UUID) -> ResponseReturnValue:
    """Change a template."""
    found = shortcuts.own_template(template_id, by=current_member())
    form = template_form(found)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_page(form, found))
    try:
        revision = revision_of(form.revision)
        shortcuts.change_template(found, form.pattern(), revision=revision, by=current_member())
    except ConflictError as refusal:
        db.session.rollback()
        now = shortcuts.own_template(template_id, by=current_member())
        return htmx.refused(PAGE, **_page(template_form(now), now, refusal.message))
    return _done(_("已保存"))


@bp.post("/services/templates/<uuid:template_id>/raising")
@require(Permission.SERVICE_LOG)
def create_template_raising(template_id: UUID) -> ResponseReturnValue:
    """Put a template one place forward."""
    found = shortcuts.own_template(template_id, by=current_member())
    shortcuts.raise_template(found, by=current_member())
    return htmx.gone_to(url_for(".templates"))


@bp.post("/services/templates/<uuid:template_id>/removal")
@require(Permission.SERVICE_LOG)
def create_template_removal(template_id: UUID) -> ResponseReturnValue:
    """Remove a template."""
    found = shortcuts.own_template(template_id, by=current_member())
    shortcuts.remove_template(found, by=current_member())
    return _done(_("已删除"))
