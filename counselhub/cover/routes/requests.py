"""The desk's requests for cover: the list, one with its colleagues, approved and told."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import history, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.acting import do, told
from counselhub.core.errors import NotFoundError
from counselhub.core.forms import revision_of
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.cover import actions, gather, page_actions, queries, telling, wording
from counselhub.cover.forms import AppointForm, RevisionForm
from counselhub.cover.kinds import COVER_ACTS, UNSETTLED, CoverStatus, CoverWhy, Ending, Telling
from counselhub.cover.models import ChangePage, CoverRequest
from counselhub.cover.routes.blueprint import bp, desk_tabs
from counselhub.cover.rules import Candidate

PAGE = "cover/request.html"
TONES = {
    CoverStatus.ASKED: "danger",
    CoverStatus.OFFERED: "info",
    CoverStatus.TAKEN: "warning",
    CoverStatus.APPROVED: "success",
    CoverStatus.WITHDRAWN: "neutral",
}

TELLING_TONES = {Telling.UNTOLD: "warning", Telling.TOLD: "info", Telling.KNOWN: "success"}


@bp.get("/cover")
@require(Permission.DUTY_MANAGE)
def requests() -> ResponseReturnValue:
    """List the requests for cover; first what waits."""
    sort = sorting.asked_sort(queries.SORTS)
    asked = {
        "status": request.args.get("status", "open"),
        "q": request.args.get("q", "").strip(),
    }
    if "sort" not in request.args and asked["status"] == "open":
        sort = "day"  # what is next comes first
    return htmx.show(
        "cover/requests.html",
        page=paging.paged(queries.request_list(asked, sort)),
        asked=asked,
        sort=sort,
        statuses=CoverStatus,
        endings=Ending,
        whys=CoverWhy,
        tones=TONES,
        telling_tones=TELLING_TONES,
        **desk_tabs("requests"),
    )


@bp.get("/cover/<uuid:cover_id>")
@require(Permission.DUTY_MANAGE)
def one_request(cover_id: UUID) -> ResponseReturnValue:
    """Show one request with everybody who may come, and why the others may not."""
    return htmx.show(PAGE, **_shown(_fetch(cover_id)))


def _fetch(cover_id: UUID) -> CoverRequest:
    return fetch(CoverRequest, cover_id, None, *queries.SLOT)


def _shown(row: CoverRequest, refusal: str = "") -> dict[str, Any]:
    is_open = row.status in UNSETTLED and not queries.is_past(row.slot)
    found: list[Candidate] = gather.for_slot(row.slot) if is_open else []
    names = gather.names(found)
    page = page_actions.pages(row.firm_id).get(row.slot.community_code) if row.agreed_at else None
    return {
        "row": row,
        "slot": row.slot,
        "status": CoverStatus(row.status),
        "tone": TONES[CoverStatus(row.status)],
        "why": CoverWhy(row.why),
        "ending": Ending(row.ending) if row.ending else None,
        "is_open": is_open,
        "is_past": queries.is_past(row.slot),
        "offers": {offer.adviser_id: offer for offer in row.offers},
        "candidates": [(one, wording.block(one, names)) for one in found],
        "notice": _notice(row, page),
        "page": page,
        "telling_tones": TELLING_TONES,
        "events": _events(row),
        "refusal": refusal,
    }


def _notice(row: CoverRequest, page: ChangePage | None) -> str:
    text = wording.notice(row, _phone(row), current_member().title)
    if text and page is not None:
        text += _("社区可打开“近期值班与变更”页查看，看到请点“知道了”。")
    return text


def _phone(row: CoverRequest) -> str | None:
    if row.status != CoverStatus.APPROVED or row.substitute is None:
        return None
    contact = row.substitute.contact if can(Permission.ADVISER_MANAGE) else None
    return contact.phone if contact else None


def _events(row: CoverRequest) -> list[dict[str, Any]]:
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": page_text(COVER_ACTS.get(event.act, event.act)),
        }
        for event in reversed(history.of(row))
    ]


@bp.post("/cover/<uuid:cover_id>/approval")
@require(Permission.DUTY_MANAGE)
def create_approval(cover_id: UUID) -> ResponseReturnValue:
    """Agree to who took it."""
    return _done(cover_id, actions.approve, _("已批准，请把替班告知社区"))


@bp.post("/cover/<uuid:cover_id>/refusal")
@require(Permission.DUTY_MANAGE)
def create_refusal(cover_id: UUID) -> ResponseReturnValue:
    """Do not approve who took it."""
    return _done(cover_id, actions.turn_down, _("未批准，其他同事可以接"))


@bp.post("/cover/<uuid:cover_id>/offers")
@require(Permission.DUTY_MANAGE)
def create_offers(cover_id: UUID) -> ResponseReturnValue:
    """Ask those too who may come by now."""
    return _done(cover_id, actions.offer_again, _("已向新的人选征询"))


@bp.post("/cover/<uuid:cover_id>/telling")
@require(Permission.DUTY_MANAGE)
def create_telling(cover_id: UUID) -> ResponseReturnValue:
    """Note that the community knows who comes."""
    return _done(cover_id, telling.tell, _("已记下：已告知社区"))


@bp.post("/cover/<uuid:cover_id>/appointment")
@require(Permission.DUTY_MANAGE)
def create_appointment(cover_id: UUID) -> ResponseReturnValue:
    """Choose who comes."""
    form = AppointForm()
    if not form.validate_on_submit():
        raise NotFoundError()

    def act(row: CoverRequest, *, revision: int | None, by: Any) -> None:
        actions.appoint(row, form.chosen, revision=revision, by=by)

    return _done(cover_id, act, _("已指定，请通知本人并告知社区"))


def _done(cover_id: UUID, act: Callable[..., object], toast: str) -> ResponseReturnValue:
    """Do it to the request as the page showed it; a refusal is told on it as it now is."""
    row, form = _fetch(cover_id), RevisionForm()

    def done() -> ResponseReturnValue:
        act(row, revision=revision_of(form.revision), by=current_member())
        return told(toast, url_for(".one_request", cover_id=cover_id))

    def look(refusal: str) -> dict[str, Any]:
        return _shown(_fetch(cover_id), refusal)

    return do(done, look, page=PAGE)
