"""Add a robot, change it, switch it off and on, remove it, try it out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, update

from counselhub.core import clock, history
from counselhub.core.db import db, take_lock
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.core.sealing import UnsealError
from counselhub.core.tenancy import as_platform
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.models import Delivery
from counselhub.notices.rules import Hours
from counselhub.robots import queries, rules, seals, sending, texts, webhooks
from counselhub.robots.kinds import Fault, Style, Vendor
from counselhub.robots.models import Robot
from counselhub.robots.sending import Verdict
from counselhub.robots.webhooks import Webhook, WebhookError

MOST_ROBOTS = 20
"""Of one firm or office: more groups than anybody reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a robot is to be. address, secret: as typed, '' to keep what is sealed."""

    name: str
    vendor: Vendor
    style: Style
    topics: Sequence[str]
    is_daily: bool
    hours: Hours
    address: str
    secret: str

    @property
    def columns(self) -> dict[str, Any]:
        """What goes into the row as it is."""
        return {
            "name": self.name,
            "vendor": self.vendor,
            "style": self.style,
            "topics": list(self.topics),
            "is_daily": self.is_daily,
            **asdict(self.hours),
        }


def make(given: Given, *, by: Member) -> Robot:
    """Add a robot. Raises RefusedError."""
    if not given.address:
        raise RefusedError(_("请填写 Webhook 地址。"), at="address")
    webhook = _webhook(given, "", "")
    take_lock(f"robots:{by.scope.kind}:{by.scope.key}")
    if queries.number_of(by.scope) >= MOST_ROBOTS:
        raise RefusedError(_("最多 %(most)s 个群机器人，请先删除不用的。", most=MOST_ROBOTS))
    robot = Robot(
        kind=by.scope.kind.value,
        key=by.scope.key,
        made_by_name=by.name,
        created_at=clock.now(),
        **given.columns,
    )
    with as_platform():
        seals.seal(robot, webhook)
        db.session.add(robot)
    _note("robot_made", robot, by)
    return robot


def change(robot: Robot, given: Given, *, revision: int | None, by: Member) -> None:
    """Change a robot. Raises RefusedError, ConflictError for a stale page."""
    history.expect(robot, revision)
    webhook = None
    if given.address or given.secret:
        webhook = _webhook(given, *(("", "") if given.address else _kept(robot)))
    elif given.vendor != robot.vendor:
        raise RefusedError(_("换了平台，请填写新的 Webhook 地址。"), at="address")
    with as_platform():
        for name, value in given.columns.items():
            setattr(robot, name, value)
        if webhook is not None:
            seals.seal(robot, webhook)
            robot.asked_at, robot.blocked_until = [], None
            robot.fault, robot.fault_words, robot.fault_at = None, "", None
            _hasten(robot)
    _note("robot_changed", robot, by, webhook=webhook is not None)


def _kept(robot: Robot) -> tuple[str, str]:
    """Return the vendor and the token that stay when only the secret is given anew."""
    try:
        return robot.vendor, seals.webhook_of(robot).token
    except UnsealError:
        raise RefusedError(_("请重新填写 Webhook 地址。"), at="address") from None


def _webhook(given: Given, vendor: str, token: str) -> Webhook:
    """Return the webhook that was typed. Raises RefusedError with what is wrong, at its field."""
    if given.secret and given.vendor is Vendor.WECOM:
        raise RefusedError(_("企业微信的群机器人没有加签密钥，请留空。"), at="secret")
    if given.secret and not webhooks.SECRET.fullmatch(given.secret):
        raise RefusedError(_("加签密钥是以 SEC 开头的一串字母和数字，请完整复制。"), at="secret")
    if not given.address:
        if vendor != given.vendor:
            raise RefusedError(_("换了平台，请填写新的 Webhook 地址。"), at="address")
        return Webhook(given.vendor, token, given.secret)
    try:
        typed = webhooks.token_of(given.vendor, given.address, queries.bases())
    except WebhookError as problem:
        raise RefusedError(_told(given.vendor, problem), at="address") from None
    return Webhook(given.vendor, typed, given.secret)


def _told(vendor: Vendor, problem: WebhookError) -> str:
    if problem.of is not None:
        return str(_("这是%(other)s的地址，请改选平台，或换一个地址。", other=problem.of.label))
    start = queries.bases()[vendor].split("://")[1] + webhooks.PATHS[vendor]
    return str(_("地址应当以 %(start)s 开头，请从群机器人的设置里完整复制。", start=start))


def _hasten(robot: Robot) -> None:
    """Let what waited for somebody to look at the robot go now."""
    now = clock.now()
    waiting = update(Delivery).where(
        queries.OF_ROBOTS,
        Delivery.target_id == robot.id,
        Delivery.state == DeliveryState.WAITING,
        Delivery.tries == 0,
    )
    if robot.is_daily:
        waiting = waiting.where(Delivery.batch_id.is_not(None))
    db.session.execute(waiting.values(due_at=now), execution_options={"synchronize_session": False})


def switch_off(robot: Robot, *, by: Member) -> None:
    """Let a robot say nothing any more; what waits is forgotten. Raises ConflictError.

    robot: locked, as for every act below.
    """
    if robot.off_at is not None:
        raise ConflictError(_("这个群机器人已经停用。"))
    with as_platform():
        robot.off_at, robot.off_by_name = clock.now(), by.name
        unsent = update(Delivery).where(
            queries.OF_ROBOTS,
            Delivery.target_id == robot.id,
            Delivery.state == DeliveryState.WAITING,
        )
        db.session.execute(
            unsent.values(state=DeliveryState.LAPSED, ended_at=clock.now()),
            execution_options={"synchronize_session": False},
        )
    _note("robot_off", robot, by)


def switch_on(robot: Robot, *, by: Member) -> None:
    """Let a robot speak again, of what happens from now on. Raises ConflictError."""
    if robot.off_at is None:
        raise ConflictError(_("这个群机器人已经启用。"))
    with as_platform():
        robot.off_at = robot.off_by_name = None
    _note("robot_on", robot, by)


def remove(robot: Robot, *, by: Member) -> None:
    """Forget a robot with its webhook and everything that it was sent."""
    with as_platform():
        told = (queries.OF_ROBOTS, Delivery.target_id == robot.id)
        db.session.execute(delete(Delivery).where(*told))
        db.session.delete(robot)
    _note("robot_removed", robot, by)


def try_out(robot: Robot, *, by: Member, place: str) -> Verdict:
    """Send a message that says that it works; a robot that was stopped goes on when it arrives.

    It counts as one of those that a minute allows. Raises RefusedError when that is used up,
    ConflictError for a robot that is off.
    """
    now = clock.now()
    if robot.off_at is not None:
        raise ConflictError(_("这个群机器人已经停用。"))
    turn = rules.next_turn(robot.asked_at, robot.blocked_until, now)
    if turn > now:
        seconds = round((turn - now).total_seconds()) + 1
        raise RefusedError(_("发得太快了，请在 %(seconds)s 秒后再试。", seconds=seconds))
    verdict = _try(robot, place)
    values = {"asked_at": counted(robot, now)} | standing(verdict, now)
    if verdict.fault is None:
        values["blocked_until"] = None
        with as_platform():
            _hasten(robot)
    write(robot, values)
    _note("robot_tested", robot, by, arrived=verdict.fault is None)
    return verdict


def counted(robot: Robot, now: datetime) -> list[datetime]:
    """Return when a robot asked last, with one more request."""
    return [*robot.asked_at, now][-rules.MOST_A_MINUTE :]


def standing(verdict: Verdict, now: datetime) -> dict[str, Any]:
    """Return what a message's end changes on its robot, for `write`."""
    if verdict.fault is None:
        return {"fault": None, "fault_words": "", "fault_at": None, "sent_at": now}
    told = {"fault": verdict.fault.value, "fault_words": verdict.words, "fault_at": now}
    return told | ({"blocked_until": now + rules.BLOCK} if verdict.fault is Fault.TOO_FAST else {})


def _try(robot: Robot, place: str) -> Verdict:
    try:
        webhook = seals.webhook_of(robot)
    except UnsealError:
        return Verdict(Fault.UNSEALED)
    style = Style.of(robot.style)
    title = f"{texts.NAME}：测试消息"
    words = f"以后这里会收到“{texts.plain(place)}”的提醒，不含服务对象的任何信息。"
    how = texts.layout(webhook.vendor, style)
    message = texts.Message(title, how.gap.join((title, words)))
    document = texts.body(webhook.vendor, style, message)
    return sending.send(webhook, document, queries.bases(), int(clock.now().timestamp() * 1000))


def write(robot: Robot, values: dict[str, Any]) -> None:
    """Write how a robot does, past its revision: who has the page open is not to be refused."""
    with as_platform():
        db.session.execute(
            update(Robot).where(Robot.id == robot.id).values(values),
            execution_options={"synchronize_session": "fetch"},
        )


def _note(act: str, robot: Robot, by: Member, **more: Any) -> None:
    vendor = Vendor.of(robot.vendor).value
    history.note(act, scope=by.scope, by=by, robot=robot.name, vendor=vendor, **more)
