"""The three lists of an agreement."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.forms import revision_of, text
from counselhub.pairings import list_actions, work_queries
from counselhub.pairings.forms import ActForm
from counselhub.pairings.kinds import (
    ITEM_TONES,
    OPEN,
    PROJECT_TONES,
    WORKING,
    ItemStatus,
    ProjectStatus,
)
from counselhub.pairings.models import Pairing
from counselhub.pairings.routes.blueprint import (
    P,
    bp,
    done,
    fetch_pairing,
    first_error,
    part_of,
    words,
)
from counselhub.pairings.work_forms import ItemForm, MatchForm
from counselhub.pairings.work_models import PairingItem, PairingProject

LISTS, ITEM = "pairings/lists.html", "pairings/item.html"


def _page(found: Pairing, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    lists = work_queries.lists_of(found)
    shown = {"adding": ItemForm(formdata=None), "matching": MatchForm(formdata=None)} | forms
    _offer(shown["matching"], lists)
    return {
        "pairing": found,
        "lists": lists,
        "is_open": found.status in OPEN,
        "is_working": found.status in WORKING,
        "ItemStatus": ItemStatus,
        "ProjectStatus": ProjectStatus,
        "item_tones": ITEM_TONES,
        "project_tones": PROJECT_TONES,
        "refusal": refusal,
        **words(),
        **shown,
    }


def _offer(form: MatchForm, lists: work_queries.Lists) -> None:
    """Let the form offer the needs that wait, and every resource."""
    needs = [one for one in lists.needs if one.status == ItemStatus.OFFERED]
    blank = ("", _("请选择"))
    form.need_id.choices = [blank, *((str(one.id), one.title) for one in needs)]
    form.resource_id.choices = [blank, *((str(one.id), one.title) for one in lists.resources)]


def _back(pairing_id: UUID) -> str:
    return url_for(".lists", pairing_id=pairing_id)


def _again(pairing_id: UUID) -> Any:
    return lambda sentence: _page(fetch_pairing(pairing_id), refusal=sentence)


@bp.get("/pairings/<uuid:pairing_id>/lists")
@require(P.FIRM_READ)
def lists(pairing_id: UUID) -> ResponseReturnValue:
    """Show resources, needs and projects."""
    return htmx.show(LISTS, **_page(fetch_pairing(pairing_id)))


@bp.post("/pairings/<uuid:pairing_id>/items")
@require(P.PAIRING_MANAGE)
def create_item(pairing_id: UUID) -> ResponseReturnValue:
    """Write a line on a list."""
    found, form = fetch_pairing(pairing_id), ItemForm()
    if not form.validate_on_submit():
        return htmx.invalid(LISTS, **_page(found, adding=form))
    return done(
        lambda: list_actions.add(found, form.entry(), by=current_member()),
        toast=_("已列入清单"),
        back_to=_back(pairing_id),
        template=LISTS,
        again=_again(pairing_id),
    )


def _asked(found: Pairing, row: PairingItem, form: ItemForm, refusal: str = "") -> dict[str, Any]:
    return {"pairing": found, "item": row, "form": form, "refusal": refusal, **words()}


def _fresh(row: PairingItem) -> ItemForm:
    return ItemForm(formdata=None, obj=row)


@bp.get("/pairings/<uuid:pairing_id>/items/<uuid:pairing_item_id>")
@require(P.PAIRING_MANAGE)
def item(pairing_id: UUID, pairing_item_id: UUID) -> ResponseReturnValue:
    """Show the form of a line."""
    found = fetch_pairing(pairing_id)
    row = part_of(PairingItem, pairing_item_id, found)
    return htmx.show(ITEM, **_asked(found, row, _fresh(row)))


@bp.post("/pairings/<uuid:pairing_id>/items/<uuid:pairing_item_id>")
@require(P.PAIRING_MANAGE)
def update_item(pairing_id: UUID, pairing_item_id: UUID) -> ResponseReturnValue:
    """Change a line."""
    found, form = fetch_pairing(pairing_id), ItemForm()
    row = part_of(PairingItem, pairing_item_id, found)
    if not form.validate_on_submit():
        return htmx.invalid(ITEM, **_asked(found, row, form))

    def again(sentence: str) -> dict[str, Any]:
        fresh = fetch_pairing(pairing_id)
        kept = part_of(PairingItem, pairing_item_id, fresh)
        return _asked(fresh, kept, _fresh(kept), sentence)

    return done(
        lambda: list_actions.change(
            row, form.entry(), found, revision=revision_of(form.revision), by=current_member()
        ),
        toast=_("已保存"),
        back_to=_back(pairing_id),
        template=ITEM,
        again=again,
    )


@bp.post("/pairings/<uuid:pairing_id>/items/<uuid:pairing_item_id>/removal")
@require(P.PAIRING_MANAGE)
def create_item_removal(pairing_id: UUID, pairing_item_id: UUID) -> ResponseReturnValue:
    """Strike a line."""
    found = fetch_pairing(pairing_id)
    row, revision = part_of(PairingItem, pairing_item_id, found), revision_of(ActForm().revision)
    return done(
        lambda: list_actions.remove(row, found, revision=revision, by=current_member()),
        toast=_("已从清单删除"),
        back_to=_back(pairing_id),
        template=LISTS,
        again=_again(pairing_id),
    )


@bp.post("/pairings/<uuid:pairing_id>/projects")
@require(P.PAIRING_MANAGE)
def create_project(pairing_id: UUID) -> ResponseReturnValue:
    """Match a need with a resource."""
    found, form = fetch_pairing(pairing_id), MatchForm()
    chosen = work_queries.lists_of(found)
    form.need_id.choices = [(str(one.id), one.title) for one in chosen.needs]
    form.resource_id.choices = [(str(one.id), one.title) for one in chosen.resources]
    if not form.validate_on_submit():
        return htmx.invalid(LISTS, **_page(found, matching=form))
    need, resource = (
        part_of(PairingItem, UUID(field.data), found) for field in (form.need_id, form.resource_id)
    )

    def again(sentence: str) -> dict[str, Any]:
        return _page(fetch_pairing(pairing_id), refusal=sentence, matching=form)

    return done(
        lambda: list_actions.match(need, resource, text(form.title), found, by=current_member()),
        toast=_("已对接为项目"),
        back_to=_back(pairing_id),
        template=LISTS,
        again=again,
    )


@bp.post("/pairings/<uuid:pairing_id>/projects/<uuid:pairing_project_id>/completion")
@require(P.PAIRING_MANAGE)
def create_completion(pairing_id: UUID, pairing_project_id: UUID) -> ResponseReturnValue:
    """Say that a project is done."""
    return _close(pairing_id, pairing_project_id, list_actions.finish, _("项目已完成"))


@bp.post("/pairings/<uuid:pairing_id>/projects/<uuid:pairing_project_id>/cancellation")
@require(P.PAIRING_MANAGE)
def create_cancellation(pairing_id: UUID, pairing_project_id: UUID) -> ResponseReturnValue:
    """Call a project off."""
    return _close(
        pairing_id, pairing_project_id, list_actions.drop, _("项目已取消，需求可以再对接")
    )


def _close(
    pairing_id: UUID, project_id: UUID, act: Callable[..., None], toast: str
) -> ResponseReturnValue:
    found, form = fetch_pairing(pairing_id), ActForm()
    row = part_of(PairingProject, project_id, found)
    if not form.validate_on_submit():
        return htmx.invalid(LISTS, **_page(found, refusal=first_error(form)))
    return done(
        lambda: act(
            row, text(form.words), found, revision=revision_of(form.revision), by=current_member()
        ),
        toast=toast,
        back_to=_back(pairing_id),
        template=LISTS,
        again=_again(pairing_id),
    )
