"""The firm's templates, and the documents that a member sees."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.core import access, sorting
from counselhub.core.db import db
from counselhub.places.models import Community, Street
from counselhub.products.document_models import DocumentTemplate, DraftedDocument

SORTS: sorting.Sorts = {
    "made": (DraftedDocument.made_at, DraftedDocument.id),
    "title": (DraftedDocument.title, DraftedDocument.id),
    "template": (DraftedDocument.template_name, DraftedDocument.id),
}


def document_list(sort: str) -> Select[Any]:
    """Select the documents in sight with their names."""
    query = access.visible(DraftedDocument).options(
        joinedload(DraftedDocument.adviser), joinedload(DraftedDocument.community)
    )
    return sorting.ordered(query, SORTS, sort)


def templates() -> Sequence[DocumentTemplate]:
    """Return the firm's own templates by name, without their contents."""
    query = select(DocumentTemplate).order_by(DocumentTemplate.name, DocumentTemplate.id)
    return db.session.scalars(query).all()


def known_of(community_code: str, adviser_id: UUID | None) -> dict[str, str]:
    """Return what is known of a community and a lawyer, by the names that templates use."""
    query = (
        select(Community.name, Street.name)
        .join(Street, Street.code == Community.street_code)
        .where(Community.code == community_code)
    )
    place = db.session.execute(query).one_or_none()
    known = {"村（社区）": place[0], "社区": place[0], "街道": place[1]} if place else {}
    person = select(Adviser.name, Adviser.licence_number).where(Adviser.id == adviser_id)
    if adviser_id and (found := db.session.execute(person).one_or_none()):
        known |= {"律师": found[0], "执业证号": found[1] or ""}
    return known
