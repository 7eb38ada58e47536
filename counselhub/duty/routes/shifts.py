"""Online shifts: the month of a street at the desk, taking and leaving on the phone."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.engine import Row

from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.duty import shift_actions, shift_queries
from counselhub.duty.actions import adviser_of
from counselhub.duty.forms import ShiftForm, ShiftsForm, shift_form
from counselhub.duty.models import OnlineShift
from counselhub.duty.routes.blueprint import bp
from counselhub.duty.shift_actions import ShiftEntry

PHONE_DAYS = 14


def _street(streets: Sequence[Row[*tuple[Any, ...]]]) -> str:
    """The street that the address asks for, else the first one; '' when the firm has none."""
    codes = [street.code for street in streets]
    asked = request.values.get("street_code") or request.args.get("street", "")
    return asked if asked in codes else (codes[0] if codes else "")


def _month(form: ShiftForm, **given: Any) -> dict[str, Any]:
    """What the month's page shows."""
    month = paging.asked_month()
    streets = shift_queries.streets()
    street = _street(streets)
    last = clock.last_day(month)
    shifts = shift_queries.shifts_between(month, last, street_code=street)
    days = shift_queries.by_day(month, last, shifts)
    return {
        "form": form,
        "month": paging.month_links(month),
        "streets": streets,
        "street": street,
        "days": days,
        "covered": sum(not day.gaps for day in days),
        "today": clock.today(),
    } | given


@bp.get("/duty/shifts")
@require(Permission.FIRM_READ)
def shifts() -> ResponseReturnValue:
    """Show the month of a street with the hours nobody covers."""
    form = shift_form(ShiftsForm, current_member())
    page = _month(form)
    form.street_code.data = page["street"]  # a new shift belongs to what is looked at
    form.day.data = max(paging.asked_month(), clock.today())
    return htmx.show("duty/shifts.html", **page)


@bp.post("/duty/shifts")
@require(Permission.DUTY_MANAGE)
def create_shifts() -> ResponseReturnValue:
    """Add a shift, once or repeated to the end of its month."""
    form = shift_form(ShiftsForm, current_member())
    if form.validate_on_submit():
        try:
            added = shift_actions.add(
                _entry(form), every_days=int(form["repeat"].data), by=current_member()
            )
        except ConflictError as refusal:
            show_refusal(form.day, refusal)
            return htmx.refused("duty/shifts.html", **_month(form))
        words = _("已排 %(made)s 班", made=len(added.made))
        if added.there:
            words += _("，另有 %(there)s 班原来就有", there=added.there)
        back = url_for(".shifts", month=f"{form.day.data:%Y-%m}", street=form.street_code.data)
        return htmx.changed("duty/shifts.html", back, toast=words, **_month(form))
    return htmx.invalid("duty/shifts.html", **_month(form))


def _entry(form: ShiftForm) -> ShiftEntry:
    return ShiftEntry(
        adviser_id=UUID(form.adviser_id.data),
        street_code=form.street_code.data,
        day=given(form.day),
        starts=given(form.starts),
        ends=given(form.ends),
        remark=text(form.remark),
    )


@bp.get("/duty/shifts/<uuid:shift_id>")
@require(Permission.DUTY_MANAGE)
def shift(shift_id: UUID) -> ResponseReturnValue:
    """Show one shift to change."""
    found = fetch(OnlineShift, shift_id, Permission.DUTY_MANAGE)
    return _shift_page(htmx.show, found, shift_form(ShiftForm, current_member(), found))


@bp.post("/duty/shifts/<uuid:shift_id>")
@require(Permission.DUTY_MANAGE)
def update_shift(shift_id: UUID) -> ResponseReturnValue:
    """Change a shift."""
    found = fetch(OnlineShift, shift_id, Permission.DUTY_MANAGE)
    form = shift_form(ShiftForm, current_member(), found)
    if not form.validate_on_submit():
        return _shift_page(htmx.invalid, found, form)
    try:
        shift_actions.change(
            found, _entry(form), revision=revision_of(form.revision), by=current_member()
        )
    except ConflictError as refusal:
        return _shift_as_it_is(found, refusal)
    flash(_("已保存"), "success")
    return htmx.gone_to(_month_of(found))


def _shift_page(
    answer: Any, found: OnlineShift, form: ShiftForm, refusal: str | None = None
) -> ResponseReturnValue:
    shown: ResponseReturnValue = answer(
        "duty/shift.html", shift=found, form=form, refusal=refusal, back=_month_of(found)
    )
    return shown


def _shift_as_it_is(found: OnlineShift, refusal: ConflictError) -> ResponseReturnValue:
    form = shift_form(ShiftForm, current_member(), found, fresh=True)
    return _shift_page(htmx.refused, found, form, refusal.message)


def _month_of(found: OnlineShift) -> str:
    month = clock.local(found.starts_at)
    return url_for(".shifts", month=f"{month:%Y-%m}", street=found.street_code)


@bp.post("/duty/shifts/<uuid:shift_id>/removal")
@require(Permission.DUTY_MANAGE)
def create_removal(shift_id: UUID) -> ResponseReturnValue:
    """Take a shift off the roster."""
    found = fetch(OnlineShift, shift_id, Permission.DUTY_MANAGE)
    back = _month_of(found)
    try:
        shift_actions.remove(found, by=current_member())
    except ConflictError as refusal:
        return _shift_as_it_is(found, refusal)
    flash(_("已删除这一班"), "success")
    return htmx.gone_to(back)


@bp.get("/duty/online")
@require(Permission.DUTY_LOG)
def online() -> ResponseReturnValue:
    """Show the lawyer's own shifts and the hours of the next two weeks that nobody covers."""
    return htmx.show("duty/online.html", "duty/_online.html", **_coming())


def _coming(form: ShiftForm | None = None, refusal: str | None = None) -> dict[str, Any]:
    first = clock.today()
    last = first + timedelta(days=PHONE_DAYS - 1)
    streets = shift_queries.streets()
    shifts = shift_queries.shifts_between(first, last)
    mine = [shift for shift in shifts if shift.adviser_id == current_member().adviser_id]
    return {
        "adviser_id": current_member().adviser_id,
        "form": form or shift_form(ShiftForm, current_member(), fresh=True),
        "refusal": refusal,
        "mine": mine,
        "now": clock.now(),
        "streets": {street.code: street.name for street in streets},
        "open_hours": [
            (street, _open_days(first, last, shifts, street.code)) for street in streets
        ],
    }


def _open_days(first: date, last: date, shifts: Sequence[OnlineShift], street: str) -> list[Any]:
    """The days with hours to come that nobody covers."""
    own = [shift for shift in shifts if shift.street_code == street]
    days = shift_queries.by_day(first, last, own)
    return [day for day in shift_queries.to_come(days, clock.local(clock.now())) if day.gaps]


@bp.post("/duty/online")
@require(Permission.DUTY_LOG)
def create_own_shift() -> ResponseReturnValue:
    """Take an online shift of one's own."""
    member = current_member()
    adviser_id = adviser_of(member)
    form = shift_form(ShiftForm, member)
    form.adviser_id.data = str(adviser_id)
    if not form.validate_on_submit():
        return htmx.invalid("duty/online.html", "duty/_online.html", **_coming(form))
    return _settle_own(lambda: shift_actions.take(_entry(form), by=member), _("已接班"), form)


@bp.post("/duty/shifts/<uuid:shift_id>/leaving")
@require(Permission.DUTY_LOG)
def create_leaving(shift_id: UUID) -> ResponseReturnValue:
    """Give up one's own shift before it starts."""
    found = fetch(OnlineShift, shift_id, Permission.DUTY_LOG)
    return _settle_own(lambda: shift_actions.leave(found, by=current_member()), _("已退班"))


def _settle_own(
    act: Callable[[], object], toast: str, form: ShiftForm | None = None
) -> ResponseReturnValue:
    try:
        act()
    except (ConflictError, RefusedError) as refusal:
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        return answer("duty/online.html", "duty/_online.html", **_coming(form, refusal.message))
    return htmx.changed("duty/_online.html", url_for(".online"), toast=toast, **_coming())
