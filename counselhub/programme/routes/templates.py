"""Templates: which there are, a firm's own made by copying one, tried on the present month."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.errors import ConflictError, FaultsError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.programme import actions, asking, figures, forms, queries, rules
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.forms import TemplateForm
from counselhub.programme.models import ReportTemplate
from counselhub.programme.periods import Span, around
from counselhub.programme.reach import of_reader
from counselhub.programme.routes.blueprint import bp

MAKE = Permission.SERVICE_MANAGE


@bp.get("/programme/templates")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def templates() -> ResponseReturnValue:
    """List the built-in templates and the firm's own."""
    own = queries.own_templates()
    return htmx.show(
        "programme/templates.html",
        built_in=BUILT_IN,
        own=own,
        unsound={one.id for one in own if rules.faults(one.template)},
        may_make=can(MAKE),
    )


@bp.get("/programme/templates/new")
@require(MAKE)
def new_template() -> ResponseReturnValue:
    """Show the form, filled as a copy of the asked template."""
    asked = request.args.get("copy", asking.FIRST_TEMPLATE)
    template = queries.by_key(asked, queries.own_templates())
    if template is None:
        raise NotFoundError()
    return htmx.show("programme/template.html", **_page(forms.copy_of(template)))


@bp.post("/programme/templates")
@require(MAKE)
def create_template() -> ResponseReturnValue:
    """Keep a new template, or only try it on the present month."""
    form = TemplateForm()
    if not form.validate_on_submit():
        return _again(form)
    try:
        if request.form.get("act") == "try":
            return _tried(form)
        copied = text(form.copied_from)[:100]
        row = actions.create(form.template, copied_from=copied, by=current_member())
    except RefusedError as refusal:
        return _refused(form, refusal)
    return _kept(row, _("模板已保存"))


@bp.get("/programme/templates/<uuid:report_template_id>")
@require(MAKE)
def template(report_template_id: UUID) -> ResponseReturnValue:
    """Show an own template as a form."""
    row = fetch(ReportTemplate, report_template_id)
    return htmx.show("programme/template.html", **_page(forms.of_row(row), row))


@bp.post("/programme/templates/<uuid:report_template_id>")
@require(MAKE)
def update_template(report_template_id: UUID) -> ResponseReturnValue:
    """Change a template, or only try what was typed."""
    row = fetch(ReportTemplate, report_template_id, MAKE)
    form = TemplateForm()
    if not form.validate_on_submit():
        return _again(form, row)
    try:
        if request.form.get("act") == "try":
            return _tried(form, row)
        actions.change(row, form.template, revision=revision_of(form.revision), by=current_member())
    except RefusedError as refusal:
        return _refused(form, refusal, row)
    except ConflictError as refusal:
        shown = _page(forms.of_row(row), row) | {"refusal": refusal.message}
        return htmx.refused("programme/template.html", **shown)
    return _kept(row, _("模板已保存"))


@bp.post("/programme/templates/<uuid:report_template_id>/removal")
@require(MAKE)
def create_removal(report_template_id: UUID) -> ResponseReturnValue:
    """Remove a template; the records that it counted stay."""
    row = fetch(ReportTemplate, report_template_id, MAKE)
    sent = request.form.get("revision", "")
    try:
        revision = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else -1
        actions.remove(row, revision=revision, by=current_member())
    except ConflictError as refusal:
        shown = _page(forms.of_row(row), row) | {"refusal": refusal.message}
        return htmx.refused("programme/template.html", **shown)
    return htmx.changed("core/_nothing.html", url_for(".templates"), toast=_("模板已删除"))


def _page(
    form: TemplateForm, row: ReportTemplate | None = None, tried: Any = None
) -> dict[str, Any]:
    return {
        "form": form,
        "row": row,
        "tried": tried,
        "refusal": None,
        "blanks": [one.form for one in form.columns if one.form.is_blank],
        "cards": form.cards(),
        "label": asking.period_label(around(Span.MONTH, clock.today())),
    }


def _again(form: TemplateForm, row: ReportTemplate | None = None) -> ResponseReturnValue:
    """Show the form as it was sent with what is wrong."""
    form.offer_more()
    return htmx.invalid("programme/template.html", **_page(form, row))


def _refused(
    form: TemplateForm, refusal: RefusedError, row: ReportTemplate | None = None
) -> ResponseReturnValue:
    if isinstance(refusal, FaultsError):
        form.show_faults(refusal)
    else:
        show_refusal(form.name, refusal)
    return _again(form, row)


def _tried(form: TemplateForm, row: ReportTemplate | None = None) -> ResponseReturnValue:
    """Show what the typed template counts this month; nothing is kept. Raises FaultsError."""
    typed = form.template
    actions.refuse_faults(typed)
    month = around(Span.MONTH, clock.today())
    tried = figures.figures(typed, month, "firm", of_reader)
    form.offer_more()
    return htmx.show("programme/template.html", **_page(form, row, tried))


def _kept(row: ReportTemplate, toast: str) -> ResponseReturnValue:
    address = url_for(".report", template=row.id)
    return htmx.changed("core/_nothing.html", address, toast=toast)
