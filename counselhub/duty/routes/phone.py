"""The lawyer's phone page: sign in and out on site in one tap each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, fetch, goes_on, require
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import text
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Permission
from counselhub.duty import actions, evidence, punches, queries, rules
from counselhub.duty.forms import SignInForm, SignOutForm, key_of
from counselhub.duty.models import DutySession
from counselhub.duty.routes.blueprint import bp
from counselhub.points import proofs
from counselhub.points import queries as points
from counselhub.roster import slot_queries as roster
from counselhub.roster.kinds import SlotStatus

PAGE, PART = "duty/today.html", "duty/_today.html"


@bp.get("/duty")
@require(Permission.DUTY_LOG)
def today() -> ResponseReturnValue:
    """Show today's communities with one tap each, or the session that is open."""
    return htmx.show(PAGE, PART, **_context())


def _context(form: SignOutForm | None = None, refusal: str | None = None) -> dict[str, Any]:
    adviser_id = current_member().adviser_id
    shown: dict[str, Any] = {
        "form": form or SignOutForm(formdata=None),
        "refusal": refusal,
        "key": uuid7(),  # the same form twice, or from the history, is the same tap
        "running": None,
    }
    if adviser_id is None:
        return shown | {"adviser_id": None}
    day, now = clock.today(), clock.now()
    takes, scanned = proofs.opened(adviser_id, request.args.get("code", ""), now)
    shown |= {"takes_position": takes, "scanned": scanned}
    running, sessions = queries.of_today(adviser_id, day)
    slots = roster.of_day(adviser_id, day)
    if running:
        begin = clock.local(running.signed_in_at)
        shown |= {
            "running": running,
            "is_forgotten": actions.is_forgotten(running, now),
            "may_cancel": rules.may_be_cancelled(begin, clock.local(now)),
            "question": actions.question(running),
            "lacks_point": points.lacks_point(running.community_code),
        }
    else:
        shown |= {
            "places": queries.assigned(adviser_id, day),
            "covered": [slot for slot in slots if slot.substitute_id],
            "others": queries.replaceable(adviser_id, day),
        }
    grades = evidence.of(sessions)
    return shown | {
        "adviser_id": adviser_id,
        "day": day,
        "sessions": sessions,
        "grades": grades,
        "photos": {session_id: graded.photos for session_id, graded in grades.items()},
        "planned": [slot for slot in slots if slot.status == SlotStatus.PLANNED],
    }


def _settle(
    act: Callable[[], object], toast: str, form: SignOutForm | None = None
) -> ResponseReturnValue:
    """Do it and show the page as it then is; a refusal is told on the page as it now is."""
    try:
        act()
    except (ConflictError, RefusedError) as refusal:
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        return answer(PAGE, PART, **_context(form, refusal.message))
    return htmx.changed(PART, url_for(".today"), toast=toast, **_context())


@bp.post("/duty/sign-ins")
@require(Permission.DUTY_LOG)
@goes_on
def create_sign_in() -> ResponseReturnValue:
    """Sign in at the community of the button that was tapped."""
    form = SignInForm()
    try:
        stands_in = form.substitute_for_id()
    except ValueError as nonsense:
        raise NotFoundError() from nonsense
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, PART, **_context(refusal=_("请先选择社区。")))
    return _settle(
        lambda: punches.sign_in(
            current_member(),
            form.community_code(),
            key=key_of(form),
            substitute_for_id=stands_in,
            remark=text(form.remark),
            code=text(form.code),
        ),
        _("已签到"),
    )


@bp.post("/duty/sessions/<uuid:session_id>/sign-out")
@require(Permission.DUTY_LOG)
@goes_on
def create_sign_out(session_id: UUID) -> ResponseReturnValue:
    """Sign out now; a forgotten session at the time that he fills in."""
    session = fetch(DutySession, session_id, Permission.DUTY_LOG)
    form = SignOutForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, PART, **_context(form))

    def act() -> None:
        punches.sign_out(
            session,
            key=key_of(form),
            by=current_member(),
            code=text(form.code),
            left_at=form.left_at.data,
            remark=text(form.remark),
            community_confirmed=form.community_confirmed.data,
        )

    return _settle(act, _("已签退"), form)


@bp.post("/duty/sessions/<uuid:session_id>/untold-sign-out")
@require(Permission.DUTY_LOG)
@goes_on
def create_untold_sign_out(session_id: UUID) -> ResponseReturnValue:
    """Say that nobody remembers when a forgotten session ended."""
    session = fetch(DutySession, session_id, Permission.DUTY_LOG)
    return _settle(
        lambda: punches.leave_untold(session, by=current_member()),
        _("已按没有签退记录，这一次不计时长"),
    )


@bp.post("/duty/sessions/<uuid:session_id>/cancellation")
@require(Permission.DUTY_LOG)
@goes_on
def create_cancellation(session_id: UUID) -> ResponseReturnValue:
    """Take back a slip of the thumb."""
    session = fetch(DutySession, session_id, Permission.DUTY_LOG)
    return _settle(lambda: actions.cancel(session, by=current_member()), _("已撤销签到"))
