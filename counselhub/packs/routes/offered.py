"""What a firm sees: the packs of its streets, and how one of its schemes follows one."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, show_refusal
from counselhub.core.permissions import Permission
from counselhub.packs import adopting, queries, rules, wording
from counselhub.packs.forms import AdoptForm
from counselhub.packs.kinds import PackStatus
from counselhub.packs.models import SchemePack
from counselhub.packs.routes.blueprint import bp
from counselhub.schemes.models import Scheme

P = Permission


@bp.get("/packs/offered")
@require(P.SCHEME_MANAGE)
def offered() -> ResponseReturnValue:
    """List the published packs of the streets that the firm serves."""
    return htmx.show(
        "packs/offered.html",
        page=paging.paged(queries.offered()),
        now=lambda pack: queries.current(pack, clock.today()),
        owner=wording.owner,
    )


@bp.get("/packs/offered/<uuid:scheme_pack_id>")
@require(P.SCHEME_MANAGE)
def offered_pack(scheme_pack_id: UUID) -> ResponseReturnValue:
    """Show a pack's versions in force, and which of the firm's schemes follow it."""
    return htmx.show("packs/offered_pack.html", **_page(fetch(SchemePack, scheme_pack_id)))


@bp.post("/packs/offered/<uuid:scheme_pack_id>/adoption")
@require(P.SCHEME_MANAGE)
def create_adoption(scheme_pack_id: UUID) -> ResponseReturnValue:
    """Let one of the firm's schemes follow the pack."""
    row, form = fetch(SchemePack, scheme_pack_id), _form()
    if not form.validate_on_submit():
        return htmx.invalid("packs/offered_pack.html", **_page(row, form))
    scheme = fetch(Scheme, UUID(given(form.scheme_id)))
    try:
        adopting.adopt(scheme, row, given(form.since), by=current_member())
    except ConflictError as conflict:
        page = _page(row, form) | {"refusal": conflict.message}
        return htmx.refused("packs/offered_pack.html", **page)
    except RefusedError as refusal:
        show_refusal(form.scheme_id, refusal)
        return htmx.invalid("packs/offered_pack.html", **_page(row, form))
    flash(_("方案 %(code)s 已采用“%(name)s”", code=scheme.code, name=row.name), "success")
    return htmx.gone_to(url_for("schemes.scheme", scheme_id=scheme.id))


def _form() -> AdoptForm:
    form = AdoptForm(data={"since": clock.next_month(clock.today())})
    form.scheme_id.choices = queries.adoptable()
    return form


def _page(row: SchemePack, form: AdoptForm | None = None) -> dict[str, Any]:
    in_force = [one for one in reversed(row.versions) if one.status == PackStatus.ACTIVE]
    return {
        "pack": row,
        "owner": wording.owner(row),
        "versions": [
            (one, wording.told(rules.terms_of(one.terms, one.effective_from), one.pack_terms))
            for one in in_force
        ],
        "now": queries.current(row, clock.today()),
        "followers": queries.followers(row.id),
        "form": form or _form(),
        "refusal": "",
    }
