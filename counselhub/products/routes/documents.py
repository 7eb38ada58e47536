"""Pages of documents: what was drafted, a new one from a template, the templates themselves."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError
from counselhub.core.forms import text as typed
from counselhub.core.permissions import Permission
from counselhub.products import (
    builtin_templates,
    document_actions,
    document_queries,
    filling,
    word,
)
from counselhub.products.builtin_templates import BUILT_IN
from counselhub.products.document_actions import Source
from counselhub.products.document_forms import TemplateForm, document_form
from counselhub.products.document_models import DocumentTemplate, DraftedDocument
from counselhub.products.papers import written
from counselhub.products.routes.blueprint import bp

P = Permission
LIST, NEW, TEMPLATES = (
    f"products/{name}.html" for name in ("documents", "new_document", "document_templates")
)


@bp.get("/products/documents")
@require(P.SERVICE_LOG)
def documents() -> ResponseReturnValue:
    """List the documents in sight, newest first, with the templates to begin from."""
    sort = sorting.asked_sort(document_queries.SORTS)
    page = paging.paged(document_queries.document_list(sort))
    return htmx.show(LIST, page=page, sort=sort, **_offered())


def _offered() -> dict[str, Any]:
    return {"templates": document_queries.templates(), "built_in": BUILT_IN}


@bp.get("/products/documents/new")
@require(P.SERVICE_LOG)
def new_document() -> ResponseReturnValue:
    """Show a template's fields, filled with what is known of `?community=` and the lawyer."""
    if not request.args.get("template"):
        return htmx.gone_to(url_for(".document_templates"))
    source, place = _source(request.args.get("template", "")), request.args.get("community", "")
    member = current_member()
    form = document_form(
        member,
        template=request.args["template"],
        title=source.name,
        community_code=place,
    )
    known = document_queries.known_of(place, member.adviser_id)
    known |= {"律师事务所": member.title, "律所": member.title, "日期": written(clock.today())}
    form.take(source.fields, known)
    return htmx.show(NEW, form=form, source=source, refusal="")


def _source(asked: str) -> Source:
    """Return a template by its code or its id. Raises NotFoundError."""
    if asked in BUILT_IN:
        content = builtin_templates.content_of(asked)
        return Source(BUILT_IN[asked].name, filling.fields_of(content), content)
    try:
        row = fetch(DocumentTemplate, UUID(asked), None, undefer(DocumentTemplate.content))
    except ValueError as error:
        raise NotFoundError() from error
    return Source(row.name, tuple(row.fields), row.content)


@bp.post("/products/documents")
@require(P.SERVICE_LOG)
def create_document() -> ResponseReturnValue:
    """Draft a document."""
    form = document_form(current_member())
    source = _source(typed(form.template))
    form.take(source.fields, {})

    def act() -> ResponseReturnValue:
        document_actions.draft(source, form.order(), by=current_member())
        flash(_("文书已生成，可以下载"), "success")
        return htmx.gone_to(url_for(".documents"))

    def again(refusal: str = "") -> dict[str, Any]:
        return {"form": form, "source": source, "refusal": refusal}

    return attempt(form, act, again, page=NEW)


@bp.get("/products/documents/<uuid:document_id>")
@require(P.SERVICE_LOG)
def document(document_id: UUID) -> ResponseReturnValue:
    """Hand out a document."""
    row = fetch(DraftedDocument, document_id, None, undefer(DraftedDocument.content))
    if row.content is None:
        raise NotFoundError(_("文书的保存期限已过，内容已清除。"))
    return attachment(row.content, f"{row.title}.docx", word.DOCX)


@bp.post("/products/documents/<uuid:document_id>/removal")
@require(P.SERVICE_LOG)
def create_document_removal(document_id: UUID) -> ResponseReturnValue:
    """Delete a document."""
    row = fetch(DraftedDocument, document_id, P.SERVICE_LOG)
    document_actions.remove(row, by=current_member())
    flash(_("文书已删除"), "success")
    return htmx.gone_to(url_for(".documents"))


@bp.get("/products/templates")
@require(P.SERVICE_MANAGE)
def document_templates() -> ResponseReturnValue:
    """List the firm's own templates, with the form of a new one."""
    return htmx.show(TEMPLATES, **_shown())


def _shown(**more: Any) -> dict[str, Any]:
    return {"form": TemplateForm(formdata=None), "refusal": "", **_offered()} | more


@bp.post("/products/templates")
@require(P.SERVICE_MANAGE)
def create_document_template() -> ResponseReturnValue:
    """Keep a template, and say which fields it has."""
    form = TemplateForm()

    def act() -> ResponseReturnValue:
        row = document_actions.add_template(typed(form.name), form.sent(), by=current_member())
        flash(_("模板已保存，有 %(count)d 个字段", count=len(row.fields)), "success")
        return htmx.gone_to(url_for(".document_templates"))

    return attempt(form, act, _shown, page=TEMPLATES, field=form.file, form=form)


@bp.get("/products/templates/<uuid:document_template_id>")
@require(P.SERVICE_MANAGE)
def document_template(document_template_id: UUID) -> ResponseReturnValue:
    """Hand out a template as it was sent."""
    row = fetch(DocumentTemplate, document_template_id, None, undefer(DocumentTemplate.content))
    return attachment(row.content, f"{row.name}.docx", word.DOCX)


@bp.post("/products/templates/<uuid:document_template_id>/removal")
@require(P.SERVICE_MANAGE)
def create_document_template_removal(document_template_id: UUID) -> ResponseReturnValue:
    """Delete a template."""
    row = fetch(DocumentTemplate, document_template_id)
    document_actions.remove_template(row, by=current_member())
    flash(_("模板已删除"), "success")
    return htmx.gone_to(url_for(".document_templates"))
