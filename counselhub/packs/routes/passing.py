"""A version is proposed, sent back or withdrawn."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError
from counselhub.core.forms import RevisionForm, text
from counselhub.core.permissions import Permission
from counselhub.packs import actions
from counselhub.packs.forms import WithdrawForm
from counselhub.packs.models import PackVersion
from counselhub.packs.routes.blueprint import bp
from counselhub.packs.routes.examples import examples_page

P = Permission


@bp.post("/packs/versions/<uuid:pack_version_id>/proposal")
@require(P.PACK_EDIT)
def create_proposal(pack_version_id: UUID) -> ResponseReturnValue:
    """Ask another person to activate a draft."""
    row = fetch(PackVersion, pack_version_id, P.PACK_EDIT)
    try:
        actions.propose(row, by=current_member(), revision=RevisionForm().seen)
    except ConflictError as conflict:
        return _refused(row, conflict)
    return _to(row, _("已提请启用，请另一位同事复核"))


@bp.post("/packs/versions/<uuid:pack_version_id>/return")
@require(P.PACK_EDIT)
def create_return(pack_version_id: UUID) -> ResponseReturnValue:
    """Send a proposed version back to be drafted again."""
    return _with_reason(pack_version_id, actions.send_back, _("已退回起草"))


@bp.post("/packs/versions/<uuid:pack_version_id>/withdrawal")
@require(P.PACK_EDIT)
def create_withdrawal(pack_version_id: UUID) -> ResponseReturnValue:
    """Take a version back."""
    return _with_reason(pack_version_id, actions.withdraw, _("已停用"))


def _with_reason(
    pack_version_id: UUID, act: Callable[..., None], toast: str
) -> ResponseReturnValue:
    """Do what needs a reason."""
    row, form = fetch(PackVersion, pack_version_id, P.PACK_EDIT), WithdrawForm()
    if not form.validate_on_submit():
        return htmx.invalid("packs/examples.html", **examples_page(row, reason=form))
    try:
        act(row, text(form.reason), by=current_member(), revision=form.seen)
    except ConflictError as conflict:
        return _refused(row, conflict)
    return _to(row, toast)


def _refused(row: PackVersion, conflict: ConflictError) -> ResponseReturnValue:
    page = examples_page(row, refusal=conflict.message)
    return htmx.refused("packs/examples.html", **page)


def _to(row: PackVersion, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".examples", pack_version_id=row.id))
