"""Pages of the quick entry with the day's list, and of one record."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.clients import queries as clients
from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.duty.queries import place_now
from counselhub.places.models import short_name
from counselhub.services import actions, inspecting, log_queries, pages, queries
from counselhub.services.forms import (
    QuickForm,
    RecordForm,
    offer_all,
    quick_form,
    record_form,
)
from counselhub.services.log_forms import begun_by
from counselhub.services.models import ServiceRecord
from counselhub.services.routes.blueprint import bp
from counselhub.services.shortcuts import own_template

WITH_NAMES = tuple(
    joinedload(part)
    for part in (ServiceRecord.community, ServiceRecord.adviser, ServiceRecord.note)
)


@bp.get("/services")
@require(Permission.SERVICE_LOG)
def today() -> ResponseReturnValue:
    """Show the quick entry and what was entered today.

    `?template=` and `?again=` (a record) fill it, `?day=` and `?community=` say where it belongs.
    """
    return htmx.show(
        "services/today.html", **_day(quick_form(current_member(), _place(), _begun()))
    )


def _begun() -> dict[str, Any]:
    """What the address fills in. Raises NotFoundError for a template or record out of sight."""
    asked = request.args
    begun: dict[str, Any] = {}
    if (named := asked.get("template", type=UUID)) is not None:
        begun = begun_by(own_template(named, by=current_member()))
    elif (named := asked.get("again", type=UUID)) is not None:
        begun = begun_by(fetch(ServiceRecord, named))
    if community := asked.get("community"):
        begun["community_code"] = community
    if day := asked.get("day", type=date.fromisoformat):
        begun["day"] = day
    return {name: value for name, value in begun.items() if value is not None}


def _place() -> str:
    """The community where he is signed in, else today's first; '' when there is none."""
    adviser_id = current_member().adviser_id
    return place_now(adviser_id, clock.today()) if adviser_id else ""


def _day(form: QuickForm) -> dict[str, Any]:
    member = current_member()
    records = queries.day_list(member.adviser_id, clock.today())
    found = clients.of_services([record.id for record in records])
    lacking = inspecting.of_month(
        clock.this_month(), adviser_id=member.adviser_id or inspecting.whose(member)
    )
    return {
        "form": form,
        "templates": log_queries.templates(member.membership_id),
        "lacks": sum(len(one.checks) for one in lacking),
        "day": clock.today(),
        "today": clock.today(),
        "rows": [pages.row(r, r.community.name, r.adviser.name, found[r.id]) for r in records],
    }


@bp.post("/services")
@require(Permission.SERVICE_LOG)
def create_record() -> ResponseReturnValue:
    """Enter a service; the new row is what htmx gets, and an empty form after `?filled=1`."""
    form = QuickForm()
    if not form.validate_on_submit():
        return _again(form, 422)
    try:
        entry = form.entry()
        entered = actions.add(entry, by=current_member())
    except (RefusedError, ConflictError) as refusal:
        show_refusal(form.community_code, refusal)
        return _again(form, refusal.status)
    found = pages.clients_of(entered.record) if entry.client else ()
    row = pages.row(entered.record, entered.community, entered.adviser, found)
    told = _("已记下：%(kind)s · %(place)s", kind=row["kind"], place=short_name(entered.community))
    part = "services/_row.html"
    if "filled" in request.args and htmx.wants_part():
        part, row = "services/_entered.html", row | _empty()
    return htmx.changed(part, url_for(".today"), toast=told, **row)


def _empty() -> dict[str, Any]:
    member = current_member()
    return {
        "form": quick_form(member, _place()),
        "templates": log_queries.templates(member.membership_id),
        "today": clock.today(),
    }


def _again(form: QuickForm, status: int) -> Response:
    """Show the form as it was sent with what is wrong; htmx puts it back in its place."""
    offer_all(form, current_member())
    answer = htmx.refused if status == 409 else htmx.invalid
    given = {"form": form, "today": clock.today()} if htmx.wants_part() else _day(form)
    response: Response = answer("services/today.html", "services/_entry.html", **given)
    response.headers["HX-Retarget"] = "#entry"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


@bp.get("/services/<uuid:record_id>")
@require(Permission.FIRM_READ)
def record(record_id: UUID) -> ResponseReturnValue:
    """Show one record; for who may mend it as a form, in its row's place when htmx asks."""
    found = fetch(ServiceRecord, record_id, None, *WITH_NAMES)
    if htmx.wants_part() and request.args.get("show") == "row":
        return htmx.show("services/_row.html", "services/_row.html", **pages.full_row(found))
    form = record_form(current_member(), found, fresh=True)
    return htmx.show(
        "services/record.html", "services/_row_form.html", **pages.one_record(found, form)
    )


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
    row = pages.row(entered.record, entered.community, entered.adviser, pages.clients_of(found))
    return htmx.changed("services/_row.html", _after(found), toast=_("已保存"), **row)


def _shown(
    answer: Any, found: ServiceRecord, form: RecordForm, refusal: str | None = None
) -> ResponseReturnValue:
    shown: ResponseReturnValue = answer(
        "services/record.html", "services/_row_form.html", **pages.one_record(found, form, refusal)
    )
    return shown


def shown_whole(
    answer: Any, found: ServiceRecord, refusal: str | None = None, **parts: Any
) -> ResponseReturnValue:
    """Answer with the whole page of a record. parts: forms beside it as they were sent."""
    form = record_form(current_member(), found, fresh=True)
    given = pages.one_record(found, form, refusal) | pages.beside(found) | parts
    shown: ResponseReturnValue = answer("services/record.html", **given)
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
