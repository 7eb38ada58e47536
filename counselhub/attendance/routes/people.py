"""Who the accounts and where the addresses of another system are."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.attendance import binding, queries
from counselhub.attendance.forms import IGNORED, AccountForm, account_form, place_choices
from counselhub.attendance.kinds import Vendor
from counselhub.attendance.models import AttendanceAccount, AttendancePlace
from counselhub.attendance.routes.blueprint import bp, kept
from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, DomainError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.duty import queries as duty

LIST = ("state", "q", "page")


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip() for name in ("state", "q")}


def _tallies() -> dict[str, int]:
    month = clock.this_month()
    return queries.tallies(month, clock.last_day(month))


@bp.get("/attendance/accounts")
@require(Permission.DUTY_MANAGE)
def accounts() -> ResponseReturnValue:
    """List people of the other systems; those whom nobody knows stand first."""
    return htmx.show("attendance/accounts.html", **_accounts(account_form()))


def _accounts(form: AccountForm, refusal: str | None = None) -> dict[str, Any]:
    asked = _asked()
    return {
        "page": paging.paged(queries.account_list(asked)),
        "asked": asked,
        "kept": kept(*LIST),
        "tallies": _tallies(),
        "advisers": duty.advisers(),
        "vendors": Vendor,
        "form": form,
        "refusal": refusal,
    }


@bp.post("/attendance/accounts")
@require(Permission.DUTY_MANAGE)
def create_account() -> ResponseReturnValue:
    """Note an adviser's userid."""
    form = account_form()
    if not form.validate_on_submit():
        return htmx.invalid("attendance/accounts.html", **_accounts(form))
    try:
        vendor = Vendor.of(form.vendor.data)
        binding.add(vendor, text(form.userid), form.adviser(), by=current_member())
    except (RefusedError, ConflictError) as refusal:
        show_refusal(form.userid, refusal)
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        return answer("attendance/accounts.html", **_accounts(form))
    flash(_("已登记，今后取回和导入的打卡会直接对应。"), "success")
    return redirect(url_for(".accounts"), 303)


@bp.post("/attendance/accounts/<uuid:account_id>/adviser")
@require(Permission.DUTY_MANAGE)
def update_account(account_id: UUID) -> ResponseReturnValue:
    """Bind an account to an adviser, with one press; or say that it is none of ours."""
    account = fetch(AttendanceAccount, account_id)
    revision, by = request.form.get("revision", type=int), current_member()
    chosen = request.form.get("adviser_id", "")
    try:
        if chosen in ("", IGNORED):
            is_stranger = chosen == IGNORED
            binding.unbind(account, revision=revision, by=by, is_stranger=is_stranger)
        else:
            binding.bind(account, _uuid(chosen), revision=revision, by=by)
    except (RefusedError, ConflictError) as refusal:
        return _account_refused(refusal)
    flash(_("“%(name)s”已更新，等着的打卡已重新核对。", name=account.name), "success")
    return redirect(url_for(".accounts", **kept(*LIST)), 303)


def _uuid(value: str) -> UUID:
    """Return the id that a form sent. Raises RefusedError for nonsense."""
    try:
        return UUID(value)
    except ValueError:
        raise RefusedError(_("请选择本所名册中的律师。")) from None


def _account_refused(refusal: DomainError) -> ResponseReturnValue:
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return answer("attendance/accounts.html", **_accounts(account_form(), refusal.message))


@bp.get("/attendance/places")
@require(Permission.DUTY_MANAGE)
def places() -> ResponseReturnValue:
    """List addresses of punches; those that nobody has explained stand first."""
    return htmx.show("attendance/places.html", **_places())


def _places(refusal: str | None = None) -> dict[str, Any]:
    asked = _asked()
    return {
        "page": paging.paged(queries.place_list(asked)),
        "asked": asked,
        "kept": kept(*LIST),
        "tallies": _tallies(),
        "choices": place_choices(),
        "refusal": refusal,
    }


@bp.post("/attendance/places/<uuid:place_id>")
@require(Permission.DUTY_MANAGE)
def update_place(place_id: UUID) -> ResponseReturnValue:
    """Say which community an address is, or that it is none of duty."""
    where = fetch(AttendancePlace, place_id)
    chosen = request.form.get("community_code", "")
    code = {"": None, IGNORED: ""}.get(chosen, chosen)
    try:
        revision = request.form.get("revision", type=int)
        binding.place(where, code, revision=revision, by=current_member())
    except (RefusedError, ConflictError) as refusal:
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        return answer("attendance/places.html", **_places(refusal.message))
    flash(_("“%(words)s”已记住，等着的打卡已重新核对。", words=where.words), "success")
    return redirect(url_for(".places", **kept(*LIST)), 303)
