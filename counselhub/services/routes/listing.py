"""The list of records: searched, filtered, by any days, with filters kept under a name."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.clients import queries as clients
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import DomainError
from counselhub.core.forms import show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.duty.queries import advisers_and_communities
from counselhub.places.models import short_name
from counselhub.services import log_queries, queries, shortcuts
from counselhub.services.kinds import DisputeKind, FileKind, ServiceKind, ServiceMode
from counselhub.services.log_forms import FilterForm
from counselhub.services.log_models import SavedFilter
from counselhub.services.routes.blueprint import bp

FILTERS = ("kind", "mode", "dispute", "community", "adviser", "file", "thin", "q")
SPANS = ("from", "to")
EARLIEST = date(2000, 1, 1)


@bp.get("/services/records")
@require(Permission.FIRM_READ)
def records() -> ResponseReturnValue:
    """List the records of a month, or of the days asked for; a lawyer sees the own ones."""
    form = FilterForm(formdata=None) if _kept(request.args) else None
    return htmx.show("services/records.html", **_list(request.args, form))


def _list(given: Mapping[str, str], form: FilterForm | None) -> dict[str, Any]:
    """What the page shows. form: to keep the search under a name, None where there is none."""
    month, sort = paging.month_of(given.get("month")) or clock.this_month(), _sort()
    asked = {name: given.get(name, "").strip() for name in FILTERS}
    first, last, is_span = _days(given, month)
    lawyers, places = advisers_and_communities()
    totals = queries.totals(first, last, asked)
    page = paging.paged(
        queries.record_list(first, last, asked, sort), total=totals.records, columns=True
    )
    return {
        "page": page,
        "clients": clients.of_services([row.id for row in page.items]),
        "totals": totals,
        "month": paging.month_links(month),
        "days": (first, last) if is_span else None,
        "spans": _spans(),
        "asked": asked,
        "kept": _kept(given),
        "sort": sort,
        "kinds": _words(ServiceKind),
        "modes": _words(ServiceMode),
        "disputes": _words(DisputeKind),
        "file_kinds": _words(FileKind),
        "advisers": lawyers,
        "places": places,
        "names": {one.id: one.name for one in lawyers},
        "short_names": {one.code: short_name(one.name) for one in places},
        "filters": log_queries.saved_filters(current_member().membership_id),
        "filter_form": form,
    }


def _sort() -> str:
    return sorting.asked_sort(queries.SORTS)


def _words(codes: Any) -> dict[str, str]:
    return {one.value: one.label for one in codes}


def _days(given: Mapping[str, str], month: date) -> tuple[date, date, bool]:
    """Return first and last day, and whether they were asked for; else those of the month."""
    first, last = (_day(given.get(name)) for name in SPANS)
    if first is None and last is None:
        return month, clock.last_day(month), False
    return first or EARLIEST, last or clock.today(), True


def _day(given: str | None) -> date | None:
    try:
        day = date.fromisoformat(given or "")
    except ValueError:
        return None
    return day if day.year in paging.YEARS else None


def _spans() -> list[tuple[str, date, date]]:
    """Return the usual spans: their words, first and last days."""
    today = clock.today()
    return [
        (_("近三个月"), today - timedelta(days=91), today),
        (_("今年"), today.replace(month=1, day=1), today),
        (_("全部"), EARLIEST, today),
    ]


def _kept(given: Mapping[str, str]) -> dict[str, str]:
    """Return what a saved filter keeps of an address: no month and no page, those go on."""
    return {name: given[name].strip() for name in (*FILTERS, *SPANS) if given.get(name, "").strip()}


@bp.post("/services/filters")
@require(Permission.FIRM_READ)
def create_filter() -> ResponseReturnValue:
    """Keep the search that is shown under a name."""
    form = FilterForm()
    asked = _kept(request.form)
    if not form.validate_on_submit():
        return htmx.invalid("services/records.html", **_list(asked, form))
    try:
        found = shortcuts.save_filter(
            text(form.name), asked, shared=bool(form.shared.data), by=current_member()
        )
    except DomainError as refusal:
        show_refusal(form.name, refusal)
        return htmx.invalid("services/records.html", **_list(asked, form))
    flash(_("已存为“%(name)s”", name=found.name), "success")
    return htmx.gone_to(url_for(".records", **found.asked))


@bp.post("/services/filters/<uuid:filter_id>/removal")
@require(Permission.FIRM_READ)
def create_filter_removal(filter_id: UUID) -> ResponseReturnValue:
    """Remove a saved filter."""
    shortcuts.remove_filter(fetch(SavedFilter, filter_id), by=current_member())
    db.session.flush()
    flash(_("已删除"), "success")
    return htmx.gone_to(url_for(".records"))
