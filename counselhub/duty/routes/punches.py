"""What the phone's script asks: the state to keep for when there is no signal, and to take taps."""

from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from counselhub.core import clock
from counselhub.core.access import current_member, goes_on, require
from counselhub.core.i18n import hour
from counselhub.core.permissions import Permission
from counselhub.duty import actions, evidence, punch_forms, punches, queries
from counselhub.duty.kinds import STANDING, PunchTiming, PunchVerdict
from counselhub.duty.models import DutyPunch
from counselhub.duty.routes.blueprint import bp
from counselhub.places.models import short_name
from counselhub.points.choice_actions import takes_position
from counselhub.points.rules import Placed
from counselhub.roster import slot_queries


def _milliseconds() -> int:
    return round(clock.now().timestamp() * 1000)


@bp.get("/duty/phone")
@require(Permission.DUTY_LOG)
def phone() -> ResponseReturnValue:
    """Give what the phone keeps: the time, a token, today's places, the open session."""
    by = current_member()
    state: dict[str, Any] = {"now": _milliseconds(), "token": generate_csrf(), "places": []}
    state |= {"person": str(by.person_id), "running": None, "position": False}
    if by.adviser_id is None:
        return jsonify(state)
    state["position"] = takes_position(by.adviser_id)
    if running := queries.open_session(by.adviser_id):
        state["running"] = {
            "ends": str(running.id),
            "place": running.community_code,
            "name": running.community.short_name,
            "since": round(running.signed_in_at.timestamp() * 1000),
            "forgotten": actions.is_forgotten(running, clock.now()),
        }
    state["places"] = [
        {"place": one.code, "name": short_name(one.name)}
        for one in queries.assigned(by.adviser_id, clock.today())
    ]
    assigned = {one["place"] for one in state["places"]}
    state["places"] += [
        {"place": one.community_code, "name": one.community.short_name}
        for one in slot_queries.of_day(by.adviser_id, clock.today())
        if one.substitute_id and one.community_code not in assigned
    ]
    return jsonify(state)


@bp.post("/duty/punches")
@require(Permission.DUTY_LOG)
@goes_on
def create_punches() -> ResponseReturnValue:
    """Take taps, once each, and say what became of every one."""
    sent = punch_forms.taps(request.form.get("punches", ""))
    taken = punches.take(sent, by=current_member())
    placed = evidence.placed_of(taken)
    results = [_result(punch) | {"place": _place(placed.get(punch.id))} for punch in taken]
    return jsonify(now=_milliseconds(), results=results)


def _place(placed: Placed | None) -> str:
    """What a tap's position and code say, in words; '' when it brought none."""
    return render_template("duty/_place_words.txt", placed=placed).strip() if placed else ""


def _result(punch: DutyPunch) -> dict[str, Any]:
    verdict = PunchVerdict(punch.verdict)
    return {
        "key": str(punch.key),
        "verdict": verdict.value,
        "refused": verdict not in STANDING,
        "words": verdict.label,
        "advice": advice(verdict),
        "at": hour(punch.counts_at),
        "timing": PunchTiming(punch.timing).label if punch.timing != PunchTiming.AT_ONCE else "",
    }


def advice(verdict: PunchVerdict) -> str:
    """Return what to do about a tap that made nothing, '' when there is nothing to do."""
    words = {
        PunchVerdict.WAITING: _("签到的那部手机联网后会自动对上，不用再点。"),
        PunchVerdict.TOO_SOON: _("请过1分钟再签退；签错了社区，可以撤销签到。"),
        PunchVerdict.OTHER_DAY: _("请在本页补填前一次的离开时间。"),
        PunchVerdict.TOO_LONG: _("请在本页补填实际离开的时间。"),
        PunchVerdict.TWO_PLACES: _("同一时间已有别处的记录，请核对值班记录，有误请内勤更正。"),
        PunchVerdict.VOIDED: _("需要重新计入的，请再签到一次或请内勤补录。"),
        PunchVerdict.NOT_ASSIGNED: _("替班请选择替谁；指派有误请联系内勤。"),
        PunchVerdict.CLOSED: _("请由司法所退回相关事项，或在下期结算单中调整。"),
    }
    return str(words.get(verdict, ""))
