"""Begin the revision of a text, add versions and opinions, settle it."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import db
from counselhub.core.errors import ForbiddenError, IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.products import links, text_queries
from counselhub.products.kinds import TEXT_FLOW, Answer, Risk, TextKind, TextStatus
from counselhub.products.reading import Sent
from counselhub.products.text_models import TextOpinion, TextReview, TextVersion
from counselhub.services import queries as services
from counselhub.services.kinds import ServiceKind

MOST_VERSIONS = 50
MOST_OPINIONS = 300
LONGEST_QUOTE = 1_000


@dataclass(frozen=True, slots=True)
class TextEntry:
    """What a text is. service: the number of a service record, '' for none."""

    kind: TextKind
    title: str
    community_code: str
    adviser_id: UUID | None
    service: str


@dataclass(frozen=True, slots=True)
class OpinionEntry:
    """What is said of a paragraph; number: of the version."""

    number: int
    paragraph: int
    risk: Risk
    words: str
    proposal: str | None


def begin(entry: TextEntry, first: Sent, *, by: Member) -> TextReview:
    """Begin with the first version of a text.

    Raises RefusedError for a community that the firm does not serve, an unknown lawyer or service,
    ForbiddenError in a colleague's name.
    """
    review = TextReview(begun_on=clock.today())
    _write(review, entry, by)
    db.session.add(review)
    db.session.flush()
    history.record(review, "begin_text", by=by, text_kind=review.kind)
    _add(review, first, "", by)
    return review


def _write(review: TextReview, entry: TextEntry, by: Member) -> None:
    adviser_id = in_own_name(entry.adviser_id, by)
    refuse_strangers(entry.community_code, adviser_id)
    kinds = (ServiceKind(entry.kind.value),)
    service_id = links.service_of(entry.service, kinds, entry.community_code)
    review.kind, review.title = entry.kind, entry.title
    review.community_code, review.adviser_id = entry.community_code, adviser_id
    review.service_id = service_id


def in_own_name(adviser_id: UUID | None, by: Member) -> UUID:
    """Return whose work it is, the own where nobody is named.

    Raises RefusedError where nobody can be, ForbiddenError in a colleague's name.
    """
    adviser_id = adviser_id or by.adviser_id
    if adviser_id is None:
        raise RefusedError(_("请选择经办律师。"), at="adviser_id")
    if adviser_id != by.adviser_id and not allowed(by, Permission.SERVICE_MANAGE):
        raise ForbiddenError(_("只能记在自己名下。"))
    return adviser_id


def refuse_strangers(community_code: str, adviser_id: UUID) -> None:
    """Raise RefusedError for a community that the firm does not serve or another firm's lawyer."""
    if not services.names_of(community_code, adviser_id):
        raise RefusedError(_("请选择本所服务的社区和本所的律师。"), at="community_code")


def change(review: TextReview, entry: TextEntry, *, revision: int | None, by: Member) -> None:
    """Name it anew, or give it to another lawyer. Raises as `begin` does, ConflictError if stale.

    Raises IllegalMoveError once it is settled or void.
    """
    history.expect(review, revision)
    _refuse_ended(review)
    _write(review, entry, by)
    db.session.flush()
    history.record(review, "change_text", by=by)


def _refuse_ended(review: TextReview) -> None:
    if review.status != TextStatus.OPEN:
        raise IllegalMoveError(_("已定稿或作废，不能再改；需要时请先重新审改。"), row=review)


def add_version(
    review: TextReview, sent: Sent, remark: str, *, revision: int | None, by: Member
) -> TextVersion:
    """Add the next version.

    Raises ConflictError for a stale page, IllegalMoveError once it is settled, RefusedError for a
    text that is word by word the last one, and for one version too many.
    """
    history.expect(review, revision)
    _refuse_ended(review)
    last = text_queries.contents_of(review, review.last_number)
    if last.get(review.last_number) == list(sent.paragraphs):
        raise RefusedError(_("和第 %(number)d 版一字不差，没有保存。", number=review.last_number))
    if review.last_number >= MOST_VERSIONS:
        raise RefusedError(_("一份文本最多 %(most)d 个版本，请另立一份。", most=MOST_VERSIONS))
    return _add(review, sent, remark, by)


def _add(review: TextReview, sent: Sent, remark: str, by: Member) -> TextVersion:
    review.last_number = (review.last_number or 0) + 1
    version = TextVersion(
        review_id=review.id,
        number=review.last_number,
        content=sent.content,
        paragraphs=len(sent.paragraphs),
        letters=sum(map(len, sent.paragraphs)),
        source=sent.source,
        file_name=sent.name,
        digest=sent.digest,
        remark=remark,
        made_at=clock.now(),
        by_name=by.name,
    )
    db.session.add(version)
    db.session.flush()
    history.record(review, "add_version", by=by, number=version.number, sha256=sent.digest)
    return version


def add_opinion(review: TextReview, entry: OpinionEntry, *, by: Member) -> TextOpinion:
    """Say something of a paragraph.

    Raises IllegalMoveError once it is settled, RefusedError for a paragraph that is not there and
    for one opinion too many.
    """
    _refuse_ended(review)
    paragraphs = text_queries.contents_of(review, entry.number).get(entry.number, [])
    if not 1 <= entry.paragraph <= len(paragraphs):
        raise RefusedError(_("这一版没有第 %(place)d 段，请重新选择。", place=entry.paragraph))
    if len(text_queries.opinions_of(review)) >= MOST_OPINIONS:
        raise RefusedError(_("一份文本最多 %(most)d 条意见。", most=MOST_OPINIONS))
    opinion = TextOpinion(
        review_id=review.id,
        number=entry.number,
        paragraph=entry.paragraph,
        quote=paragraphs[entry.paragraph - 1][:LONGEST_QUOTE],
        risk=entry.risk,
        words=entry.words,
        proposal=entry.proposal,
        made_at=clock.now(),
        by_name=by.name,
    )
    db.session.add(opinion)
    db.session.flush()
    history.record(review, "add_opinion", by=by, number=entry.number, paragraph=entry.paragraph)
    return opinion


def answer_opinion(
    review: TextReview, opinion_id: UUID, answer: Answer, *, revision: int | None, by: Member
) -> None:
    """Write down what became of an opinion. Raises NotFoundError, ConflictError for a stale page,
    IllegalMoveError once the text is settled.
    """
    history.expect(review, revision)
    opinion = _opinion(review, opinion_id)
    opinion.answer = answer
    history.record(review, "answer_opinion", by=by, paragraph=opinion.paragraph, answer=answer)


def remove_opinion(review: TextReview, opinion_id: UUID, *, by: Member) -> None:
    """Take an opinion back. Raises NotFoundError, IllegalMoveError once the text is settled."""
    opinion = _opinion(review, opinion_id)
    db.session.delete(opinion)
    history.record(review, "remove_opinion", by=by, paragraph=opinion.paragraph)


def _opinion(review: TextReview, opinion_id: UUID) -> TextOpinion:
    _refuse_ended(review)
    opinion = text_queries.opinion_of(review, opinion_id)
    if opinion is None:
        raise NotFoundError()
    return opinion


def settle(
    review: TextReview, number: int, conclusion: str, *, revision: int | None, by: Member
) -> None:
    """Settle on a version. Raises ConflictError for a stale page or a text that is not open,
    RefusedError for a version that is not there.
    """
    history.expect(review, revision)
    if not 1 <= number <= review.last_number:
        raise RefusedError(_("没有第 %(number)d 版，请重新选择。", number=number))
    review.settled_number, review.settled_on = number, clock.today()
    review.conclusion = conclusion
    history.advance(review, TEXT_FLOW, "settle", by=by, number=number)


def reopen(review: TextReview, *, revision: int | None, by: Member) -> None:
    """Take a settled text up again. Raises ConflictError."""
    history.expect(review, revision)
    review.settled_number = review.settled_on = None
    history.advance(review, TEXT_FLOW, "reopen", by=by)


def void(review: TextReview, words: str, *, revision: int | None, by: Member) -> None:
    """End it without a text. words: why. Raises ConflictError."""
    history.expect(review, revision)
    review.conclusion = words
    history.advance(review, TEXT_FLOW, "void", by=by)
