"""The lawyer's phone page of online duty: take over, leave a note, log a call in one tap."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.advisers.models import Adviser
from counselhub.clients import queries as clients
from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, goes_on, require
from counselhub.core.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.duty.queries import served_communities
from counselhub.places.models import short_name
from counselhub.rota import board_actions, handovers, now_queries, queries, rules
from counselhub.rota.forms import CallForm, NoteForm, PhoneForm, RevisionForm
from counselhub.rota.kinds import TurnStatus
from counselhub.rota.models import OnlineTurn
from counselhub.rota.queries import span_of, wall
from counselhub.rota.routes.blueprint import bp
from counselhub.rota.routes.turns import fetch_turn
from counselhub.services import actions as services
from counselhub.services import queries as service_queries
from counselhub.services.actions import Entry
from counselhub.services.kinds import ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord

PAGE, PART = "rota/duty.html", "rota/_duty.html"
BY_PHONE = (ServiceMode.PHONE, ServiceMode.WECHAT)


@bp.get("/rota/duty")
@require(Permission.DUTY_LOG)
def duty() -> ResponseReturnValue:
    """Show the lawyer's turn: to take over, or running; the calls of the day, the turns to come."""
    return htmx.show(PAGE, PART, **_context())


def _context(refusal: str | None = None) -> dict[str, Any]:
    adviser_id = current_member().adviser_id
    if adviser_id is None:
        return {"adviser_id": None, "refusal": refusal}
    now = clock.now()
    mine = queries.of_adviser(
        adviser_id, now - rules.GRACE, now + timedelta(days=now_queries.DAYS_AHEAD)
    )
    held = next(filter(_is_held, reversed(mine)), None)
    takeable = next((one for one in mine if _is_takeable(one)), None)
    shown = takeable or held
    return {
        "adviser_id": adviser_id,
        "refusal": refusal,
        "held": held,
        "takeable": takeable,
        "before": queries.before(takeable) if takeable else None,
        "coming": [one for one in mine if one.status == TurnStatus.PLANNED and one is not takeable],
        "may_give_back": held is not None and handovers.may_be_given_back(held),
        "note": _note_form(held),
        "now": now,
    } | _calls(adviser_id, shown)


def _is_held(turn: OnlineTurn) -> bool:
    still = rules.still_answers(wall(turn.ends_at), wall(clock.now()))
    return turn.status == TurnStatus.STANDING and still


def _is_takeable(turn: OnlineTurn) -> bool:
    fault = rules.taking_fault(span_of(turn), wall(clock.now()))
    return turn.status == TurnStatus.PLANNED and fault is None


def _note_form(held: OnlineTurn | None) -> NoteForm:
    values: dict[str, Any] = {}
    if held is not None:
        values["revision"] = held.revision
        if held.note is not None:
            values |= {"matters": held.note.matters, "whom_to_call": held.note.whom_to_call}
    return NoteForm(formdata=None, data=values)


def _calls(adviser_id: UUID, turn: OnlineTurn | None) -> dict[str, Any]:
    """Return the calls of the day and the tap for the next one, at the place of the last."""
    records = service_queries.day_list(adviser_id, clock.today())
    by_phone = [one for one in records if one.mode in BY_PHONE]
    found = clients.of_services([one.id for one in by_phone])
    form = CallForm(formdata=None)
    form.community_code.choices = _places(turn)
    if by_phone:
        form.community_code.data = by_phone[0].community_code
    rows = [_row(one, one.community.name, one.adviser.name, found[one.id]) for one in by_phone]
    return {"call": form, "rows": rows, "modes": BY_PHONE}


def _places(turn: OnlineTurn | None) -> list[tuple[str, str]]:
    """Return the communities to choose from, those of the turn's streets when there is one."""
    everywhere = [(one.code, short_name(one.name)) for one in served_communities()]
    streets = {one.street_code for one in turn.rota.streets} if turn is not None else set()
    return [place for place in everywhere if place[0][:9] in streets] or everywhere


def _row(
    record: ServiceRecord, community: str, adviser: str, found: Sequence[Any] = ()
) -> dict[str, Any]:
    """What services/_row.html shows of a call."""
    return {
        "record": record,
        "kind": ServiceKind(record.kind).label,
        "mode": ServiceMode(record.mode).label if record.mode else None,
        "community": community,
        "adviser": adviser,
        "is_own": True,
        "clients": found,
    }


@bp.post("/rota/duty/calls")
@require(Permission.SERVICE_LOG)
def create_call() -> ResponseReturnValue:
    """Log a call or message as a service of now; its row is edited in place."""
    form = CallForm()
    try:
        if not form.validate_on_submit():
            raise RefusedError(_("请选择社区，再点电话或微信。"))
        mode = ServiceMode(text(form.mode))
        entry = Entry(
            kind=ServiceKind.CONSULTATION,
            day=clock.today(),
            community_code=text(form.community_code),
            adviser_id=None,
            persons=1,
            mode=mode,
        )
        entered = services.add(entry, by=current_member())
    except ValueError as nonsense:
        raise NotFoundError() from nonsense
    except (ConflictError, RefusedError) as refusal:
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        response: Response = answer(PAGE, PART, **_context(refusal.message))
        response.headers["HX-Retarget"] = "#rota-duty"
        response.headers["HX-Reswap"] = "outerHTML"
        return response
    row = _row(entered.record, entered.community, entered.adviser)
    told = _("已记下：%(kind)s · %(place)s", kind=mode.label, place=short_name(entered.community))
    return htmx.changed("services/_row.html", url_for(".duty"), toast=told, **row)


@bp.post("/rota/turns/<uuid:turn_id>/taking")
@require(Permission.DUTY_LOG)
@goes_on
def create_taking(turn_id: UUID) -> ResponseReturnValue:
    """Take one's turn over by a tap."""
    turn, form = fetch_turn(turn_id, Permission.DUTY_LOG), RevisionForm()
    revision = revision_of(form.revision)
    return _settle(
        lambda: handovers.take_over(turn, revision=revision, by=current_member()), _("已接班")
    )


def _settle(act: Callable[[], object], toast: str) -> ResponseReturnValue:
    try:
        act()
    except (ConflictError, RefusedError) as refusal:
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        return answer(PAGE, PART, **_context(refusal.message))
    return htmx.changed(PART, url_for(".duty"), toast=toast, **_context())


@bp.get("/rota/phone")
@require(Permission.DUTY_LOG)
def phone() -> ResponseReturnValue:
    """Show the number that the lawyer gives for online duty."""
    adviser = _own()
    found = queries.phones([adviser.id]).get(adviser.id) if adviser else None
    first = queries.contact_phone(adviser.id) if adviser and found is None else ""
    values = {
        "phone": found.phone if found else first,
        "is_public": bool(found and found.is_public),
    }
    form = PhoneForm(formdata=None, data=values)
    return htmx.show("rota/phone.html", adviser=adviser, form=form, given=found)


@bp.post("/rota/phone")
@require(Permission.DUTY_LOG)
def change_phone() -> ResponseReturnValue:
    """Give, change or withdraw it."""
    adviser, form = _own(), PhoneForm()
    if adviser is None:
        raise ForbiddenError(_("这个账号没有对应的律师。"))
    is_valid = form.validate_on_submit()
    if is_valid and form.is_public.data and not form.phone.data:
        show_refusal(form.phone, RefusedError(_("要公开号码，请先填写号码。")))
        is_valid = False
    if not is_valid:
        found = queries.phones([adviser.id]).get(adviser.id)
        return htmx.invalid("rota/phone.html", adviser=adviser, form=form, given=found)
    is_public = bool(form.is_public.data)
    board_actions.set_phone(adviser, text(form.phone), is_public=is_public, by=current_member())
    flash(_("已保存"), "success")
    return htmx.gone_to(url_for(".duty"))


def _own() -> Adviser | None:
    adviser_id = current_member().adviser_id
    return fetch(Adviser, adviser_id) if adviser_id else None
