"""Packs and their versions: the list, one pack, a draft, two versions side by side."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, FaultsError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.packs import actions, queries, rules, wording
from counselhub.packs.forms import PackForm, PackVersionForm, filled
from counselhub.packs.kinds import PackStatus
from counselhub.packs.models import PackVersion, SchemePack
from counselhub.packs.routes.blueprint import bp
from counselhub.schemes.forms import RenameForm

P = Permission


@bp.get("/packs")
@require(P.PACK_READ)
def packs() -> ResponseReturnValue:
    """List the packs in sight: the own ones, and those of the place above or below."""
    order, direction = request.args.get("sort", "code"), request.args.get("direction", "asc")
    words = request.args.get("q")
    query = queries.packs(words, order, descending=direction == "desc")
    return htmx.show(
        "packs/packs.html",
        page=paging.paged(query),
        order=order,
        direction=direction,
        filtered=bool(words),
        now=lambda pack: queries.current(pack, clock.today()),
        owner=wording.owner,
        statuses=PackStatus,
    )


@bp.get("/packs/new")
@require(P.PACK_EDIT)
def new_pack() -> ResponseReturnValue:
    """Ask for a new pack."""
    start = clock.next_month(clock.today())
    return htmx.show("packs/new.html", form=PackForm(data={"effective_from": start}))


@bp.post("/packs")
@require(P.PACK_EDIT)
def create_pack() -> ResponseReturnValue:
    """Make a pack with its first draft."""
    form, by = PackForm(), current_member()
    if _is_good(form):
        try:
            pack = actions.create(text(form.code), text(form.name), form.draft, by=by)
            return _to(pack, _("已建立补贴办法 %(code)s，请给它写算例", code=pack.code))
        except FaultsError as refusal:
            form.show_faults(refusal)
        except RefusedError as refusal:
            show_refusal(form.code, refusal)
    return htmx.invalid("packs/new.html", form=form)


@bp.get("/packs/<uuid:scheme_pack_id>")
@require(P.PACK_READ)
def pack(scheme_pack_id: UUID) -> ResponseReturnValue:
    """Show a pack with its versions, latest first."""
    return htmx.show("packs/pack.html", **_page(fetch(SchemePack, scheme_pack_id)))


@bp.post("/packs/<uuid:scheme_pack_id>/name")
@require(P.PACK_EDIT)
def create_pack_name(scheme_pack_id: UUID) -> ResponseReturnValue:
    """Give a pack another name."""
    row, form = fetch(SchemePack, scheme_pack_id, P.PACK_EDIT), RenameForm()
    if form.validate_on_submit():
        actions.rename(row, text(form.name), by=current_member())
        return _to(row, _("已改名"))
    return htmx.invalid("packs/pack.html", **_page(row, naming=form))


@bp.post("/packs/<uuid:scheme_pack_id>/versions")
@require(P.PACK_EDIT)
def create_pack_version(scheme_pack_id: UUID) -> ResponseReturnValue:
    """Draft the next version from the latest one, with its examples."""
    row = fetch(SchemePack, scheme_pack_id, P.PACK_EDIT)
    latest = row.versions[-1]
    start = clock.next_month(clock.today())
    terms = rules.terms_of(latest.terms, start)
    draft = rules.Draft(terms=terms, document=latest.pack_terms)
    made = actions.add_version(row, draft, by=current_member(), of=latest)
    flash(_("已照第 %(number)s 版起草，请只改有变化的数字", number=latest.number), "success")
    return htmx.gone_to(url_for(".edit_pack_version", pack_version_id=made.id))


@bp.get("/packs/versions/<uuid:pack_version_id>")
@require(P.PACK_EDIT)
def edit_pack_version(pack_version_id: UUID) -> ResponseReturnValue:
    """Show the form with a draft's terms."""
    row = fetch(PackVersion, pack_version_id, P.PACK_EDIT)
    form = filled(row, queries.communities(current_member()))
    return htmx.show("packs/version.html", version=row, form=form, refusal="")


@bp.post("/packs/versions/<uuid:pack_version_id>")
@require(P.PACK_EDIT)
def change_pack_version(pack_version_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    row, form = fetch(PackVersion, pack_version_id, P.PACK_EDIT), PackVersionForm()
    page: dict[str, Any] = {"version": row, "form": form, "refusal": ""}
    try:
        if _is_good(form):
            seen = revision_of(form.revision)
            actions.change(row, form.draft, by=current_member(), revision=seen)
            return _to(row.pack, _("已保存"))
    except ConflictError as conflict:
        now = filled(row, queries.communities(current_member()))
        return htmx.refused(
            "packs/version.html", **{**page, "form": now, "refusal": conflict.message}
        )
    except FaultsError as refusal:
        form.show_faults(refusal)
    return htmx.invalid("packs/version.html", **page)


@bp.get("/packs/<uuid:scheme_pack_id>/comparison")
@require(P.PACK_READ, P.SCHEME_MANAGE)
def comparison(scheme_pack_id: UUID) -> ResponseReturnValue:
    """Show two versions side by side; the two latest unless the address names others."""
    row = fetch(SchemePack, scheme_pack_id)
    if not row.versions:  # a firm sees those in force alone
        raise NotFoundError()
    by_number = {str(one.number): one for one in row.versions}
    left = by_number.get(request.args.get("left", ""), row.versions[-2:][0])
    right = by_number.get(request.args.get("right", ""), row.versions[-1])
    rows = list(rules.differences(_told(left), _told(right)))
    return htmx.show(
        "packs/comparison.html", pack=row, left=left, right=right, rows=rows, statuses=PackStatus
    )


def _told(version: PackVersion) -> dict[str, str]:
    terms = rules.terms_of(version.terms, version.effective_from)
    return wording.told(terms, version.pack_terms)


def _is_good(form: PackVersionForm) -> bool:
    """Judge the fields and read the pasted tables, so that every sentence is shown at once."""
    is_valid = form.validate_on_submit()
    return form.read_tables(queries.communities(current_member())) and is_valid


def _page(row: SchemePack, *, naming: RenameForm | None = None) -> dict[str, Any]:
    return {
        "pack": row,
        "owner": wording.owner(row),
        "versions": [(one, _told(one)) for one in reversed(row.versions)],
        "now": queries.current(row, clock.today()),
        "naming": naming or RenameForm(formdata=None, name=row.name),
        "statuses": PackStatus,
    }


def _to(row: SchemePack, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".pack", scheme_pack_id=row.id))
