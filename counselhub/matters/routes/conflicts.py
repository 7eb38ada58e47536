"""What the manager decides of a possible conflict."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import downloads, history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.matters import deciding, decision_queries, papers, rules, seals
from counselhub.matters.deciding import Waiver
from counselhub.matters.forms import WaiverForm, WordsForm
from counselhub.matters.kinds import ConflictCode
from counselhub.matters.models import Matter, MatterConflict, MatterPaper
from counselhub.matters.routes.blueprint import bp
from counselhub.matters.routes.lists import words
from counselhub.matters.routes.matter import CODES, back, found

PAGE = "matters/conflict.html"
ROOM_FOR_A_FORM = 64 * 2**10
P = Permission


def _fetch(matter_id: UUID, conflict_id: UUID) -> tuple[Matter, MatterConflict]:
    """Return a conflict with its matter. Raises ForbiddenError for whom it concerns, open still."""
    matter, conflict = found(matter_id, to_write=True), fetch(MatterConflict, conflict_id)
    if conflict.matter_id != matter.id:
        return fetch(Matter, conflict.matter_id), conflict
    return matter, conflict


def _shown(matter: Matter, conflict: MatterConflict, **more: Any) -> dict[str, Any]:
    context = decision_queries.context_of(conflict)
    return {
        "matter": matter,
        "conflict": conflict,
        "party": seals.shown(context.party) if context.party else None,
        "role": context.party.role if context.party else "",
        "other": context.other,
        "theirs": [(row, seals.shown(row)) for row in context.theirs],
        "concerned": context.concerned,
        "paper_id": context.paper_id,
        "may": rules.DECISIONS[ConflictCode(conflict.code)],
        "form": WordsForm(formdata=None, revision=conflict.revision),
        "waiver": WaiverForm(formdata=None, revision=conflict.revision),
        "refusal": "",
        **words(),
        **CODES,
    } | more


@bp.get("/matters/<uuid:matter_id>/conflicts/<uuid:conflict_id>")
@require(P.MATTER_DECIDE)
def conflict(matter_id: UUID, conflict_id: UUID) -> ResponseReturnValue:
    """Show a conflict with both sides of it, and what may be decided."""
    return htmx.show(PAGE, **_shown(*_fetch(matter_id, conflict_id)))


@bp.post("/matters/<uuid:matter_id>/conflicts/<uuid:conflict_id>/clearance")
@require(P.MATTER_DECIDE)
def create_clearance(matter_id: UUID, conflict_id: UUID) -> ResponseReturnValue:
    """Note that it is no conflict."""
    return _done(matter_id, conflict_id, deciding.clear, _("已排除"))


@bp.post("/matters/<uuid:matter_id>/conflicts/<uuid:conflict_id>/wall")
@require(P.MATTER_DECIDE)
def create_mutual_wall(matter_id: UUID, conflict_id: UUID) -> ResponseReturnValue:
    """Keep the lawyers of both sides from each other's matter."""
    return _done(matter_id, conflict_id, deciding.wall, _("已相互隔离"))


def _done(
    matter_id: UUID, conflict_id: UUID, act: Callable[..., None], told: str
) -> ResponseReturnValue:
    matter, row = _fetch(matter_id, conflict_id)
    form = WordsForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(matter, row, form=form))
    return _settled(
        matter,
        row,
        form,
        lambda: act(row, text(form.words), revision=form.seen, by=current_member()),
        told,
    )


def _settled(
    matter: Matter,
    row: MatterConflict,
    form: WordsForm,
    act: Callable[[], None],
    told: str,
) -> ResponseReturnValue:
    """Do it; a refusal is told at the words, a conflict on the page as it now is."""
    ids = matter.id, row.id
    try:
        act()
    except ConflictError as refusal:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(*_fetch(*ids), refusal=refusal.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.words, refusal)
        key = "waiver" if isinstance(form, WaiverForm) else "form"
        return htmx.invalid(PAGE, **_shown(*_fetch(*ids), **{key: form}))
    return back(ids[0], told)


@bp.post("/matters/<uuid:matter_id>/conflicts/<uuid:conflict_id>/waiver")
@require(P.MATTER_DECIDE)
def create_waiver(matter_id: UUID, conflict_id: UUID) -> ResponseReturnValue:
    """Let the firm act with the consent that both sides signed."""
    matter, row = _fetch(matter_id, conflict_id)
    form = WaiverForm()
    try:
        paper = papers.judged(_sent())
    except papers.PaperError as refusal:
        form.validate_on_submit()
        show_refusal(form.paper, refusal)
        return htmx.invalid(PAGE, **_shown(matter, row, waiver=form))
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(matter, row, waiver=form))
    waiver = Waiver(given(form.own_on), given(form.other_on), paper)

    def act() -> None:
        deciding.waive(row, waiver, text(form.words), revision=form.seen, by=current_member())

    return _settled(matter, row, form, act, _("已批准书面豁免"))


def _sent() -> bytes:
    """Return the file of the request, b"" for none; what is far too large is not read."""
    if (request.content_length or 0) > papers.LARGEST_BYTES + ROOM_FOR_A_FORM:
        raise papers.too_large()
    given_file = request.files.get("paper")
    return given_file.read(papers.LARGEST_BYTES + 1) if given_file else b""


@bp.post("/matters/papers/<uuid:paper_id>")
@require(P.MATTER_DECIDE)
def paper(paper_id: UUID) -> ResponseReturnValue:
    """Give a written waiver as it came; the download is on record."""
    row = fetch(MatterPaper, paper_id)
    matter = fetch(Matter, row.matter_id)
    history.record(matter, "read_paper", by=current_member())
    name = f"豁免文件-{matter.number}.{row.ending}"
    return downloads.attachment(row.content, name, papers.TYPES[row.ending])
