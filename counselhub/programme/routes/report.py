"""The report: by community, lawyer or firm; as Excel and JSON; the records behind a figure."""

from typing import Any

import orjson
from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import and_

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.people.queries import firm_code
from counselhub.programme import asking, figures, papers, queries, records, rules, wording
from counselhub.programme.asking import Asked
from counselhub.programme.figures import LINE_WORDS, Line, Report
from counselhub.programme.models import ReportTemplate
from counselhub.programme.periods import after, before
from counselhub.programme.reach import asked_for, of_reader
from counselhub.programme.routes.blueprint import bp
from counselhub.programme.rules import Column, Template
from counselhub.reports.queries import sees_everybody
from counselhub.reports.records import about
from counselhub.services.kinds import ServiceKind, ServiceMode
from counselhub.statements.pages import slice_of

TABS = {"community": N_("按社区"), "adviser": N_("按律师"), "firm": N_("按律所")}
READERS = Permission.FIRM_READ, Permission.REVIEW_READ


def _is_office() -> bool:
    return current_member().scope.kind is ScopeKind.OFFICE


def _template(key: str, own: list[ReportTemplate]) -> Template:
    found = queries.by_key(key, own)
    if found is None:
        raise NotFoundError()
    return found


def _wanted(asked: Asked) -> figures.Reach:
    """Return the condition of what an address asks for, of whichever table."""
    return lambda model: and_(True, *asked_for(model, asked.where))


def _made(asked: Asked, template: Template) -> Report:
    found = figures.figures(template, asked.period, asked.by, of_reader, _wanted(asked))
    where = asked.where
    is_whole = not (where["adviser"] or where["firm"] or where["community"])
    names = queries.names_of(found, where["street"], everywhere=is_whole and sees_everybody())
    return figures.ordered(figures.with_names(found, names), asked.sort)


@bp.get("/programme")
@require(*READERS)
def report() -> ResponseReturnValue:
    """Show a report's figures over a period; each opens the records behind it."""
    asked, own = asking.asked(), queries.own_templates()
    template = _template(asked.template, own)
    shown = _page(asked, template, own)
    if faults := rules.faults(template):
        why = [wording.sentence(fault, template) for fault in faults]
        return htmx.refused("programme/unsound.html", **shown, faults=why)
    if asked.fault:
        return htmx.invalid("programme/report.html", **shown, found=None, page=None)
    found = _made(asked, template)
    page = _whole(found) if request.args.get("all") else slice_of(found.lines)
    return htmx.show("programme/report.html", **shown, found=found, page=page)


def _whole(found: Report) -> paging.Page[Line]:
    """Return all lines as one page, for print."""
    return paging.Page(found.lines, 1, max(1, len(found.lines)), len(found.lines))


def _page(asked: Asked, template: Template, own: list[ReportTemplate]) -> dict[str, Any]:
    lines = {name: word for name, word in TABS.items() if name != "firm" or _is_office()}
    steps = before(asked.period), after(asked.period)
    return {
        "asked": asked,
        "plan": template,
        "templates": queries.choices(own),
        "spans": asking.span_tabs(asked.period.span),
        "label": asking.period_label(asked.period),
        "titles": [page_text(column.title) for column in template.columns],
        "about": _about(asked),
        "steps": [f"{one.first:%Y-%m}" if one else None for one in steps],
        "lines": lines,
        "line_word": page_text(LINE_WORDS[asked.by]),
        "streets": [] if _is_office() else queries.streets_served(),
        "is_office": _is_office(),
        "is_own": not sees_everybody(),
        "uncounted": [kind.label for kind in rules.uncounted(template)],
        "may_make": can(Permission.SERVICE_MANAGE),
    }


def _about(asked: Asked) -> str:
    """Return whose records are counted, '' when everybody's, or of a whole street."""
    where = dict(asked.where) | {"street": "", "q": ""}
    return about(where) if any(where.values()) else ""


def _file() -> tuple[Asked, Report, str]:
    """Return what a download holds, and who hands it in. Raises RefusedError for wrong days."""
    asked = asking.asked()
    template = _template(asked.template, queries.own_templates())
    if asked.fault:
        raise RefusedError(asked.fault)
    if faults := rules.faults(template):
        raise RefusedError(wording.sentence(faults[0], template))
    return asked, _made(asked, template), current_member().title


@bp.get("/programme/report.xlsx")
@require(*READERS)
def report_xlsx() -> Response:
    """Send the report in the offices' layout."""
    _asked, found, filler = _file()
    content = papers.xlsx(found, filler, clock.now())
    return attachment(content, papers.file_name(found, filler, "xlsx"), XLSX)


@bp.get("/programme/report.json")
@require(*READERS)
def report_json() -> Response:
    """Send the report as the command prints it, with its lines."""
    asked, found, filler = _file()
    member = current_member()
    whose = {"street": member.street_code} if _is_office() else {"firm": firm_code(member.firm_id)}
    document = papers.document(found, asked.template, whose) | {"lines": papers.lines_of(found)}
    name = papers.file_name(found, filler, "json")
    return attachment(orjson.dumps(document), name, "application/json")


@bp.get("/programme/records")
@require(*READERS)
def behind() -> ResponseReturnValue:
    """List the records behind one figure: the same template, days and filters."""
    asked, own = asking.asked(), queries.own_templates()
    template = _template(asked.template, own)
    if "column" not in request.args or asked.fault or rules.faults(template):
        return htmx.gone_to(url_for(".report", _external=False, **asked.address))

    column = _column(template)
    query = records.behind(template, column, asked.period, of_reader, _wanted(asked))
    total, figure = records.counted(query, column)
    sort = sorting.asked_sort(records.SORTS)
    page = paging.paged(records.in_order(query, column, sort), total=total, columns=True)
    return htmx.show(
        "programme/records.html",
        asked=asked,
        plan=template,
        column=column,
        title=page_text(column.title) if column else _("合计"),
        label=asking.period_label(asked.period),
        page=page,
        figure=figure,
        about=about(dict(asked.where) | {"q": ""}),
        sort=sort,
        kinds=ServiceKind,
        modes=ServiceMode,
        is_office=_is_office(),
    )


def _column(template: Template) -> Column | None:
    """Return the asked column, None for the total. Raises NotFoundError where there is none."""
    asked = request.args.get("column", "")
    if asked == "total" and template.has_total:
        return None
    if not asked.isascii() or not asked.isdecimal() or int(asked) >= len(template.columns):
        raise NotFoundError()
    return template.columns[int(asked)]
