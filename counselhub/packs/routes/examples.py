"""A version as a whole: its examples with what they give, rehearsals, and what comes next."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import show_refusal
from counselhub.core.permissions import Permission
from counselhub.packs import example_actions, queries, rules, wording
from counselhub.packs.example_forms import WORDS, ExampleForm, example_form
from counselhub.packs.forms import RehearsalForm, WithdrawForm
from counselhub.packs.kinds import PackStatus, RehearsalStatus
from counselhub.packs.models import PackExample, PackVersion
from counselhub.packs.rehearsing import digest
from counselhub.packs.routes.blueprint import bp
from counselhub.packs.trying import tried
from counselhub.statements import wording as line_words

P = Permission


@bp.get("/packs/versions/<uuid:pack_version_id>/examples")
@require(P.PACK_READ)
def examples(pack_version_id: UUID) -> ResponseReturnValue:
    """Show a version: terms, examples computed anew, rehearsals."""
    return htmx.show("packs/examples.html", **examples_page(fetch(PackVersion, pack_version_id)))


@bp.get("/packs/versions/<uuid:pack_version_id>/examples/new")
@require(P.PACK_EDIT)
def new_example(pack_version_id: UUID) -> ResponseReturnValue:
    """Ask for a new example."""
    version = fetch(PackVersion, pack_version_id, P.PACK_EDIT)
    first = version.effective_from.replace(day=1)
    form = example_form(
        queries.communities(current_member()),
        month=f"{first:%Y-%m}",
        starts_on=first.replace(month=1),
        ends_on=first.replace(month=12, day=31),
    )
    return htmx.show("packs/example.html", version=version, example=None, form=form, refusal="")


@bp.post("/packs/versions/<uuid:pack_version_id>/examples")
@require(P.PACK_EDIT)
def create_example(pack_version_id: UUID) -> ResponseReturnValue:
    """Add an example."""
    return _save(fetch(PackVersion, pack_version_id, P.PACK_EDIT), None)


@bp.get("/packs/examples/<uuid:pack_example_id>")
@require(P.PACK_EDIT)
def edit_example(pack_example_id: UUID) -> ResponseReturnValue:
    """Show the form with an example's facts."""
    row = fetch(PackExample, pack_example_id, P.PACK_EDIT)
    version = fetch(PackVersion, row.version_id)
    form = example_form(queries.communities(current_member()), row)
    return htmx.show("packs/example.html", version=version, example=row, form=form, refusal="")


@bp.post("/packs/examples/<uuid:pack_example_id>")
@require(P.PACK_EDIT)
def change_example(pack_example_id: UUID) -> ResponseReturnValue:
    """Change an example."""
    row = fetch(PackExample, pack_example_id, P.PACK_EDIT)
    return _save(fetch(PackVersion, row.version_id), row)


@bp.post("/packs/examples/<uuid:pack_example_id>/removal")
@require(P.PACK_EDIT)
def create_example_removal(pack_example_id: UUID) -> ResponseReturnValue:
    """Take an example away."""
    row = fetch(PackExample, pack_example_id, P.PACK_EDIT)
    version = fetch(PackVersion, row.version_id)
    try:
        example_actions.remove(row, version, by=current_member())
    except ConflictError as conflict:
        page = examples_page(version, refusal=conflict.message)
        return htmx.refused("packs/examples.html", **page)
    flash(_("已删除算例"), "success")
    return htmx.gone_to(url_for(".examples", pack_version_id=version.id))


def _save(version: PackVersion, example: PackExample | None) -> ResponseReturnValue:
    form = example_form(queries.communities(current_member()))
    page: dict[str, Any] = {"version": version, "example": example, "form": form, "refusal": ""}
    if not _is_good(form):
        return htmx.invalid("packs/example.html", **page)
    try:
        by, seen = current_member(), form.seen
        example_actions.save(version, form.case, by=by, example=example, revision=seen)
    except ConflictError as conflict:
        page |= {"refusal": conflict.message}
        return htmx.refused("packs/example.html", **page)
    except RefusedError as refusal:
        show_refusal(form.name, refusal)
        return htmx.invalid("packs/example.html", **page)
    flash(_("已保存算例"), "success")
    return htmx.gone_to(url_for(".examples", pack_version_id=version.id))


def _is_good(form: ExampleForm) -> bool:
    is_valid = form.validate_on_submit()
    return form.read_tables() and is_valid


def examples_page(
    row: PackVersion, *, refusal: str = "", reason: WithdrawForm | None = None
) -> dict[str, Any]:
    """Return what the page of a version shows."""
    rehearsals = queries.rehearsals(row.id)
    return {
        "version": row,
        "told": wording.told(rules.terms_of(row.terms, row.effective_from), row.pack_terms),
        "tried": tried(row),
        "words": WORDS,
        "line_words": line_words,
        "rehearsals": rehearsals,
        "digest": digest(row),
        "rehearsing": RehearsalForm(formdata=None),
        "reason": reason or WithdrawForm(formdata=None),
        "statuses": PackStatus,
        "stages": RehearsalStatus,
        "may_begin": rules.may_begin(row.effective_from, clock.today()),
        "refusal": refusal,
    }
