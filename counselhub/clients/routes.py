"""Pages of clients: the list, one client, who a service was for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.claims.kinds import Difficulty
from counselhub.clients import actions, erasure, portrait, queries, seals
from counselhub.clients.forms import ClientForm, SearchForm, UnmaskForm, erase_form, unmask_form
from counselhub.clients.kinds import ACTS, EraseReason, UnmaskReason
from counselhub.clients.models import Client
from counselhub.clients.seals import Masked, Person
from counselhub.core import clock, downloads, history, htmx, paging
from counselhub.core.access import can, current_member, fetch, goes_on, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.matters import queries as matters
from counselhub.services.kinds import ServiceKind
from counselhub.services.models import ServiceRecord

bp = Blueprint("clients", __name__)
MOST_SHOWN = 50
"""Acts on the page; the download has all of them."""
FORMATS = {
    "json": (portrait.as_json, "application/json"),
    "xlsx": (portrait.as_xlsx, downloads.XLSX),
}


@bp.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser and no proxy keep a page or a file of clients."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/clients")
@require(Permission.CLIENT_READ)
def clients() -> ResponseReturnValue:
    """List the firm's clients, masked; a lawyer sees those of the own services."""
    oldest = request.args.get("direction") == "asc"
    page = paging.paged(queries.client_list(oldest_first=oldest))
    return _list(SearchForm(formdata=None), page.items, page=page, oldest=oldest)


def _list(form: SearchForm, rows: Sequence[Any], **more: Any) -> str:
    shown = [(row, seals.masked(row)) for row in rows]
    given = {"page": None, "oldest": False, "searched": False} | more
    return render_template("clients/clients.html", form=form, rows=shown, **given)


@bp.post("/clients/search")
@require(Permission.CLIENT_READ)
@goes_on
def search() -> ResponseReturnValue:
    """Find clients by their whole phone number, which no address and no log is to hold."""
    form = SearchForm()
    if not form.validate_on_submit():
        return _list(form, [], searched=True), 422
    return _list(form, queries.by_phone(text(form.phone), current_member().firm_id), searched=True)


@bp.get("/clients/<uuid:client_id>")
@require(Permission.CLIENT_READ)
def client(client_id: UUID) -> ResponseReturnValue:
    """Show one client, masked, with the services and what was done with the data."""
    return htmx.show("clients/client.html", **_one(fetch(Client, client_id)))


def _one(found: Client, **more: Any) -> dict[str, Any]:
    """What the page shows; `more` are the forms that come back, and what is shown in full."""
    events = [_happening(event) for event in history.of(found)[-MOST_SHOWN:][::-1]]
    return {
        "client": found,
        "shown": seals.masked(found),
        "full": None,
        "refusal": None,
        "page": paging.paged(queries.services_of(found)),
        "kinds": {kind.value: kind.label for kind in ServiceKind},
        "cases": queries.cases_of(found),
        "matters": matters.of_client(found.id) if can(Permission.MATTER_WORK) else [],
        "difficulties": {one.value: one.label for one in Difficulty},
        "events": events,
        "unmask_form": _blank_unmask(),
        "form": ClientForm(formdata=None, data={"revision": found.revision}),
    } | more


def _blank_unmask() -> UnmaskForm:
    form = UnmaskForm(formdata=None)
    form.reason.choices = UnmaskReason.choices()
    return form


def _happening(event: history.Event) -> dict[str, Any]:
    reasons = UnmaskReason if event.act == "unmask" else EraseReason
    code = event.detail.get("reason")
    reason = reasons.of(code).label if code in set(reasons) else ""
    said = (
        reason,
        event.detail.get("words"),
        event.detail.get("service"),
        event.detail.get("case"),
    )
    return {
        "at": event.at,
        "who": event.who,
        "what": page_text(ACTS[event.act]),
        "note": " · ".join(part for part in said if part) or None,
        "tone": {"unmask": "warning", "erase": "danger", "expire": "danger"}.get(event.act, "info"),
    }


@bp.post("/clients/<uuid:client_id>")
@require(Permission.CLIENT_UNMASK)
def update_client(client_id: UUID) -> ResponseReturnValue:
    """Correct a client's name or phone."""
    found = fetch(Client, client_id, Permission.CLIENT_UNMASK)
    form = ClientForm()
    if not form.validate_on_submit():
        return htmx.invalid("clients/client.html", **_one(found, form=form))
    try:
        actions.correct(
            found, form.entry(), revision=revision_of(form.revision), by=current_member()
        )
    except ConflictError as refusal:
        return htmx.refused("clients/client.html", **_one(found, refusal=refusal.message))
    return _back(found, _("已更正"))


def _back(found: Client, told: str) -> Response:
    flash(told, "success")
    return htmx.gone_to(url_for(".client", client_id=found.id))


@bp.post("/clients/<uuid:client_id>/unmasking")
@require(Permission.CLIENT_UNMASK)
@goes_on
def create_unmasking(client_id: UUID) -> ResponseReturnValue:
    """Show name and phone in full, once, and record who asked and why."""
    found = fetch(Client, client_id, Permission.CLIENT_UNMASK)
    form = unmask_form()
    if not form.validate_on_submit():
        return _identity(htmx.invalid, found, unmask_form=form)
    try:
        reason = UnmaskReason(form.reason.data)
        full = actions.unmask(found, reason, text(form.words), by=current_member())
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return _identity(htmx.invalid, found, unmask_form=form)
    except ConflictError as refusal:
        return _identity(htmx.refused, found, refusal=refusal.message)
    return _identity(htmx.show, found, full=full)


def _identity(
    answer: Any, found: Client, full: Person | None = None, **more: Any
) -> ResponseReturnValue:
    shown: ResponseReturnValue = answer(
        "clients/client.html", "clients/_unmasked.html", **_one(found, full=full, **more)
    )
    return shown


@bp.post("/clients/<uuid:client_id>/download")
@require(Permission.CLIENT_MANAGE)
@fresh
@goes_on
def create_download(client_id: UUID) -> ResponseReturnValue:
    """Give everything that is held about a client; the download is on record."""
    found = fetch(Client, client_id, Permission.CLIENT_MANAGE)
    ending = "json" if request.form.get("format") == "json" else "xlsx"
    write, mimetype = FORMATS[ending]
    history.record(found, "download", by=current_member(), format=ending)
    name = f"client-{found.id}-{clock.today():%Y%m%d}.{ending}"
    return downloads.attachment(write(portrait.document(found)), name, mimetype)


@bp.route("/clients/<uuid:client_id>/erasure", methods=["GET", "POST"])
@require(Permission.CLIENT_MANAGE)
@goes_on
def erase(client_id: UUID) -> ResponseReturnValue:
    """Name what an erasure does, then do it for good."""
    found = fetch(Client, client_id, Permission.CLIENT_MANAGE)
    form = erase_form(found.revision)
    if request.method == "GET":
        return htmx.show("clients/erasure.html", **_erasure(found, form))
    if not form.validate_on_submit():
        return htmx.invalid("clients/erasure.html", **_erasure(found, form))
    try:
        erasure.erase(
            found,
            EraseReason(form.reason.data),
            blank=bool(form.blank.data),
            revision=revision_of(form.revision),
            by=current_member(),
        )
    except ConflictError as refusal:
        return htmx.refused("clients/client.html", **_one(found, refusal=refusal.message))
    return _back(found, _("个人信息已删除，服务统计保留"))


def _erasure(found: Client, form: Any) -> dict[str, Any]:
    return {
        "client": found,
        "shown": seals.masked(found),
        "form": form,
        "met": erasure.consequences(found),
    }


@bp.get("/services/<uuid:service_id>/clients")
@require(Permission.CLIENT_READ)
def of_service(service_id: UUID) -> ResponseReturnValue:
    """Show for whom a service was, with the form that adds somebody."""
    service = fetch(ServiceRecord, service_id, Permission.SERVICE_LOG)
    return htmx.show("clients/of_service.html", **_service(service, ClientForm(formdata=None)))


def _service(service: ServiceRecord, form: ClientForm) -> dict[str, Any]:
    found: list[Masked] = queries.of_services([service.id])[service.id]
    return {
        "service": service,
        "kind": ServiceKind(service.kind).label,
        "found": found,
        "form": form,
    }


@bp.post("/services/<uuid:service_id>/clients")
@require(Permission.CLIENT_READ)
def create_link(service_id: UUID) -> ResponseReturnValue:
    """Note for whom a service was."""
    service = fetch(ServiceRecord, service_id, Permission.SERVICE_LOG)
    form = ClientForm()
    if form.validate_on_submit():
        try:
            actions.attach(service, form.entry(), by=current_member())
            return htmx.gone_to(url_for(".of_service", service_id=service.id))
        except RefusedError as refusal:
            show_refusal(form.name, refusal)
    return htmx.invalid("clients/of_service.html", **_service(service, form))


@bp.post("/services/<uuid:service_id>/clients/<uuid:client_id>/removal")
@require(Permission.CLIENT_READ)
def create_removal(service_id: UUID, client_id: UUID) -> ResponseReturnValue:
    """Take a client off a service."""
    service = fetch(ServiceRecord, service_id, Permission.SERVICE_LOG)
    actions.detach(fetch(Client, client_id), service, by=current_member())
    return htmx.gone_to(url_for(".of_service", service_id=service.id))
