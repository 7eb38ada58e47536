"""What a contract asks for: its terms, added, changed and removed."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.contracts.models import Contract
from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.roster import term_actions as actions
from counselhub.roster import term_queries as queries
from counselhub.roster.forms import RevisionForm, TermForm, term_form
from counselhub.roster.kinds import TermKind
from counselhub.roster.models import DutyTerm
from counselhub.roster.routes.blueprint import bp

PAGE = "roster/term.html"


@bp.get("/contracts/<uuid:contract_id>/duty-terms/new")
@require(Permission.CONTRACT_MANAGE)
def new_term(contract_id: UUID) -> ResponseReturnValue:
    """Ask for a new term."""
    contract = fetch(Contract, contract_id)
    places = queries.places_of(contract_id)
    return htmx.show(PAGE, **_shown(contract, term_form(places, fresh=True)))


@bp.post("/contracts/<uuid:contract_id>/duty-terms")
@require(Permission.CONTRACT_MANAGE)
def create_term(contract_id: UUID) -> ResponseReturnValue:
    """Add a term."""
    contract = fetch(Contract, contract_id)
    form = term_form(queries.places_of(contract_id))
    try:
        if form.validate_on_submit():
            actions.add(contract, form.wording, by=current_member())
            return _to(contract, _("已写入值班约定"))
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(contract, form, refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.kind, refusal)
    return htmx.invalid(PAGE, **_shown(contract, form))


@bp.get("/duty-terms/<uuid:term_id>")
@require(Permission.CONTRACT_MANAGE)
def term(term_id: UUID) -> ResponseReturnValue:
    """Show one term as it now is."""
    row = fetch(DutyTerm, term_id)
    return htmx.show(PAGE, **_present(row))


@bp.post("/duty-terms/<uuid:term_id>")
@require(Permission.CONTRACT_MANAGE)
def change_term(term_id: UUID) -> ResponseReturnValue:
    """Change a term."""
    row = fetch(DutyTerm, term_id)
    contract, form = fetch(Contract, row.contract_id), term_form(queries.places_of(row.contract_id))
    try:
        if form.validate_on_submit():
            revision = revision_of(form.revision)
            actions.change(row, contract, form.wording, revision=revision, by=current_member())
            return _to(contract, _("已保存；重新生成当月排班后，尚未到的班次随之调整"))
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_present(row, refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.kind, refusal)
    return htmx.invalid(PAGE, **_shown(contract, form, row))


@bp.post("/duty-terms/<uuid:term_id>/removal")
@require(Permission.CONTRACT_MANAGE)
def create_term_removal(term_id: UUID) -> ResponseReturnValue:
    """Remove a term that never planned anything."""
    row, form = fetch(DutyTerm, term_id), RevisionForm()
    contract = fetch(Contract, row.contract_id)
    try:
        actions.remove(row, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_present(row, refusal=conflict.message))
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **_present(row, refusal=refusal.message))
    return _to(contract, _("已删除这条约定"))


def _present(row: DutyTerm, refusal: str = "") -> dict[str, Any]:
    contract = fetch(Contract, row.contract_id)
    form = term_form(queries.places_of(row.contract_id), row, fresh=True)
    return _shown(contract, form, row, refusal=refusal)


def _shown(
    contract: Contract, form: TermForm, row: DutyTerm | None = None, *, refusal: str = ""
) -> dict[str, Any]:
    return {
        "contract": contract,
        "form": form,
        "term": row,
        "kinds": TermKind,
        "refusal": refusal,
    }


def _to(contract: Contract, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for("contracts.contract", contract_id=contract.id) + "#duty-terms")
