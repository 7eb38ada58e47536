"""The month of planned duty: by lawyer and by community, made after a look at what it would be."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.assignments.rules import COMFORTABLE_COMMUNITIES
from counselhub.core import clock, htmx, paging
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.errors import ConflictError
from counselhub.core.forms import revision_of, text
from counselhub.core.permissions import Permission
from counselhub.leave import queries as leave
from counselhub.roster import holiday_queries, making, month_view, slot_queries, term_queries
from counselhub.roster import term_actions as rules
from counselhub.roster.forms import RULE, MakingForm, RuleForm
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.roster.routes.blueprint import bp
from counselhub.roster.slot_actions import last_move
from counselhub.roster.wording import WHY

VIEWS = ("adviser", "community")


@bp.get("/roster")
@require(Permission.FIRM_READ)
def month() -> ResponseReturnValue:
    """Show a month of slots by lawyer, or by community."""
    first = paging.asked_month()
    by = request.args.get("by", VIEWS[0])
    by = by if by in VIEWS else VIEWS[0]
    street, words = request.args.get("street", ""), request.args.get("q", "").strip()
    calendar = holiday_queries.calendar(first, clock.last_day(first))
    slots = slot_queries.month(first, by=by, street=street, words=words)
    away = leave.away(first, clock.last_day(first))
    lines = month_view.lines(slots, by, calendar, away)
    today = clock.today()
    coming = [cell for line in lines for cell in line.cells if cell.slot.day >= today]
    return htmx.show(
        "roster/month.html",
        lines=lines,
        columns=month_view.columns(first, clock.last_day(first), calendar),
        hits=sum(cell.is_hit for cell in coming),
        left=sorted((c for c in coming if c.is_left), key=lambda c: (c.slot.day, c.slot.starts)),
        is_known=calendar.is_known(first.year),
        by=by,
        month=paging.month_links(first),
        street=street,
        words=words,
        streets=slot_queries.streets(),
        made=slot_queries.made(first),
        moved=_just_moved(),
        most=COMFORTABLE_COMMUNITIES,
        statuses=SlotStatus,
        slots_at=f"{url_for('.month')}/slots",
        today=today,
    )


def _just_moved() -> DutySlot | None:
    """Return the slot that was moved on this page a moment ago, while that can be undone."""
    slot_id = request.args.get("moved", type=UUID)
    if slot_id is None or not can(Permission.DUTY_MANAGE):
        return None
    slot = fetch(DutySlot, slot_id)
    return slot if last_move(slot) else None


@bp.get("/roster/making")
@require(Permission.DUTY_MANAGE)
def preview() -> ResponseReturnValue:
    """Show what making the month would add, change and leave open; nothing is stored."""
    return htmx.show("roster/making.html", **_previewed(making.preview(paging.asked_month())))


@bp.post("/roster/making")
@require(Permission.DUTY_MANAGE)
def create_making() -> ResponseReturnValue:
    """Store the month as it was previewed."""
    first, form = paging.asked_month(), MakingForm()
    form.validate_on_submit()
    try:
        plan = making.make(first, text(form.digest), by=current_member())
    except ConflictError as conflict:
        shown = _previewed(making.preview(first), refusal=conflict.message)
        return htmx.refused("roster/making.html", **shown)
    flash(
        _(
            "已生成排班：新增 %(made)d 个，调整 %(changed)d 个，撤下 %(dropped)d 个",
            made=len(plan.made),
            changed=len(plan.changed),
            dropped=len(plan.dropped),
        ),
        "success",
    )
    return htmx.gone_to(url_for(".month", month=f"{first:%Y-%m}"))


def _previewed(plan: making.Preview, refusal: str = "") -> dict[str, Any]:
    first: date = plan.month
    return {
        "plan": plan,
        "known": plan.known,
        "month": paging.month_links(first),
        "form": MakingForm(formdata=None, digest=plan.digest),
        "whys": WHY,
        "is_known": plan.known.facts.calendar.is_known(first.year),
        "most": COMFORTABLE_COMMUNITIES,
        "clock_time": lambda minute: f"{minute // 60:02d}:{minute % 60:02d}",
        "refusal": refusal,
    }


@bp.get("/roster/rule")
@require(Permission.DUTY_MANAGE)
def rule() -> ResponseReturnValue:
    """Show the firm's own rules of planning and judging."""
    return htmx.show("roster/rule.html", form=_rule_form(), refusal="")


@bp.post("/roster/rule")
@require(Permission.DUTY_MANAGE)
def change_rule() -> ResponseReturnValue:
    """Set the firm's own rules of planning and judging."""
    form = RuleForm()
    if not form.validate_on_submit():
        return htmx.invalid("roster/rule.html", form=form, refusal="")
    try:
        revision = revision_of(form.revision)
        rules.set_rule(form.rule, revision=revision, by=current_member())
    except ConflictError as conflict:
        return htmx.refused("roster/rule.html", form=_rule_form(), refusal=conflict.message)
    flash(_("已保存，下次生成和调整时按它计算"), "success")
    return htmx.gone_to(url_for(".month"))


def _rule_form() -> RuleForm:
    found = term_queries.rule() or term_queries.default_rule()
    return RuleForm(
        formdata=None,
        data={name: getattr(found, name) for name in (*RULE, "revision")},
    )
