"""Pages of subsidy schemes and their versions."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, history, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, FaultsError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.schemes import actions, queries
from counselhub.schemes.forms import RenameForm, SchemeForm, VersionForm, filled, plain
from counselhub.schemes.kinds import DeductionMode, LowestGrade, SettlementCycle
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.schemes.rules import Terms, settles, version_on

bp = Blueprint("schemes", __name__)


@bp.get("/schemes")
@require(Permission.SCHEME_MANAGE)
def schemes() -> ResponseReturnValue:
    """List the firm's schemes with what each pays today."""
    order = request.args.get("sort", "code")
    direction = request.args.get("direction", "asc")
    words = request.args.get("q")
    query = queries.schemes(words, order, descending=direction == "desc")
    return htmx.show(
        "schemes/schemes.html",
        page=paging.paged(query),
        order=order,
        direction=direction,
        filtered=bool(words),
        now=lambda scheme: version_on([Terms.of(one) for one in scheme.versions], clock.today()),
        cycles=SettlementCycle,
        modes=DeductionMode,
        grades=LowestGrade,
    )


@bp.get("/schemes/new")
@require(Permission.SCHEME_MANAGE)
def new_scheme() -> ResponseReturnValue:
    """Ask for a new scheme."""
    return htmx.show("schemes/new.html", form=SchemeForm())


@bp.post("/schemes")
@require(Permission.SCHEME_MANAGE)
def create_scheme() -> ResponseReturnValue:
    """Make a scheme with its first version."""
    form = SchemeForm()
    if form.validate_on_submit():
        try:
            by = current_member()
            scheme = actions.create(text(form.code), text(form.name), form.terms, by=by)
            return _to(scheme, _("已建立补贴方案 %(code)s", code=scheme.code))
        except FaultsError as refusal:
            form.show_faults(refusal)
        except RefusedError as refusal:
            show_refusal(form.code, refusal)
    return htmx.invalid("schemes/new.html", form=form)


@bp.get("/schemes/<uuid:scheme_id>")
@require(Permission.SCHEME_MANAGE)
def scheme(scheme_id: UUID) -> ResponseReturnValue:
    """Show a scheme with its versions, and which of them statements rest on."""
    return htmx.show("schemes/scheme.html", **_page(fetch(Scheme, scheme_id)))


@bp.post("/schemes/<uuid:scheme_id>/name")
@require(Permission.SCHEME_MANAGE)
def create_name(scheme_id: UUID) -> ResponseReturnValue:
    """Give a scheme another name."""
    row, form = fetch(Scheme, scheme_id), RenameForm()
    if form.validate_on_submit():
        actions.rename(row, text(form.name), by=current_member())
        return _to(row, _("已改名"))
    return htmx.invalid("schemes/scheme.html", **_page(row, naming=form))


@bp.get("/schemes/<uuid:scheme_id>/versions/new")
@require(Permission.SCHEME_MANAGE)
def new_version(scheme_id: UUID) -> ResponseReturnValue:
    """Ask for a new version, filled with the latest one's terms."""
    row = fetch(Scheme, scheme_id)
    start = clock.next_month(clock.today())
    form = filled(row.versions[-1], effective_from=start) if row.versions else VersionForm()
    return htmx.show("schemes/version.html", scheme=row, version=None, form=form, refusal="")


@bp.post("/schemes/<uuid:scheme_id>/versions")
@require(Permission.SCHEME_MANAGE)
def create_version(scheme_id: UUID) -> ResponseReturnValue:
    """Add a version from a day on."""
    return _save(fetch(Scheme, scheme_id), None, VersionForm())


@bp.get("/schemes/versions/<uuid:version_id>")
@require(Permission.SCHEME_MANAGE)
def edit_version(version_id: UUID) -> ResponseReturnValue:
    """Show the form with a version's terms."""
    row = fetch(SchemeVersion, version_id)
    return htmx.show(
        "schemes/version.html", scheme=row.scheme, version=row, form=filled(row), refusal=""
    )


@bp.post("/schemes/versions/<uuid:version_id>")
@require(Permission.SCHEME_MANAGE)
def change_version(version_id: UUID) -> ResponseReturnValue:
    """Change a version that no submitted statement was computed by."""
    row = fetch(SchemeVersion, version_id)
    return _save(row.scheme, row, VersionForm())


def _save(scheme: Scheme, version: SchemeVersion | None, form: VersionForm) -> ResponseReturnValue:
    page: dict[str, Any] = {"scheme": scheme, "version": version, "form": form, "refusal": ""}
    try:
        if version is not None:
            history.expect(version, revision_of(form.revision))
        if form.validate_on_submit():
            actions.save_version(scheme, form.terms, by=current_member(), version=version)
            return _to(scheme, _("已保存"))
    except ConflictError as conflict:
        now = filled(version) if version else form
        return htmx.refused(
            "schemes/version.html", **{**page, "form": now, "refusal": conflict.message}
        )
    except FaultsError as refusal:
        form.show_faults(refusal)
    except RefusedError as refusal:
        show_refusal(form.effective_from, refusal)
    return htmx.invalid("schemes/version.html", **page)


def _page(row: Scheme, *, naming: RenameForm | None = None) -> dict[str, Any]:
    terms = [Terms.of(one) for one in row.versions]
    used: dict[Terms, str] = {}
    for month, starts_on, number in queries.settled_months(row.id):
        for version in settles(terms, month, starts_on):
            used[version] = number
    return {
        "scheme": row,
        "versions": [
            {
                "row": version,
                "terms": one,
                "until": following,
                "used_by": used.get(one),
                "now": one == version_on(terms, clock.today()),
            }
            for version, one, following in zip(
                row.versions, terms, [*(one.effective_from for one in terms[1:]), None], strict=True
            )
        ][::-1],
        "naming": naming or RenameForm(formdata=None, name=row.name),
        "cycles": SettlementCycle,
        "modes": DeductionMode,
        "grades": LowestGrade,
        "plain": plain,
    }


def _to(row: Scheme, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".scheme", scheme_id=row.id))
