"""Differences between phone and record: find them, settle one or several, take it back."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.attendance import comparing, importing, queries, settling
from counselhub.attendance.forms import ManyForm, many_form, settlement_form
from counselhub.attendance.gather import Span
from counselhub.attendance.kinds import CheckStatus, Finding, Mark, Verdict
from counselhub.attendance.models import AttendanceCheck
from counselhub.attendance.routes.blueprint import bp, kept
from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require, visible
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.duty import queries as duty
from counselhub.duty.models import DutySession

FILTERS = ("state", "finding", "community", "adviser", "q")
LIST = (*FILTERS, "month", "sort", "direction", "page")


@bp.get("/attendance")
@require(Permission.DUTY_MANAGE)
def checks() -> ResponseReturnValue:
    """List the month's differences; those that wait for a person stand alone at first."""
    return htmx.show("attendance/checks.html", **_list(many_form()))


def _list(form: ManyForm) -> dict[str, Any]:
    month, sort = paging.asked_month(), sorting.asked_sort(queries.CHECK_SORTS)
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    asked["state"] = request.args.get("state", "open")
    last = clock.last_day(month)
    lawyers, places = duty.advisers_and_communities()
    page = paging.paged(queries.check_list(month, last, asked, sort))
    return {
        "page": page,
        "month": paging.month_links(month),
        "asked": asked,
        "kept": kept(*LIST),
        "sort": sort,
        "tallies": queries.tallies(month, last),
        "findings": Finding.choices(),
        "advisers": lawyers,
        "places": places,
        "form": form,
        "words": WORDS,
    }


WORDS = {"Finding": Finding, "Mark": Mark, "Verdict": Verdict}


@bp.post("/attendance/comparison")
@require(Permission.DUTY_MANAGE)
def create_comparison() -> ResponseReturnValue:
    """Compare a month anew, as after sessions were corrected."""
    month, by = paging.asked_month(), current_member()
    importing.take_turn(by.firm_id)
    comparing.compare(Span(month, clock.last_day(month)), by=by)
    flash(_("已按现在的签到记录重新核对。"), "success")
    return redirect(url_for(".checks", month=f"{month:%Y-%m}"), 303)


@bp.post("/attendance/settlements")
@require(Permission.DUTY_MANAGE)
def create_settlements() -> ResponseReturnValue:
    """Settle the chosen differences alike; those that cannot be are named."""
    form = many_form()
    chosen = [value for value in request.form.getlist("check") if _is_id(value)]
    if not chosen:
        flash(_("请先选中要处理的差异。"), "danger")
    if not chosen or not form.validate_on_submit():
        return htmx.invalid("attendance/checks.html", **_list(form))
    query = visible(AttendanceCheck).where(AttendanceCheck.id.in_(chosen))
    found = list(db.session.scalars(query.order_by(AttendanceCheck.day, AttendanceCheck.id)))
    left = settling.settle_many(found, form.settlement(), by=current_member())
    if done := len(found) - len(left):
        flash(_("已处理 %(count)d 条差异。", count=done), "success")
    for reason in dict.fromkeys(one.reason for one in left):
        count = sum(one.reason == reason for one in left)
        flash(_("%(count)d 条没有处理：%(reason)s", count=count, reason=reason), "danger")
    return redirect(url_for(".checks", **kept(*LIST)), 303)


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@bp.get("/attendance/checks/<uuid:check_id>")
@require(Permission.DUTY_MANAGE)
def check(check_id: UUID) -> ResponseReturnValue:
    """Show one check with both sides and every punch of the day."""
    found = fetch(AttendanceCheck, check_id)
    return htmx.show("attendance/check.html", **_one(found))


def _one(found: AttendanceCheck, **given: Any) -> dict[str, Any]:
    return {
        "check": found,
        "finding": Finding.of(found.finding),
        "mark": Mark.of(found.mark),
        "verdict": Verdict.of(found.verdict) if found.verdict else None,
        "is_settled": found.status == CheckStatus.SETTLED,
        "needs_settling": settling.needs_settling(found),
        "punches": queries.punches_of(found),
        "day_words": queries.words_of(found),
        "form": settlement_form(found.revision, fresh=True),
        "words": WORDS,
        "refusal": None,
    } | given


@bp.post("/attendance/checks/<uuid:check_id>/settlement")
@require(Permission.DUTY_MANAGE)
def create_settlement(check_id: UUID) -> ResponseReturnValue:
    """Settle one difference."""
    found = fetch(AttendanceCheck, check_id)
    form = settlement_form(found.revision)
    if not form.validate_on_submit():
        return htmx.invalid("attendance/check.html", **_one(found, form=form))
    try:
        revision = revision_of(form.revision)
        settling.settle(found, form.settlement(), revision=revision, by=current_member())
    except settling.StaleCheckError as refusal:
        db.session.commit()  # what was compared anew stays, else it would be stale for ever
        return _refused(check_id, refusal)
    except RefusedError as refusal:
        show_refusal(form.verdict, refusal)
        return htmx.invalid("attendance/check.html", **_one(found, form=form))
    except ConflictError as refusal:
        return _refused(check_id, refusal)
    return _done(found, _("已处理这条差异"))


def _refused(check_id: UUID, refusal: ConflictError) -> ResponseReturnValue:
    """Show the check as it now is, the list when it is none any more."""
    found = db.session.scalar(visible(AttendanceCheck).where(AttendanceCheck.id == check_id))
    if found is None:
        raise refusal
    return htmx.refused("attendance/check.html", **_one(found, refusal=refusal.message))


def _done(found: AttendanceCheck, toast: str) -> ResponseReturnValue:
    flash(toast, "success")
    return redirect(url_for(".check", check_id=found.id), 303)


@bp.post("/attendance/checks/<uuid:check_id>/reopening")
@require(Permission.DUTY_MANAGE)
def create_reopening(check_id: UUID) -> ResponseReturnValue:
    """Open a settled difference again."""
    found = fetch(AttendanceCheck, check_id)
    revision = request.form.get("revision", type=int)
    try:
        settling.reopen(found, revision=revision, by=current_member())
    except ConflictError as refusal:
        return _refused(check_id, refusal)
    return _done(found, _("已重新打开，可以再处理"))


@bp.get("/attendance/sessions/<uuid:session_id>")
@require(Permission.DUTY_MANAGE)
def of_session(session_id: UUID) -> ResponseReturnValue:
    """Show the check that was held against a session, the list when there is none."""
    found = queries.checks_of_session(fetch(DutySession, session_id).id)
    if found:
        return htmx.show("attendance/check.html", **_one(found[0]))
    flash(_("这次值班没有可核对的钉钉或企业微信打卡。"), "info")
    return redirect(url_for(".checks"), 303)
