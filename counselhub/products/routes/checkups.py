"""Pages of check-ups: the list, a new one, what is still to be mended, one with its report."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.permissions import Permission
from counselhub.products import (
    checklist,
    checkup_actions,
    checkup_paper,
    checkup_queries,
    pdf,
    word,
)
from counselhub.products.checkup_forms import (
    FinishForm,
    MendForm,
    new_checkup_form,
    of_company,
    of_service,
)
from counselhub.products.checkup_models import Checkup, CheckupItem
from counselhub.products.kinds import CHECKUP_TONES, VERDICT_TONES, CheckupStatus, Verdict
from counselhub.products.papers import Paper
from counselhub.products.routes.blueprint import bp
from counselhub.services.models import ServiceRecord

P = Permission
LIST, PAGE, NEW, OPEN = (
    f"products/{name}.html" for name in ("checkups", "checkup", "new_checkup", "open_items")
)


def words() -> dict[str, Any]:
    """Return what every page of check-ups words its codes with."""
    return {
        "Status": CheckupStatus,
        "Verdict": Verdict,
        "tones": CHECKUP_TONES,
        "verdict_tones": VERDICT_TONES,
        "today": clock.today(),
    }


@bp.get("/products/checkups")
@require(P.SERVICE_LOG)
def checkups() -> ResponseReturnValue:
    """List the check-ups in sight."""
    tab, q = request.args.get("tab", "open"), request.args.get("q", "").strip()
    sort = sorting.asked_sort(checkup_queries.SORTS)
    return htmx.show(
        LIST,
        page=paging.paged(checkup_queries.checkup_list(tab, q, sort), columns=True),
        tallies=checkup_queries.tallies(),
        open_count=checkup_queries.open_count(),
        tab=tab if tab in checkup_queries.TABS else "all",
        q=q,
        sort=sort,
        **words(),
    )


@bp.get("/products/checkups/open-items")
@require(P.SERVICE_LOG)
def open_items() -> ResponseReturnValue:
    """List what does not comply yet, the nearest term first."""
    return htmx.show(OPEN, page=paging.paged(checkup_queries.open_items()), **words())


@bp.get("/products/checkups/new")
@require(P.SERVICE_LOG)
def new_checkup() -> ResponseReturnValue:
    """Show the form; `?service=` or `?again=` (a check-up) fill it."""
    begun: dict[str, Any] = {}
    if asked := request.args.get("service", type=UUID):
        begun = of_service(fetch(ServiceRecord, asked))
    elif asked := request.args.get("again", type=UUID):
        begun = of_company(found(asked))
    return htmx.show(NEW, form=new_checkup_form(current_member(), **begun))


@bp.post("/products/checkups")
@require(P.SERVICE_LOG)
def create_checkup() -> ResponseReturnValue:
    """Begin a check-up."""
    form = new_checkup_form(current_member())
    if not form.validate_on_submit():
        return htmx.invalid(NEW, form=form)
    try:
        name, sections = form.chosen()
        made = checkup_actions.begin(form.entry(), name, sections, by=current_member())
    except RefusedError as refusal:
        show_refusal(form.name, refusal)
        return htmx.invalid(NEW, form=form)
    return htmx.gone_to(url_for(".checkup", checkup_id=made.id))


def found(checkup_id: UUID, act: Permission | None = None) -> Checkup:
    """Return a check-up in sight with its names."""
    return fetch(Checkup, checkup_id, act, *checkup_queries.WITH_NAMES)


@bp.get("/products/checkups/<uuid:checkup_id>")
@require(P.SERVICE_LOG)
def checkup(checkup_id: UUID) -> ResponseReturnValue:
    """Show one check-up: its checklist to be filled, or what came out."""
    return htmx.show(PAGE, **shown(found(checkup_id)))


def shown(row: Checkup, **more: Any) -> dict[str, Any]:
    """Return what the page of a check-up shows; more: forms as they were sent."""
    items = checkup_queries.items_of(row)
    verdicts = checklist.verdicts_of(items)
    sections = checklist.read(row.sections)
    tallies = [checklist.tally(one, verdicts) for one in sections]
    return {
        "checkup": row,
        "may_change": can(P.SERVICE_LOG, row),
        "sections": list(zip(sections, tallies, strict=True)),
        "whole": checklist.together(tallies),
        "found": items,
        "earlier": checkup_queries.earlier(row),
        "refusal": "",
        "sent": None,
        "finishing": FinishForm(
            formdata=None, data={"revision": row.revision, "conclusion": row.conclusion}
        ),
        "mending": MendForm(formdata=None, data={"day": clock.today()}),
        "mending_id": None,
        **words(),
    } | more


@bp.get("/products/checkups/<uuid:checkup_id>/report.docx")
@require(P.SERVICE_LOG)
def report_docx(checkup_id: UUID) -> ResponseReturnValue:
    """Give the report as a Word file."""
    row = found(checkup_id)
    return attachment(word.docx(_report(row)), f"{_name(row)}.docx", word.DOCX)


@bp.get("/products/checkups/<uuid:checkup_id>/report.pdf")
@require(P.SERVICE_LOG)
def report_pdf(checkup_id: UUID) -> ResponseReturnValue:
    """Show the report as A4."""
    row = found(checkup_id)
    made = pdf.pdf(_report(row))
    return attachment(made, f"{_name(row)}.pdf", "application/pdf", is_shown=True)


def _report(row: Checkup) -> Paper:
    items: Mapping[str, CheckupItem] = checkup_queries.items_of(row)
    return checkup_paper.paper(row, items, current_member().title)


def _name(row: Checkup) -> str:
    return f"法治体检报告-{row.company.name}-{row.day:%Y%m%d}"
