"""Which revised texts a member sees, and what their pages show."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, undefer

from counselhub.advisers.models import Adviser
from counselhub.core import access, sorting
from counselhub.core.db import db
from counselhub.places.models import Community
from counselhub.products.kinds import TextStatus
from counselhub.products.text_models import TextOpinion, TextReview, TextVersion

SORTS: sorting.Sorts = {
    "begun": (TextReview.begun_on, TextReview.id),
    "title": (TextReview.title, TextReview.id),
    "adviser": (Adviser.pinyin, TextReview.begun_on, TextReview.id),
}
TABS: Mapping[str, tuple[TextStatus, ...]] = {
    "open": (TextStatus.OPEN,),
    "settled": (TextStatus.SETTLED,),
    "void": (TextStatus.VOID,),
    "all": tuple(TextStatus),
}
LIST = (
    TextReview.id,
    TextReview.title,
    TextReview.kind,
    TextReview.status,
    TextReview.begun_on,
    TextReview.last_number,
    Adviser.name.label("adviser"),
    Community.name.label("community"),
)
WITH_NAMES = tuple(
    joinedload(part) for part in (TextReview.adviser, TextReview.community, TextReview.service)
)


def text_list(tab: str, words: str, sort: str) -> Select[Any]:
    """Select what the list shows of the texts in sight. words: of the title; '' for all."""
    shown: Select[*tuple[Any, ...]] = access.visible(TextReview).with_only_columns(*LIST)
    query = (
        shown.join(TextReview.adviser)
        .join(TextReview.community)
        .where(TextReview.status.in_(TABS.get(tab, TABS["all"])))
    )
    if words:
        found = func.texts_matching(pattern(words)).column_valued("found")
        query = query.where(TextReview.id.in_(select(found)))
    return sorting.ordered(query, SORTS, sort)


def pattern(words: str) -> str:
    """Return the pattern of LIKE that finds `words` anywhere, taken as they are."""
    plain = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%"


def tallies() -> dict[str, int]:
    """Return how many texts in sight each tab holds, with one statement."""
    query = access.visible(TextReview).with_only_columns(TextReview.status, func.count())
    counts = {row[0]: row[1] for row in db.session.execute(query.group_by(TextReview.status))}
    return {tab: sum(counts.get(one.value, 0) for one in states) for tab, states in TABS.items()}


def versions_of(review: TextReview) -> Sequence[TextVersion]:
    """Return the versions of a text without their contents, newest first."""
    query = select(TextVersion).where(TextVersion.review_id == review.id)
    return db.session.scalars(query.order_by(TextVersion.number.desc())).all()


def contents_of(review: TextReview, *numbers: int) -> dict[int, list[str]]:
    """Return the paragraphs of these versions, of those that there are."""
    query = select(TextVersion.number, TextVersion.content).where(
        TextVersion.review_id == review.id, TextVersion.number.in_(numbers)
    )
    return {number: content.split("\n") for number, content in db.session.execute(query)}


def version_of(review: TextReview, number: int) -> TextVersion | None:
    """Return one version with its content, None when there is none of this number."""
    query = select(TextVersion).where(
        TextVersion.review_id == review.id, TextVersion.number == number
    )
    return db.session.scalar(query.options(undefer(TextVersion.content)))


def opinions_of(review: TextReview) -> Sequence[TextOpinion]:
    """Return the opinions on a text in the order of its versions and paragraphs."""
    query = select(TextOpinion).where(TextOpinion.review_id == review.id)
    return db.session.scalars(
        query.order_by(TextOpinion.number, TextOpinion.paragraph, TextOpinion.id)
    ).all()


def opinion_of(review: TextReview, opinion_id: UUID) -> TextOpinion | None:
    """Return one opinion on a text, None when it has no such one."""
    query = select(TextOpinion).where(
        TextOpinion.review_id == review.id, TextOpinion.id == opinion_id
    )
    return db.session.scalar(query)
