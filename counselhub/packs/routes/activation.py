"""A second person puts a version in force, and sees before whom it touches."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import RevisionForm
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.packs import adopting
from counselhub.packs.models import PackVersion
from counselhub.packs.routes.blueprint import bp
from counselhub.packs.trying import tried

P = Permission


@bp.get("/packs/versions/<uuid:pack_version_id>/activation")
@require(P.PACK_ACTIVATE)
def activation(pack_version_id: UUID) -> ResponseReturnValue:
    """Show what an activation would do: firms, contracts, from which day."""
    row = fetch(PackVersion, pack_version_id, P.PACK_ACTIVATE)
    return htmx.show("packs/activation.html", **_page(row))


@bp.post("/packs/versions/<uuid:pack_version_id>/activation")
@require(P.PACK_ACTIVATE)
@fresh
def create_activation(pack_version_id: UUID) -> ResponseReturnValue:
    """Put a version in force."""
    row = fetch(PackVersion, pack_version_id, P.PACK_ACTIVATE)
    try:
        found = adopting.activate(row, by=current_member(), revision=RevisionForm().seen)
    except ConflictError as conflict:
        return htmx.refused("packs/activation.html", **_page(row, conflict.message))
    except RefusedError as refusal:
        return htmx.invalid("packs/activation.html", **_page(row, refusal.message))
    flash(_("已启用，%(firms)s 家律所的方案已更新", firms=len(found)), "success")
    return htmx.gone_to(url_for(".pack", scheme_pack_id=row.pack_id))


def _page(row: PackVersion, refusal: str = "") -> dict[str, Any]:
    found = adopting.adopters(row)
    return {
        "version": row,
        "firms": len({one.firm_id for one in found}),
        "contracts": sum(one.contracts for one in found),
        "tried": tried(row),
        "refusal": refusal,
    }
