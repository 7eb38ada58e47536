"""The office's checks: found on the desk, carried out on the phone, published, decided."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.spotchecks import actions, pages, queries
from counselhub.spotchecks import coverage as cover
from counselhub.spotchecks.forms import (
    PublishForm,
    SettleForm,
    WithdrawForm,
    finding_form,
)
from counselhub.spotchecks.models import SpotCheck
from counselhub.spotchecks.routes.blueprint import bp

PAGE = "spotchecks/check.html"


@bp.get("/spot-checks")
@require(Permission.SPOT_READ)
def checks() -> ResponseReturnValue:
    """List the checks of the street, what is to be done first."""
    asked, sort = pages.asked("drawn"), sorting.asked_sort(queries.SORTS)
    if asked.tab == "drawn" and "sort" not in request.args:
        sort = "day"  # the next one to visit first
    today = clock.today()
    return htmx.show(
        "spotchecks/checks.html",
        page=paging.paged(queries.checks(asked, sort)),
        tallies=queries.tallies(),
        reach=cover.reach(current_member().street_code, today),
        asked=asked,
        sort=sort,
        **pages.words(),
    )


@bp.get("/spot-checks/coverage")
@require(Permission.SPOT_READ)
def coverage() -> ResponseReturnValue:
    """Show which communities of the street were checked, this week and in thirty days."""
    key, words = request.args.get("sort", ""), request.args.get("q", "").strip()
    key = key if key in cover.COVER_SORTS else "checked"
    sort = f"-{key}" if request.args.get("direction") == "desc" else key
    street, today = current_member().street_code, clock.today()
    return htmx.show(
        "spotchecks/coverage.html",
        page=paging.paged(cover.coverage(street, today, words, sort)),
        reach=cover.reach(street, today),
        tallies=queries.tallies(),
        sort=sort,
        q=words,
        **pages.words(),
    )


@bp.get("/spot-checks/month")
@require(Permission.SPOT_READ)
def month() -> ResponseReturnValue:
    """Show what a month's published checks found, of one firm when the address names it."""
    first, street = paging.asked_month(), current_member().street_code
    firm_id = request.args.get("firm", type=UUID)
    return htmx.show(
        "spotchecks/month.html",
        "spotchecks/_month.html",
        found=queries.named_counts(first, street, firm_id),
        month=paging.month_links(first),
        tallies={} if htmx.wants_part() else queries.tallies(),
    )


def _fetch(spot_check_id: UUID) -> SpotCheck:
    return fetch(SpotCheck, spot_check_id, None, *queries.NAMES)


def _shown(check: SpotCheck, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    held: dict[str, Any] = {"formdata": None, "revision": check.revision}
    return {
        "check": check,
        "slot": queries.slot_of(check),
        "photos": queries.photos(check),
        "events": pages.happenings(check),
        "form": finding_form(check, fresh=True),
        "publishing": PublishForm(**held),
        "settling": SettleForm(**held),
        "withdrawing": WithdrawForm(**held),
        "refusal": refusal,
        **pages.words(),
        **forms,
    }


@bp.get("/spot-checks/<uuid:spot_check_id>")
@require(Permission.SPOT_READ)
def check(spot_check_id: UUID) -> ResponseReturnValue:
    """Show one check: what to do on site, what was found, what the firm says."""
    return htmx.show(PAGE, **_shown(_fetch(spot_check_id)))


@bp.post("/spot-checks/<uuid:spot_check_id>/finding")
@require(Permission.SPOT_CHECK)
def create_finding(spot_check_id: UUID) -> ResponseReturnValue:
    """Record what was found, or correct it before it is published."""
    row = _fetch(spot_check_id)
    form = finding_form(row)

    def act() -> str:
        actions.record(row, form.found(row), by=current_member(), revision=form.seen)
        return str(_("已登记，公布之前可以更正"))

    return _done(spot_check_id, form, act, form.finding, form=form)


@bp.post("/spot-checks/<uuid:spot_check_id>/publication")
@require(Permission.SPOT_CHECK)
def create_publication(spot_check_id: UUID) -> ResponseReturnValue:
    """Let the firm see what was found."""
    row, form = _fetch(spot_check_id), PublishForm()

    def act() -> str:
        actions.publish(row, given(form.days), by=current_member(), revision=form.seen)
        return str(_("已公布，律所可以答复到%(day)s", day=row.answer_due_on))

    return _done(spot_check_id, form, act, form.days, publishing=form)


@bp.post("/spot-checks/<uuid:spot_check_id>/settlement")
@require(Permission.SPOT_SETTLE)
def create_settlement(spot_check_id: UUID) -> ResponseReturnValue:
    """Decide that the finding stands."""
    row, form = _fetch(spot_check_id), SettleForm()

    def act() -> str:
        actions.settle(row, text(form.words), by=current_member(), revision=form.seen)
        return str(_("结果已确定，计入当月"))

    return _done(spot_check_id, form, act, form.words, settling=form)


@bp.post("/spot-checks/<uuid:spot_check_id>/withdrawal")
@require(Permission.SPOT_CHECK, Permission.SPOT_SETTLE)
def create_withdrawal(spot_check_id: UUID) -> ResponseReturnValue:
    """Take a check back, with its reason."""
    row, form = _fetch(spot_check_id), WithdrawForm()

    def act() -> str:
        actions.withdraw(row, text(form.reason), by=current_member(), revision=form.seen)
        return str(_("已撤销，不计入任何统计"))

    return _done(spot_check_id, form, act, form.reason, withdrawing=form)


def _done(
    spot_check_id: UUID, sent: Any, act: Callable[[], str], field: Any, **shown: Any
) -> ResponseReturnValue:
    """Do it to the check as the page showed it; a refusal is told on the check as it now is."""
    if not sent.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(_fetch(spot_check_id), **shown))
    try:
        toast = act()
    except ConflictError as conflict:
        db.session.rollback()
        return htmx.refused(PAGE, **_shown(_fetch(spot_check_id), refusal=conflict.message))
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(field, refusal)
        return htmx.invalid(PAGE, **_shown(_fetch(spot_check_id), **shown))
    flash(toast, "success")
    return htmx.gone_to(url_for(".check", spot_check_id=spot_check_id))
