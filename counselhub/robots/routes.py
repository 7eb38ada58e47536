"""Pages of a place's robots: listed, added, changed, tried out, switched off, removed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import blamed, show_refusal
from counselhub.core.freshness import fresh
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.notices.kinds import DeliveryState, Kind
from counselhub.notices.rules import Hours
from counselhub.notices.texts import ABOUT, sentence
from counselhub.robots import actions, queries, rules, texts
from counselhub.robots.forms import RobotForm, filled
from counselhub.robots.kinds import ADVICE, TONES, Fault, RobotState, Style, Vendor
from counselhub.robots.models import Robot

bp = Blueprint("robots", __name__)
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


def _form(robot: Robot | None = None, *, fresh_one: bool) -> RobotForm:
    if not fresh_one:
        return RobotForm(offered=topics())
    if robot is not None:
        return RobotForm(formdata=None, offered=topics(), **filled(robot))
    usual = Hours()
    return RobotForm(
        formdata=None,
        offered=topics(),
        vendor=Vendor.DINGTALK,
        style=Style.MARKDOWN,
        pace="now",
        digest_at=usual.digest_at,
        quiet_from=usual.quiet_from,
        quiet_until=usual.quiet_until,
    )


@bp.get("/robots/new")
@require(Permission.ROBOT_MANAGE)
def new_robot() -> ResponseReturnValue:
    """Ask what a robot is to be."""
    return htmx.show("robots/edit.html", form=_form(fresh_one=True), robot=None, keyword=texts.NAME)


@bp.post("/robots")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_robot() -> ResponseReturnValue:
    """Add a robot."""
    form = _form(fresh_one=False)
    if form.validate_on_submit():
        try:
            robot = actions.make(form.given, by=current_member())
        except RefusedError as refusal:
            show_refusal(blamed(form, refusal) or form.name, refusal)
        else:
            flash(_("已添加。请试发一条，看看群里能不能收到。"), "success")
            return htmx.gone_to(url_for(".robot", robot_id=robot.id))
    return htmx.invalid("robots/edit.html", form=form, robot=None, keyword=texts.NAME)


@bp.get("/robots/<uuid:robot_id>")
@require(Permission.ROBOT_MANAGE)
def robot(robot_id: UUID) -> ResponseReturnValue:
    """Show a robot, what went wrong with it, and what its group was told."""
    return htmx.show("robots/robot.html", **_page(_own(robot_id)))


def _own(robot_id: UUID) -> Robot:
    return queries.of_place(robot_id, current_member())


def _page(robot: Robot) -> dict[str, Any]:
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
        **_words(),
    }


@bp.get("/robots/<uuid:robot_id>/edit")
@require(Permission.ROBOT_MANAGE)
def edit_robot(robot_id: UUID) -> ResponseReturnValue:
    """Ask what is to be changed of a robot."""
    robot = _own(robot_id)
    form = _form(robot, fresh_one=True)
    return htmx.show("robots/edit.html", form=form, robot=robot, keyword=texts.NAME)


@bp.post("/robots/<uuid:robot_id>")
@require(Permission.ROBOT_MANAGE)
@fresh
def update_robot(robot_id: UUID) -> ResponseReturnValue:
    """Change a robot."""
    robot, form = _own(robot_id), _form(fresh_one=False)
    if form.validate_on_submit():
        try:
            actions.change(robot, form.given, revision=form.seen, by=current_member())
        except ConflictError as refusal:
            return _refused(robot_id, refusal)
        except RefusedError as refusal:
            show_refusal(blamed(form, refusal) or form.name, refusal)
        else:
            flash(_("已保存"), "success")
            return htmx.gone_to(url_for(".robot", robot_id=robot_id))
    return htmx.invalid("robots/edit.html", form=form, robot=robot, keyword=texts.NAME)


def _refused(robot_id: UUID, refusal: RefusedError | ConflictError) -> ResponseReturnValue:
    return htmx.refused("robots/robot.html", refusal=refusal, **_page(_own(robot_id)))


@bp.post("/robots/<uuid:robot_id>/trial")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_trial(robot_id: UUID) -> ResponseReturnValue:
    """Send a message that says that it works."""
    member, robot = current_member(), _own(robot_id)
    try:
        verdict = actions.try_out(robot, by=member, place=member.title)
    except (ConflictError, RefusedError) as refusal:
        return _refused(robot_id, refusal)
    if verdict.fault is None:
        flash(_("测试消息已发出，请到群里看看。"), "success")
    else:
        flash(_("测试消息没有发出，原因见下。"), "danger")
    return htmx.gone_to(url_for(".robot", robot_id=robot_id))


@bp.post("/robots/<uuid:robot_id>/rest")
@require(Permission.ROBOT_MANAGE)
def create_rest(robot_id: UUID) -> ResponseReturnValue:
    """Switch a robot off."""
    try:
        actions.switch_off(_own(robot_id), by=current_member())
    except ConflictError as refusal:
        return _refused(robot_id, refusal)
    flash(_("已停用，群里不再收到提醒"), "success")
    return htmx.gone_to(url_for(".robot", robot_id=robot_id))


@bp.post("/robots/<uuid:robot_id>/return")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_return(robot_id: UUID) -> ResponseReturnValue:
    """Switch a robot on."""
    try:
        actions.switch_on(_own(robot_id), by=current_member())
    except ConflictError as refusal:
        return _refused(robot_id, refusal)
    flash(_("已启用，从现在起的提醒会发到群里"), "success")
    return htmx.gone_to(url_for(".robot", robot_id=robot_id))


@bp.post("/robots/<uuid:robot_id>/removal")
@require(Permission.ROBOT_MANAGE)
@fresh
def create_removal(robot_id: UUID) -> ResponseReturnValue:
    """Forget a robot."""
    actions.remove(_own(robot_id), by=current_member())
    flash(_("已删除"), "success")
    return htmx.gone_to(url_for(".robots"))
