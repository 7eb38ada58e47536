"""Pages of services: the quick entry with the day's list, one record, the month's list."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.clients import queries as clients
from counselhub.clients.seals import Masked
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import Permission, can, current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.duty.queries import advisers, place_now, served_communities
from counselhub.places.models import short_name
from counselhub.services import actions, queries
from counselhub.services.forms import (
    QuickForm,
    RecordForm,
    offer,
    order_kinds,
    quick_form,
    record_form,
)
from counselhub.services.forms import sent_quick_form as sent_form
from counselhub.services.kinds import ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord

bp = Blueprint("services", __name__)
FILTERS = ("kind", "community", "adviser", "q")


@bp.get("/services")
@require(Permission.SERVICE_LOG)
def today() -> ResponseReturnValue:
    """Show the quick entry and what was entered today."""
    return htmx.show("services/today.html", **_day(quick_form(current_member(), _place())))


def _place() -> str:
    """The community where he is signed in, else today's first; '' when there is none."""
    adviser_id = current_member().adviser_id
    return place_now(adviser_id, clock.today()) if adviser_id else ""


def _day(form: QuickForm) -> dict[str, Any]:
    member = current_member()
    records = queries.day_list(member.adviser_id, clock.today())
    found = clients.of_services([record.id for record in records])
    return {
        "form": form,
        "day": clock.today(),
        "rows": [_row(r, r.community.name, r.adviser.name, found[r.id]) for r in records],
    }


def _row(
    record: ServiceRecord, community: str, adviser: str, found: Sequence[Masked] = ()
) -> dict[str, Any]:
    """What a row of the day shows."""
    return {
        "record": record,
        "kind": ServiceKind(record.kind).label,
        "mode": ServiceMode(record.mode).label if record.mode else None,
        "community": community,
        "adviser": adviser,
        "is_own": record.adviser_id == current_member().adviser_id,
        "clients": found,
    }


@bp.post("/services")
@require(Permission.SERVICE_LOG)
def create_record() -> ResponseReturnValue:
    """Enter a service; the new row is what htmx gets."""
    form = sent_form()
    if not form.validate_on_submit():
        return _again(form, 422)
    try:
        entry = form.entry()
        entered = actions.add(entry, by=current_member())
    except (RefusedError, ConflictError) as refusal:
        show_refusal(form.community_code, refusal)
        return _again(form, refusal.status)
    found = _clients_of(entered.record) if entry.client else ()
    row = _row(entered.record, entered.community, entered.adviser, found)
    told = _("已记下：%(kind)s · %(place)s", kind=row["kind"], place=short_name(entered.community))
    return htmx.changed("services/_row.html", url_for(".today"), toast=told, **row)


def _clients_of(record: ServiceRecord) -> Sequence[Masked]:
    return clients.of_services([record.id])[record.id]


def _again(form: QuickForm, status: int) -> Response:
    """Show the form as it was sent with what is wrong; htmx puts it back in its place."""
    offer(form, current_member())
    order_kinds(form, current_member())
    answer = htmx.refused if status == 409 else htmx.invalid
    given = {"form": form} if htmx.wants_part() else _day(form)
    response: Response = answer("services/today.html", "services/_entry.html", **given)
    response.headers["HX-Retarget"] = "#entry"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


@bp.get("/services/<uuid:record_id>")
@require(Permission.FIRM_READ)
def record(record_id: UUID) -> ResponseReturnValue:
    """Show one record; for who may mend it as a form, in its row's place when htmx asks."""
    named = joinedload(ServiceRecord.community), joinedload(ServiceRecord.adviser)
    found = fetch(ServiceRecord, record_id, None, *named)
    if htmx.wants_part() and request.args.get("show") == "row":
        return htmx.show("services/_row.html", "services/_row.html", **_full_row(found))
    form = record_form(current_member(), found, fresh=True)
    return htmx.show("services/record.html", "services/_row_form.html", **_one(found, form))


def _full_row(found: ServiceRecord) -> dict[str, Any]:
    return _row(found, found.community.name, found.adviser.name, _clients_of(found))


def _one(found: ServiceRecord, form: RecordForm, refusal: str | None = None) -> dict[str, Any]:
    month = f"{found.day:%Y-%m}"
    return _full_row(found) | {
        "form": form,
        "refusal": refusal,
        "back": url_for(".records", month=month),
        "may_change": can(Permission.SERVICE_LOG, found),
    }


@bp.post("/services/<uuid:record_id>")
@require(Permission.SERVICE_LOG)
def update_record(record_id: UUID) -> ResponseReturnValue:
    """Change a record."""
    found = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    form = record_form(current_member(), found)
    if not form.validate_on_submit():
        return _shown(htmx.invalid, found, form)
    revision = revision_of(form.revision)
    try:
        entered = actions.change(found, form.entry(), revision=revision, by=current_member())
    except RefusedError as refusal:
        show_refusal(form.day, refusal)
        return _shown(htmx.invalid, found, form)
    except ConflictError as refusal:
        as_it_is = record_form(current_member(), found, fresh=True)
        return _shown(htmx.refused, found, as_it_is, refusal.message)
    row = _row(entered.record, entered.community, entered.adviser, _clients_of(found))
    return htmx.changed("services/_row.html", _after(found), toast=_("已保存"), **row)


def _shown(
    answer: Any, found: ServiceRecord, form: RecordForm, refusal: str | None = None
) -> ResponseReturnValue:
    shown: ResponseReturnValue = answer(
        "services/record.html", "services/_row_form.html", **_one(found, form, refusal)
    )
    return shown


def _after(found: ServiceRecord) -> str:
    """Where a plain form goes on: to the day while the record is of today, else to its month."""
    if found.day == clock.today():
        return url_for(".today")
    return url_for(".records", month=f"{found.day:%Y-%m}")


@bp.post("/services/<uuid:record_id>/removal")
@require(Permission.SERVICE_LOG)
def create_removal(record_id: UUID) -> ResponseReturnValue:
    """Remove a record."""
    found = fetch(ServiceRecord, record_id, Permission.SERVICE_LOG)
    after = _after(found)
    try:
        actions.remove(found, by=current_member())
    except ConflictError as refusal:
        as_it_is = record_form(current_member(), found, fresh=True)
        return _shown(htmx.refused, found, as_it_is, refusal.message)
    return htmx.changed("core/_nothing.html", after, toast=_("已删除"))


@bp.get("/services/records")
@require(Permission.FIRM_READ)
def records() -> ResponseReturnValue:
    """List the records of a month; a lawyer sees the own ones."""
    month, sort = paging.asked_month(), sorting.asked_sort(queries.SORTS)
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    last = clock.last_day(month)
    totals = queries.totals(month, last, asked)
    query = queries.record_list(month, last, asked, sort)
    page = paging.paged(query, total=totals.records, columns=True)
    return htmx.show(
        "services/records.html",
        page=page,
        clients=clients.of_services([row.id for row in page.items]),
        totals=totals,
        month=paging.month_links(month),
        asked=asked,
        sort=sort,
        kinds={kind.value: kind.label for kind in ServiceKind},
        advisers=advisers(),
        places=served_communities(),
    )
