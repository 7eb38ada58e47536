"""Keep templates, and draft documents from them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.core.uploads import UploadError
from counselhub.products import document_queries, filling, links
from counselhub.products.document_models import DocumentTemplate, DraftedDocument
from counselhub.products.text_actions import in_own_name, refuse_strangers
from counselhub.services.kinds import ServiceKind

SAME_NAME = "uq_document_template_firm_id_name"
MOST_TEMPLATES = 100
LARGEST_BYTES = 4 * 2**20
OF_SERVICES = (
    ServiceKind.DRAFTING,
    ServiceKind.LEGAL_OPINION,
    ServiceKind.MEDIATION,
    ServiceKind.LEGAL_AID,
    ServiceKind.CONSULTATION,
)
"""Services that leave a document."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a document is drafted from."""

    name: str
    fields: tuple[str, ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What is drafted. values: by field; service: the number of a record, '' for none."""

    title: str
    community_code: str
    adviser_id: UUID | None
    service: str
    values: Mapping[str, str]


def add_template(name: str, sent: bytes, *, by: Member) -> DocumentTemplate:
    """Keep a template. Raises UploadError naming what is wrong with it, RefusedError for a name
    that is taken and for one template too many.
    """
    if len(sent) > LARGEST_BYTES:
        raise UploadError(
            _("模板超过 %(limit)d MB，请压缩里面的图片。", limit=LARGEST_BYTES // 2**20)
        )
    fields = filling.fields_of(sent)
    if len(document_queries.templates()) >= MOST_TEMPLATES:
        raise RefusedError(_("最多 %(most)d 份模板，请先删除一份。", most=MOST_TEMPLATES))
    row = DocumentTemplate(
        name=name,
        fields=list(fields),
        digest=hashlib.sha256(sent).hexdigest(),
        content=sent,
        added_at=clock.now(),
        by_name=by.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != SAME_NAME:
            raise
        raise RefusedError(_("已经有一份叫“%(name)s”的模板，请换个名字。", name=name)) from error
    history.record(row, "add_template", by=by, sha256=row.digest)
    return row


def remove_template(row: DocumentTemplate, *, by: Member) -> None:
    """Delete a template; what was drafted from it stays."""
    history.record(row, "remove_template", by=by)
    db.session.delete(row)


def draft(source: Source, order: Order, *, by: Member) -> DraftedDocument:
    """Fill a template and keep the document.

    Raises RefusedError for a community that the firm does not serve, an unknown lawyer or service,
    ForbiddenError in a colleague's name.
    """
    adviser_id = in_own_name(order.adviser_id, by)
    refuse_strangers(order.community_code, adviser_id)
    made = filling.filled(source.content, order.values)
    row = DraftedDocument(
        title=order.title,
        template_name=source.name,
        community_code=order.community_code,
        adviser_id=adviser_id,
        service_id=links.service_of(order.service, OF_SERVICES, order.community_code),
        digest=hashlib.sha256(made).hexdigest(),
        content=made,
        made_at=clock.now(),
        by_name=by.name,
    )
    db.session.add(row)
    db.session.flush()
    history.record(row, "draft_document", by=by, template=source.name, sha256=row.digest)
    return row


def remove(row: DraftedDocument, *, by: Member) -> None:
    """Delete a document; the act stays, with its digest."""
    history.record(row, "remove_document", by=by, sha256=row.digest)
    db.session.delete(row)
