"""Pages of contracts: list, add, change, show."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.contracts import actions, queries
from counselhub.contracts.forms import ContractForm, SignatureForm, TerminationForm, filled
from counselhub.contracts.kinds import (
    ACTS,
    CONTRACT_FLOW,
    OPEN,
    ContractKind,
    ContractStatus,
    EndCause,
)
from counselhub.contracts.models import Contract
from counselhub.contracts.rules import renewal
from counselhub.core import clock, history, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.core.workflow import moves_from
from counselhub.places import queries as places

bp = Blueprint("contracts", __name__)

TONES: dict[str, str] = {
    ContractStatus.DRAFT: "neutral",
    ContractStatus.SENT: "info",
    ContractStatus.SIGNED: "info",
    ContractStatus.FILED: "info",
    ContractStatus.ACTIVE: "success",
    ContractStatus.EXPIRED: "neutral",
    ContractStatus.TERMINATED: "danger",
}


@bp.get("/contracts")
@require(Permission.CONTRACT_MANAGE)
def contracts() -> ResponseReturnValue:
    """List contracts, filtered by words, status, kind and by how soon they end."""
    asked = {name: request.args.get(name) for name in ("q", "status", "kind")}
    expiring = request.args.get("expiring", type=int)
    order = request.args.get("sort", "ends_on")
    direction = request.args.get("direction", "asc")
    query = queries.contracts(
        asked["q"],
        status=asked["status"],
        kind=asked["kind"],
        expiring_days=expiring if expiring in queries.WITHIN_DAYS else None,
        order=order,
        descending=direction == "desc",
    )
    return htmx.show(
        "contracts/contracts.html",
        page=paging.paged(query),
        order=order,
        direction=direction,
        expiring=expiring,
        filtered=any(asked.values()) or expiring is not None,
        within=queries.WITHIN_DAYS,
        **_words(),
    )


@bp.get("/contracts/new")
@require(Permission.CONTRACT_MANAGE)
def new_contract() -> ResponseReturnValue:
    """Ask for a new contract: empty, for one community, or as the renewal of another."""
    if renewed := request.args.get("renews", type=UUID):
        return _form(_renewal(fetch(Contract, renewed)))
    code = request.args.get("community")
    chosen = {"communities": [code]} if code else {}
    return _form(ContractForm(formdata=None, data={"kind": ContractKind.PROCUREMENT, **chosen}))


def _renewal(old: Contract) -> ContractForm:
    first, last = renewal(old.starts_on, old.last_on)
    year = str(old.starts_on.year)
    number = old.number.replace(year, str(first.year)) if year in old.number else ""
    changes = {"starts_on": first, "ends_on": last, "signed_on": None, "revision": None}
    return filled(old, number=number, renews=str(old.id), **changes)


@bp.post("/contracts")
@require(Permission.CONTRACT_MANAGE)
def create_contract() -> ResponseReturnValue:
    """Make a draft."""
    form = ContractForm()
    renewed = _uuid(text(form.renews))
    renews = fetch(Contract, renewed) if renewed else None
    if "look" in request.form:
        return _form(form)
    if form.validate_on_submit():
        try:
            contract = actions.save(None, form.given, by=current_member(), renews=renews)
            return to(contract, _("已登记合同 %(number)s", number=contract.number))
        except RefusedError as refusal:
            show_refusal(form.communities, refusal)
    return _form(form, status=422)


@bp.get("/contracts/communities")
@require(Permission.CONTRACT_MANAGE)
def picker() -> ResponseReturnValue:
    """Return the chosen communities and those found, for the form's search."""
    return htmx.show("contracts/_picker.html", **_picked(ContractForm(request.args)))


@bp.get("/contracts/<uuid:contract_id>")
@require(Permission.CONTRACT_MANAGE)
def contract(contract_id: UUID) -> ResponseReturnValue:
    """Show one contract, its next step and its record."""
    return htmx.show("contracts/contract.html", **page_of(fetch(Contract, contract_id)))


@bp.get("/contracts/<uuid:contract_id>/edit")
@require(Permission.CONTRACT_MANAGE)
def edit_contract(contract_id: UUID) -> ResponseReturnValue:
    """Show the form as the contract now is; one that has ended shows its page."""
    row = fetch(Contract, contract_id)
    if row.status not in OPEN:
        return htmx.refused("contracts/contract.html", **page_of(row, refusal=str(actions.ENDED)))
    return _form(filled(row), row)


@bp.post("/contracts/<uuid:contract_id>")
@require(Permission.CONTRACT_MANAGE)
def change_contract(contract_id: UUID) -> ResponseReturnValue:
    """Change a contract; what a closed month rests on stays."""
    row, form = fetch(Contract, contract_id), ContractForm()
    if "look" in request.form:
        return _form(form, row)
    try:
        history.expect(row, revision_of(form.revision))
        if form.validate_on_submit():
            actions.save(row, form.given, by=current_member())
            return to(row, _("已保存"))
    except ConflictError as conflict:
        return _form(filled(row), row, status=409, refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form.communities, refusal)
    return _form(form, row, status=422)


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _form(
    form: ContractForm, row: Contract | None = None, *, status: int = 200, refusal: str = ""
) -> ResponseReturnValue:
    answer = {200: htmx.show, 409: htmx.refused, 422: htmx.invalid}[status]
    context = {"contract": row, "form": form, "refusal": refusal, **_picked(form)}
    return answer("contracts/form.html", None, **context)


def _picked(form: ContractForm) -> dict[str, Any]:
    """Return the communities chosen so far, and up to twenty more that the search finds."""
    codes = [code for code in form.communities.data or () if code]
    words = text(form.find)
    found = [one for one in places.find(words) if one.code not in codes]
    return {
        "chosen": list(queries.communities_by_code(codes).values()),
        "found": found,
        "words": words,
    }


def _words() -> dict[str, Any]:
    return {
        "kinds": ContractKind,
        "statuses": ContractStatus,
        "causes": EndCause,
        "tones": TONES,
        "today": clock.today(),
    }


def page_of(row: Contract, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    """Return what the page of a contract shows; forms: the ones to show again with errors."""
    today = clock.today()
    shown = {
        "signature": SignatureForm(formdata=None, revision=row.revision, signed_on=today),
        "termination": TerminationForm(formdata=None, revision=row.revision),
    }
    return {
        "contract": row,
        "places": queries.places_of(row),
        "moves": moves_from(CONTRACT_FLOW, row.status),
        "is_open": row.status in OPEN,
        "events": _events(row),
        "refusal": refusal,
        **_words(),
        **shown,
        **forms,
    }


def _events(row: Contract) -> list[dict[str, Any]]:
    """Return the record of a contract for the timeline, newest first."""
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": _(ACTS.get(event.act, event.act)),
            "note": event.detail.get("reason") or event.detail.get("number"),
            "tone": TONES.get(event.to_status, "neutral") if event.to_status else "neutral",
        }
        for event in reversed(history.of(row))
    ]


def to(row: Contract, toast: str) -> ResponseReturnValue:
    """Leave for the page of a contract with a sentence."""
    flash(toast, "success")
    return htmx.gone_to(url_for("contracts.contract", contract_id=row.id))
