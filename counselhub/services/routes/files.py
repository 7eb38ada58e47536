"""Acts on the files of a record, and one file itself."""

from uuid import UUID

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.services import files, log_queries
from counselhub.services.attachments import JPG, TYPES
from counselhub.services.kinds import FileKind
from counselhub.services.log_forms import ShareForm, file_form
from counselhub.services.log_models import ServiceFile
from counselhub.services.models import ServiceRecord
from counselhub.services.routes.blueprint import bp
from counselhub.services.routes.entry import shown_whole


@bp.post("/services/<uuid:record_id>/files")
@require(Permission.SERVICE_LOG)
def create_file(record_id: UUID) -> ResponseReturnValue:
    """Add a file to a record."""
    found = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    form = file_form(sent=True)
    if not form.validate_on_submit():
        return shown_whole(htmx.invalid, found, file_form=form)
    try:
        name, sent = form.sent()
        kind, shared = FileKind(form.kind.data), bool(form.shared.data)
        files.add(found, kind, name, sent, shared=shared, by=current_member())
    except RefusedError as refusal:
        show_refusal(form.file, refusal)
        return shown_whole(htmx.invalid, found, file_form=form)
    except ConflictError as refusal:
        return _refused(record_id, refusal)
    return _back(record_id)


def _back(record_id: UUID) -> ResponseReturnValue:
    return htmx.gone_to(url_for(".record", record_id=record_id, _anchor="files"))


def _refused(record_id: UUID, refusal: ConflictError) -> ResponseReturnValue:
    db.session.rollback()
    return shown_whole(htmx.refused, fetch(ServiceRecord, record_id), refusal.message)


@bp.post("/services/<uuid:record_id>/files/<uuid:service_file_id>/sharing")
@require(Permission.SERVICE_LOG)
def create_file_sharing(record_id: UUID, service_file_id: UUID) -> ResponseReturnValue:
    """Let the office see a file, or not any more."""
    found = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    form = ShareForm()
    shared, revision = bool(form.shared.data), revision_of(form.revision)
    try:
        files.share(found, service_file_id, shared, revision=revision, by=current_member())
    except ConflictError as refusal:
        return _refused(record_id, refusal)
    return _back(record_id)


@bp.post("/services/<uuid:record_id>/files/<uuid:service_file_id>/removal")
@require(Permission.SERVICE_LOG)
def create_file_removal(record_id: UUID, service_file_id: UUID) -> ResponseReturnValue:
    """Delete a file."""
    found = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    try:
        files.remove(found, service_file_id, by=current_member())
    except ConflictError as refusal:
        return _refused(record_id, refusal)
    return _back(record_id)


@bp.get("/services/files/<uuid:service_file_id>")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def file(service_file_id: UUID) -> Response:
    """Send a file; a picture, which was written anew, opens in the browser."""
    found = fetch(ServiceFile, service_file_id)
    content = log_queries.content_of(found)
    if content is None:
        raise NotFoundError(_("附件的保存期限已过，内容已清除。"))
    shown = found.ending == JPG
    return attachment(content, found.name, TYPES[found.ending], is_shown=shown)
