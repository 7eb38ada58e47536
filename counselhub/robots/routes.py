"""Pages of a place's robots: listed, added, changed, tried out, switched off, removed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging, placed
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt, do, told
from counselhub.core.freshness import fresh
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.notices.kinds import DeliveryState, Kind
from counselhub.notices.texts import ABOUT, sentence
from counselhub.robots import actions, queries, rules, texts
from counselhub.robots.forms import NEW, RobotForm, filled
from counselhub.robots.kinds import ADVICE, TONES, Fault, RobotState, Style, Vendor
from counselhub.robots.models import Robot

bp = Blueprint("robots", __name__)
FORM, PAGE = "robots/edit.html", "robots/robot.html"
DELIVERY_TONES = {
    DeliveryState.SENT: "success",
    DeliveryState.FAILED: "danger",
    DeliveryState.LAPSED: "warning",
}


@bp.get("/robots")
@require(Permission.ROBOT_MANAGE)
def robots() -> ResponseReturnValue:
    """List the place's robots, newest first."""
    words, state = request.args.get("q", ""), request.args.get("state", "")
    with as_platform():
        page = paging.paged(queries.robots(current_member().scope, words, state))
    return htmx.show(
        "robots/robots.html",
        page=page,
        state=state,
        filtered=bool(words or state),
        waiting=queries.waiting([robot.id for robot in page.items]),
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "states": RobotState,
        "tones": TONES,
        "vendors": Vendor,
        "styles": Style,
        "kinds": Kind,
        "state_of": state_of,
        "fault_of": fault_of,
        "advice": lambda fault: page_text(ADVICE[fault]),
    }


def state_of(robot: Robot) -> RobotState:
    """Return where a robot stands."""
    return rules.state_of(robot.off_at is not None, fault_of(robot))


def fault_of(robot: Robot) -> Fault | None:
    """Return what a robot's last message met."""
    return Fault.of(robot.fault) if robot.fault else None


def topics() -> list[tuple[str, str]]:
    """Return code and word of what the member's place may tell a group."""
    side = current_member().scope.kind
    fit = (kind for kind in Kind if ABOUT[kind].to_groups and ABOUT[kind].side is side)
    return [(kind.value, kind.label) for kind in fit]


def _posted() -> RobotForm:
    return RobotForm(offered=topics())


def _filled(
    robot: Robot | None = None, form: RobotForm | None = None, refusal: str | None = None
) -> dict[str, Any]:
    """Return what the form's page shows: of a robot as it is, or of a new one."""
    shown = filled(robot) if robot else NEW
    return {
        "robot": robot,
        "form": form or RobotForm(formdata=None, offered=topics(), **shown),
        "refusal": refusal,
        "keyword": texts.NAME,
    }


@bp.get("/robots/new")
@require(Permission.ROBOT_MANAGE)
def new_robot() -> ResponseReturnValue:
    """Ask what a robot is to be."""
    return htmx.show(FORM, **_filled())


@bp.post("/robots")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_robot() -> ResponseReturnValue:
    """Add a robot."""
    form = _posted()

    def act() -> ResponseReturnValue:
        robot = actions.make(form.given, by=current_member())
        sentence = _("已添加。请试发一条，看看群里能不能收到。")
        return told(sentence, url_for(".robot", robot_id=robot.id))

    return attempt(form, act, _filled, page=FORM, field=form.name, form=form)


@bp.get("/robots/<uuid:robot_id>")
@require(Permission.ROBOT_MANAGE)
def robot(robot_id: UUID) -> ResponseReturnValue:
    """Show a robot, what went wrong with it, and what its group was told."""
    return htmx.show(PAGE, **_page(_own(robot_id)))


def _own(robot_id: UUID, *, locked: bool = False) -> Robot:
    return placed.own(Robot, robot_id, current_member().scope, locked=locked)


def _page(robot: Robot, refusal: str | None = None) -> dict[str, Any]:
    state = request.args.get("state", "")
    with as_platform():
        page = paging.paged(queries.sendings(robot.id, state))
    return {
        "robot": robot,
        "page": page,
        "state": state,
        "waiting": queries.waiting([robot.id]).get(robot.id, 0),
        "topic_words": [Kind.of(one).label for one in robot.topics],
        "delivery_states": DeliveryState,
        "delivery_tones": DELIVERY_TONES,
        "sentence": lambda row: sentence(Kind.of(row.kind), row.facts),
        "refusal": refusal,
        **_words(),
    }


@bp.get("/robots/<uuid:robot_id>/edit")
@require(Permission.ROBOT_MANAGE)
def edit_robot(robot_id: UUID) -> ResponseReturnValue:
    """Ask what is to be changed of a robot."""
    return htmx.show(FORM, **_filled(_own(robot_id)))


@bp.post("/robots/<uuid:robot_id>")
@require(Permission.ROBOT_MANAGE)
@fresh
def update_robot(robot_id: UUID) -> ResponseReturnValue:
    """Change a robot."""
    robot, form = _own(robot_id), _posted()

    def act() -> ResponseReturnValue:
        actions.change(robot, form.given, revision=form.seen, by=current_member())
        return told(_("已保存"), url_for(".robot", robot_id=robot_id))

    def look(**kept: Any) -> dict[str, Any]:
        return _filled(_own(robot_id), **kept)

    return attempt(form, act, look, page=FORM, field=form.name, form=form)


@bp.post("/robots/<uuid:robot_id>/trial")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_trial(robot_id: UUID) -> ResponseReturnValue:
    """Send a message that says that it works."""
    by = current_member()

    def try_out(robot: Robot) -> None:
        verdict = actions.try_out(robot, by=by, place=by.title)
        if verdict.fault is None:
            flash(_("测试消息已发出，请到群里看看。"), "success")
        else:
            flash(_("测试消息没有发出，原因见下。"), "danger")

    return _acted(robot_id, try_out)


def _acted(robot_id: UUID, act: Callable[[Robot], None]) -> ResponseReturnValue:
    """Do something with a robot, and show it as it is then."""

    def do_it() -> ResponseReturnValue:
        act(_own(robot_id, locked=True))
        return htmx.gone_to(url_for(".robot", robot_id=robot_id))

    def look(refusal: str) -> dict[str, Any]:
        return _page(_own(robot_id), refusal)

    return do(do_it, look, page=PAGE)


@bp.post("/robots/<uuid:robot_id>/rest")
@require(Permission.ROBOT_MANAGE)
def create_rest(robot_id: UUID) -> ResponseReturnValue:
    """Switch a robot off."""

    def switch_off(robot: Robot) -> None:
        actions.switch_off(robot, by=current_member())
        flash(_("已停用，群里不再收到提醒"), "success")

    return _acted(robot_id, switch_off)


@bp.post("/robots/<uuid:robot_id>/return")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_return(robot_id: UUID) -> ResponseReturnValue:
    """Switch a robot on."""

    def switch_on(robot: Robot) -> None:
        actions.switch_on(robot, by=current_member())
        flash(_("已启用，从现在起的提醒会发到群里"), "success")

    return _acted(robot_id, switch_on)


@bp.post("/robots/<uuid:robot_id>/removal")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_removal(robot_id: UUID) -> ResponseReturnValue:
    """Forget a robot."""
    actions.remove(_own(robot_id, locked=True), by=current_member())
    return told(_("已删除"), url_for(".robots"))
