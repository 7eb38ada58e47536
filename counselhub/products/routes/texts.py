"""Pages of revised texts: the list, one text with its opinions, two versions side by side."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.permissions import Permission
from counselhub.products import opinion_paper, pdf, text_actions, text_queries, word
from counselhub.products.comparing import Change, Mark, Row, compare
from counselhub.products.kinds import (
    ANSWER_TONES,
    RISK_TONES,
    TEXT_TONES,
    Answer,
    Risk,
    TextKind,
    TextSource,
    TextStatus,
)
from counselhub.products.papers import Paper
from counselhub.products.routes.blueprint import bp
from counselhub.products.text_forms import (
    VersionForm,
    VoidForm,
    answer_form,
    new_text_form,
    opinion_form,
    settle_form,
)
from counselhub.products.text_models import TextReview
from counselhub.services.models import ServiceRecord

P = Permission
LIST, PAGE, NEW, COMPARISON = (
    f"products/{name}.html" for name in ("texts", "text", "new_text", "comparison")
)
AROUND = 1
"""Unchanged paragraphs that are shown on each side of a change."""


def words() -> dict[str, Any]:
    """Return what every page of texts words its codes with."""
    return {
        "Kind": TextKind,
        "Status": TextStatus,
        "Source": TextSource,
        "Risk": Risk,
        "Answer": Answer,
        "tones": TEXT_TONES,
        "risk_tones": RISK_TONES,
        "answer_tones": ANSWER_TONES,
    }


@bp.get("/products")
@require(P.SERVICE_LOG)
def texts() -> ResponseReturnValue:
    """List the texts in sight: a lawyer's own, all for who looks after the firm's records."""
    tab, q = request.args.get("tab", "open"), request.args.get("q", "").strip()
    sort = sorting.asked_sort(text_queries.SORTS)
    return htmx.show(
        LIST,
        page=paging.paged(text_queries.text_list(tab, q, sort), columns=True),
        tallies=text_queries.tallies(),
        tab=tab if tab in text_queries.TABS else "all",
        q=q,
        sort=sort,
        **words(),
    )


@bp.get("/products/texts/new")
@require(P.SERVICE_LOG)
def new_text() -> ResponseReturnValue:
    """Show the form of a new text; `?service=` names the record that it is the fruit of."""
    asked = request.args.get("service", type=UUID)
    record = fetch(ServiceRecord, asked) if asked else None
    return htmx.show(NEW, form=new_text_form(current_member(), record))


@bp.post("/products/texts")
@require(P.SERVICE_LOG)
def create_text() -> ResponseReturnValue:
    """Begin with a text's first version."""
    form = new_text_form(current_member())
    if not form.validate_on_submit():
        return htmx.invalid(NEW, form=form)
    try:
        review = text_actions.begin(form.entry(), form.arrived, by=current_member())
    except RefusedError as refusal:
        show_refusal(form.pasted, refusal)
        return htmx.invalid(NEW, form=form)
    return htmx.gone_to(url_for(".text", text_id=review.id))


def found(text_id: UUID, act: Permission | None = None) -> TextReview:
    """Return a text in sight with its names."""
    return fetch(TextReview, text_id, act, *text_queries.WITH_NAMES)


@bp.get("/products/texts/<uuid:text_id>")
@require(P.SERVICE_LOG)
def text(text_id: UUID) -> ResponseReturnValue:
    """Show one version of a text, `?v=` or the settled or last one, and what is said of it."""
    return htmx.show(PAGE, **shown(found(text_id)))


def shown(review: TextReview, number: int | None = None, **more: Any) -> dict[str, Any]:
    """Return what the page of a text shows. Raises NotFoundError for a version that is none.

    number: the version, else that of the address. more: forms as they were sent.
    """
    asked = number or request.args.get("v", type=int)
    asked = asked or review.settled_number or review.last_number
    paragraphs = _contents(review, asked)[asked]
    place = request.args.get("p", type=int)
    opinions = text_queries.opinions_of(review)
    return {
        "review": review,
        "may_change": can(P.SERVICE_LOG, review),
        "versions": text_queries.versions_of(review),
        "number": asked,
        "paragraphs": list(enumerate(paragraphs, 1)),
        "opinions": opinions,
        "said": {one.paragraph for one in opinions if one.number == asked},
        "place": place if place and 1 <= place <= len(paragraphs) else None,
        "refusal": "",
        "opinion": opinion_form(number=asked, paragraph=place),
        "answer": answer_form(),
        "version": VersionForm(formdata=None, data={"revision": review.revision}),
        "settling": settle_form(review, is_sent=False),
        "voiding": VoidForm(formdata=None, data={"revision": review.revision}),
        **words(),
    } | more


def _contents(review: TextReview, *numbers: int) -> dict[int, list[str]]:
    """Return the paragraphs of versions. Raises NotFoundError for a number that none has."""
    if not all(1 <= number <= review.last_number for number in numbers):
        raise NotFoundError()
    return text_queries.contents_of(review, *numbers)


@bp.get("/products/texts/<uuid:text_id>/comparison")
@require(P.SERVICE_LOG)
def comparison(text_id: UUID) -> ResponseReturnValue:
    """Show what changed between two versions, side by side or in one text."""
    review = found(text_id)
    last = review.last_number
    older = request.args.get("from", type=int) or max(1, last - 1)
    newer = request.args.get("to", type=int) or last
    both = _contents(review, older, newer)
    rows = compare(both[older], both[newer])
    is_whole = bool(request.args.get("whole"))
    return htmx.show(
        COMPARISON,
        review=review,
        older=older,
        newer=newer,
        is_inline=request.args.get("view") == "inline",
        is_whole=is_whole,
        rows=rows if is_whole else list(around_changes(rows)),
        counts={change: sum(row.change is change for row in rows) for change in Change},
        Change=Change,
        Mark=Mark,
    )


def around_changes(rows: list[Row]) -> Iterator[Row | int]:
    """Return the changes with the paragraph beside each; for the others how many there are."""
    changed = [place for place, row in enumerate(rows) if row.change is not Change.SAME]
    near = {at + step for at in changed for step in range(-AROUND, AROUND + 1)}
    skipped = 0
    for place, row in enumerate(rows):
        if place not in near:
            skipped += 1
            continue
        if skipped:
            yield skipped
        skipped = 0
        yield row
    if skipped:
        yield skipped


@bp.get("/products/texts/<uuid:text_id>/opinions.docx")
@require(P.SERVICE_LOG)
def opinions_docx(text_id: UUID) -> ResponseReturnValue:
    """Give the sheet of opinions as a Word file."""
    review = found(text_id)
    return attachment(word.docx(_sheet(review)), f"{_name(review)}.docx", word.DOCX)


@bp.get("/products/texts/<uuid:text_id>/opinions.pdf")
@require(P.SERVICE_LOG)
def opinions_pdf(text_id: UUID) -> ResponseReturnValue:
    """Show the sheet of opinions as A4."""
    review = found(text_id)
    made = pdf.pdf(_sheet(review))
    return attachment(made, f"{_name(review)}.pdf", "application/pdf", is_shown=True)


def _sheet(review: TextReview) -> Paper:
    opinions = text_queries.opinions_of(review)
    return opinion_paper.paper(review, opinions, current_member().title)


def _name(review: TextReview) -> str:
    return str(_("%(title)s-审改意见", title=review.title))
