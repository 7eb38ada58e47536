"""The moves of a contract, each a POST to its noun."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.contracts import moves
from counselhub.contracts.forms import MoveForm, SignatureForm, TerminationForm
from counselhub.contracts.models import Contract
from counselhub.contracts.routes import page_of, to
from counselhub.core import history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal, text
from counselhub.core.permissions import Permission

bp = Blueprint("contract_moves", __name__)

PAGE = "contracts/contract.html"


def _moved(
    contract_id: UUID,
    form: MoveForm,
    act: Callable[[Contract], None],
    toast: str,
    *,
    name: str = "",
    field: Any = None,
) -> ResponseReturnValue:
    """Do `act` once the form is good; name: the form's on the page, field: where refusals show."""
    row = fetch(Contract, contract_id)
    refusal = ""
    try:
        history.expect(row, revision_of(form.revision))
        if form.validate_on_submit():
            act(row)
            return to(row, toast)
    except ConflictError as conflict:
        return htmx.refused(PAGE, **page_of(row, refusal=conflict.message))
    except RefusedError as refused:
        if field is None:
            refusal = refused.message
        else:
            show_refusal(field, refused)
    return htmx.invalid(PAGE, **page_of(row, refusal=refusal, **({name: form} if name else {})))


@bp.post("/contracts/<uuid:contract_id>/sending")
@require(Permission.CONTRACT_MANAGE)
def create_sending(contract_id: UUID) -> ResponseReturnValue:
    """Note that it went to the other side."""
    by = current_member()
    return _moved(contract_id, MoveForm(), lambda row: moves.send(row, by=by), _("已送签"))


@bp.post("/contracts/<uuid:contract_id>/signature")
@require(Permission.CONTRACT_MANAGE)
def create_signature(contract_id: UUID) -> ResponseReturnValue:
    """Note the signature."""
    form, by = SignatureForm(), current_member()

    def act(row: Contract) -> None:
        moves.sign(row, given(form.signed_on), by=by)

    return _moved(contract_id, form, act, _("已记录签订"), name="signature", field=form.signed_on)


@bp.post("/contracts/<uuid:contract_id>/filing")
@require(Permission.CONTRACT_MANAGE)
def create_filing(contract_id: UUID) -> ResponseReturnValue:
    """Note the filing with the justice office."""
    by = current_member()
    return _moved(contract_id, MoveForm(), lambda row: moves.file(row, by=by), _("已备案"))


@bp.post("/contracts/<uuid:contract_id>/activation")
@require(Permission.CONTRACT_MANAGE)
def create_activation(contract_id: UUID) -> ResponseReturnValue:
    """Let its days count."""
    by = current_member()
    return _moved(
        contract_id, MoveForm(), lambda row: moves.activate(row, by=by), _("合同开始履行")
    )


@bp.post("/contracts/<uuid:contract_id>/expiry")
@require(Permission.CONTRACT_MANAGE)
def create_expiry(contract_id: UUID) -> ResponseReturnValue:
    """Close it after its last day."""
    by = current_member()
    return _moved(contract_id, MoveForm(), lambda row: moves.expire(row, by=by), _("合同已结束"))


@bp.post("/contracts/<uuid:contract_id>/termination")
@require(Permission.CONTRACT_MANAGE)
def create_termination(contract_id: UUID) -> ResponseReturnValue:
    """End it early."""
    form, by = TerminationForm(), current_member()

    def act(row: Contract) -> None:
        moves.terminate(row, given(form.last_on), text(form.reason), by=by, cause=text(form.cause))

    return _moved(contract_id, form, act, _("合同已终止"), name="termination", field=form.last_on)
