"""One issue: its plan, its letter, its progress, its end."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.downloads import attachment
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.premises import document, issue_actions, pages, queries
from counselhub.premises.forms import (
    LetterForm,
    PlanForm,
    SolutionForm,
    WordsForm,
    plan_of,
)
from counselhub.premises.models import PremisesIssue
from counselhub.premises.routes.blueprint import bp

P = Permission
PAGE = "premises/issue.html"


def _fetch(issue_id: UUID) -> PremisesIssue:
    return fetch(PremisesIssue, issue_id, None, *queries.NAMES)


def _shown(issue: PremisesIssue, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    held: dict[str, Any] = {"formdata": None, "revision": issue.revision}
    return {
        "issue": issue,
        "stand": queries.standing_of(issue, clock.today()),
        "files": queries.files_of_issue(issue),
        "events": pages.happenings(issue),
        "planning": plan_of(issue),
        "letter": LetterForm(**held),
        "noting": WordsForm(**held, prefix="note"),
        "replanning": WordsForm(**held, prefix="replan"),
        "solving": SolutionForm(**held, data={"solved_on": clock.today()}, prefix="solve"),
        "withdrawing": WordsForm(**held, prefix="withdraw"),
        "refusal": refusal,
        **pages.words(),
        **forms,
    }


@bp.get("/premises/issues/<uuid:issue_id>")
@require(P.PREMISES_READ)
def issue(issue_id: UUID) -> ResponseReturnValue:
    """Show one issue and what is to be done next."""
    return htmx.show(PAGE, **_shown(_fetch(issue_id)))


@bp.get("/premises/issues/<uuid:issue_id>/letter.pdf")
@require(P.PREMISES_READ)
def letter_pdf(issue_id: UUID) -> ResponseReturnValue:
    """Show the explanation that is to be stamped."""
    row = _fetch(issue_id)
    name = f"情况说明-{row.community.short_name}-{row.reported_on:%Y%m%d}.pdf"
    return attachment(document.letter(row), name, "application/pdf", is_shown=True)


@bp.post("/premises/issues/<uuid:issue_id>/plan")
@require(P.PREMISES_KEEP)
def keep_plan(issue_id: UUID) -> ResponseReturnValue:
    """Write the plan that the letter is to say."""
    row, form = _fetch(issue_id), PlanForm()

    def act() -> str:
        issue_actions.plan(row, form.plan(), by=current_member(), revision=form.seen)
        return str(_("已保存，可以打印说明去盖章"))

    return _done(row, form, form.planned_on, act, planning=form)


@bp.post("/premises/issues/<uuid:issue_id>/letter")
@require(P.PREMISES_KEEP)
def create_letter(issue_id: UUID) -> ResponseReturnValue:
    """Take in the stamped letter."""
    row, form = _fetch(issue_id), LetterForm()

    def act() -> str:
        issue_actions.explain(row, form.sent, by=current_member(), revision=form.seen)
        return str(_("说明已收到，%(day)s前解决", day=row.planned_on))

    return _done(row, form, form.file, act, letter=form)


@bp.post("/premises/issues/<uuid:issue_id>/notes")
@require(P.PREMISES_KEEP)
def create_note(issue_id: UUID) -> ResponseReturnValue:
    """Write progress down."""
    return _worded(issue_id, "noting", "note", issue_actions.note, lambda _row: _("进展已记下"))


@bp.post("/premises/issues/<uuid:issue_id>/replanning")
@require(P.PREMISES_KEEP)
def create_replanning(issue_id: UUID) -> ResponseReturnValue:
    """Put the repair off."""

    def told(row: PremisesIssue) -> str:
        return str(_("已改期，请重填计划，%(day)s前交新的说明", day=row.letter_due_on))

    return _worded(issue_id, "replanning", "replan", issue_actions.replan, told)


@bp.post("/premises/issues/<uuid:issue_id>/solution")
@require(P.PREMISES_KEEP)
def create_solution(issue_id: UUID) -> ResponseReturnValue:
    """End it: what was lacking is there."""
    row, form = _fetch(issue_id), SolutionForm(prefix="solve")

    def act() -> str:
        issue_actions.solve(row, form.solution(), by=current_member(), revision=form.seen)
        return str(_("已销号；请把场所情况也更新一下"))

    return _done(row, form, form.solved_on, act, solving=form)


@bp.post("/premises/issues/<uuid:issue_id>/withdrawal")
@require(P.PREMISES_KEEP)
def create_withdrawal(issue_id: UUID) -> ResponseReturnValue:
    """Take back what was written down wrongly."""
    return _worded(
        issue_id, "withdrawing", "withdraw", issue_actions.withdraw, lambda _row: _("已撤销")
    )


def _worded(
    issue_id: UUID,
    name: str,
    prefix: str,
    do: Callable[..., object],
    told: Callable[[PremisesIssue], str],
) -> ResponseReturnValue:
    """Do what needs a few words. name: of the form on the page; told: what is said when done."""
    row, form = _fetch(issue_id), WordsForm(prefix=prefix)

    def act() -> str:
        do(row, text(form.words), by=current_member(), revision=form.seen)
        return str(told(row))

    return _done(row, form, form.words, act, **{name: form})


def _done(
    row: PremisesIssue, sent: Any, field: Any, act: Callable[[], str], **shown: Any
) -> ResponseReturnValue:
    """Do it to the issue as the page showed it; a refusal is told on it as it now is."""
    issue_id = row.id
    if not sent.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, **shown))
    try:
        toast = act()
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_fetch(issue_id), refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(field, refusal)
        return htmx.invalid(PAGE, **_shown(_fetch(issue_id), **shown))
    flash(toast, "success")
    return htmx.gone_to(url_for(".issue", issue_id=issue_id))
