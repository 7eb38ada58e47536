"""Activities of an agreement: written down, shown, shared with the street's office."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import NotFoundError
from counselhub.core.forms import revision_of
from counselhub.pairings import activity_actions, list_actions, work_queries
from counselhub.pairings.activity_actions import MOST_PHOTOS
from counselhub.pairings.forms import ActForm
from counselhub.pairings.kinds import OPEN, PairingStatus
from counselhub.pairings.models import Pairing
from counselhub.pairings.routes.blueprint import (
    P,
    bp,
    done,
    fetch_pairing,
    first_error,
    words,
)
from counselhub.pairings.work_forms import (
    ActivityForm,
    PhotosForm,
    activity_form,
    sent_photos,
    values_of,
)
from counselhub.pairings.work_models import PairingActivity

FORM, PAGE = "pairings/activity_form.html", "pairings/activity.html"


def _fetch(pairing_id: UUID, activity_id: UUID) -> tuple[Pairing, PairingActivity]:
    found = fetch_pairing(pairing_id)
    row = fetch(PairingActivity, activity_id, None, joinedload(PairingActivity.note))
    if row.pairing_id != found.id:
        raise NotFoundError()
    return found, row


def _form(
    found: Pairing, row: PairingActivity | None = None, *, fresh: bool = False
) -> ActivityForm:
    """Return the form, a new one begun with what the address names: plan, theme."""
    plan, projects = work_queries.plan_of(found), list_actions.live_projects(found)
    if row is not None:
        begins = values_of(row, work_queries.named_in(row.id))
    else:
        begins = {"day": clock.today(), "plan_id": request.args.get("plan", "")}
        named = next((one for one in plan if str(one.id) == begins["plan_id"]), None)
        if named is not None:
            begins |= {"theme": named.theme, "hours": named.minutes / 60 or None}
    return activity_form(plan, projects, begins, fresh=fresh)


def _asked(
    found: Pairing, form: ActivityForm, row: PairingActivity | None = None, refusal: str = ""
) -> dict[str, Any]:
    return {"pairing": found, "activity": row, "form": form, "refusal": refusal, **words()}


@bp.get("/pairings/<uuid:pairing_id>/activities/new")
@require(P.PAIRING_MANAGE)
def new_activity(pairing_id: UUID) -> ResponseReturnValue:
    """Ask for an activity."""
    found = fetch_pairing(pairing_id)
    return htmx.show(FORM, **_asked(found, _form(found)))


@bp.post("/pairings/<uuid:pairing_id>/activities")
@require(P.PAIRING_MANAGE)
def create_activity(pairing_id: UUID) -> ResponseReturnValue:
    """Write an activity down."""
    found = fetch_pairing(pairing_id)
    form = _form(found)
    if not form.validate_on_submit():
        return htmx.invalid(FORM, **_asked(found, form))
    made: list[PairingActivity] = []
    entry = form.entry()

    def act() -> None:
        made.append(activity_actions.add(found, entry, by=current_member()))

    return done(
        act,
        toast=_("已登记活动，可以添加照片并向司法所公开"),
        back_to=lambda: _back(pairing_id, made[0].id),
        template=FORM,
        again=lambda sentence: _asked(fetch_pairing(pairing_id), form, refusal=sentence),
    )


def _back(pairing_id: UUID, activity_id: UUID) -> str:
    return url_for(".activity", pairing_id=pairing_id, pairing_activity_id=activity_id)


def _page(
    found: Pairing, row: PairingActivity, *, refusal: str = "", form: PhotosForm | None = None
) -> dict[str, Any]:
    plan = [one for one in work_queries.plan_of(found) if one.id == row.plan_id]
    projects = [one for one in list_actions.live_projects(found) if one.id == row.project_id]
    return {
        "pairing": found,
        "activity": row,
        "done": work_queries.one_activity(row),
        "planned": next(iter(plan), None),
        "project": next(iter(projects), None),
        "is_open": found.status in OPEN,
        "is_active": found.status == PairingStatus.ACTIVE,
        "most": MOST_PHOTOS,
        "form": form or PhotosForm(formdata=None),
        "refusal": refusal,
        **words(),
    }


def _again(pairing_id: UUID, activity_id: UUID) -> Callable[[str], dict[str, Any]]:
    def page(sentence: str) -> dict[str, Any]:
        return _page(*_fetch(pairing_id, activity_id), refusal=sentence)

    return page


@bp.get("/pairings/<uuid:pairing_id>/activities/<uuid:pairing_activity_id>")
@require(P.FIRM_READ)
def activity(pairing_id: UUID, pairing_activity_id: UUID) -> ResponseReturnValue:
    """Show one activity."""
    return htmx.show(PAGE, **_page(*_fetch(pairing_id, pairing_activity_id)))


@bp.get("/pairings/<uuid:pairing_id>/activities/<uuid:pairing_activity_id>/edit")
@require(P.PAIRING_MANAGE)
def edit_activity(pairing_id: UUID, pairing_activity_id: UUID) -> ResponseReturnValue:
    """Show the form of an activity as it now is."""
    found, row = _fetch(pairing_id, pairing_activity_id)
    return htmx.show(FORM, **_asked(found, _form(found, row, fresh=True), row))


@bp.post("/pairings/<uuid:pairing_id>/activities/<uuid:pairing_activity_id>")
@require(P.PAIRING_MANAGE)
def update_activity(pairing_id: UUID, pairing_activity_id: UUID) -> ResponseReturnValue:
    """Change an activity."""
    found, row = _fetch(pairing_id, pairing_activity_id)
    form = _form(found, row)
    if not form.validate_on_submit():
        return htmx.invalid(FORM, **_asked(found, form, row))
    entry, revision = form.entry(), revision_of(form.revision)
    is_stale = revision is not None and revision != row.revision

    def again(sentence: str) -> dict[str, Any]:
        fresh, kept = _fetch(pairing_id, pairing_activity_id)
        shown = _form(fresh, kept, fresh=True) if is_stale else form
        return _asked(fresh, shown, kept, sentence)

    return done(
        lambda: activity_actions.change(row, entry, found, revision=revision, by=current_member()),
        toast=_("已保存"),
        back_to=_back(pairing_id, pairing_activity_id),
        template=FORM,
        again=again,
    )


@bp.post("/pairings/<uuid:pairing_id>/activities/<uuid:pairing_activity_id>/removal")
@require(P.PAIRING_MANAGE)
def create_activity_removal(pairing_id: UUID, pairing_activity_id: UUID) -> ResponseReturnValue:
    """Delete an activity that nobody outside sees."""
    found, row = _fetch(pairing_id, pairing_activity_id)
    year, revision = row.day.year, revision_of(ActForm().revision)
    return done(
        lambda: activity_actions.remove(row, found, revision=revision, by=current_member()),
        toast=_("活动已删除"),
        back_to=url_for(".plan", pairing_id=pairing_id, year=year),
        template=PAGE,
        again=_again(pairing_id, pairing_activity_id),
    )


@bp.post("/pairings/<uuid:pairing_id>/activities/<uuid:pairing_activity_id>/sharing")
@require(P.PAIRING_MANAGE)
def create_sharing(pairing_id: UUID, pairing_activity_id: UUID) -> ResponseReturnValue:
    """Let the street's office see an activity."""
    return _shared(pairing_id, pairing_activity_id, activity_actions.share, _("司法所现在能看到"))


@bp.post("/pairings/<uuid:pairing_id>/activities/<uuid:pairing_activity_id>/sharing/removal")
@require(P.PAIRING_MANAGE)
def create_sharing_removal(pairing_id: UUID, pairing_activity_id: UUID) -> ResponseReturnValue:
    """Take an activity back from the office's sight."""
    toast = _("已撤回，司法所看不到了")
    return _shared(pairing_id, pairing_activity_id, activity_actions.unshare, toast)


def _shared(
    pairing_id: UUID, activity_id: UUID, act: Callable[..., None], toast: str
) -> ResponseReturnValue:
    _found, row = _fetch(pairing_id, activity_id)
    revision = revision_of(ActForm().revision)
    return done(
        lambda: act(row, revision=revision, by=current_member()),
        toast=toast,
        back_to=_back(pairing_id, activity_id),
        template=PAGE,
        again=_again(pairing_id, activity_id),
    )


@bp.post("/pairings/<uuid:pairing_id>/activities/<uuid:pairing_activity_id>/photos")
@require(P.PAIRING_MANAGE)
def create_photos(pairing_id: UUID, pairing_activity_id: UUID) -> ResponseReturnValue:
    """Keep photos of an activity: all that came, or none."""
    found, row = _fetch(pairing_id, pairing_activity_id)
    form = PhotosForm()
    again = _again(pairing_id, pairing_activity_id)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **again(first_error(form)))
    return done(
        lambda: activity_actions.add_photos(row, found, sent_photos(form), by=current_member()),
        toast=_("照片已保存"),
        back_to=_back(pairing_id, pairing_activity_id),
        template=PAGE,
        again=again,
    )
