"""Robots of a place, what waits for their groups, what they were sent."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, Select, func, or_, select

from counselhub.core.columns import among, containing
from counselhub.core.db import db
from counselhub.core.tenancy import Scope, as_platform
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.models import Delivery
from counselhub.robots.kinds import STOPPING, RobotState, Vendor
from counselhub.robots.models import Robot
from counselhub.robots.webhooks import Bases

IS_OFF = Robot.off_at.is_not(None)
IS_STOPPED = Robot.fault.in_([one.value for one in STOPPING])
IS_ON = (~IS_OFF, or_(Robot.fault.is_(None), ~IS_STOPPED))
IN_STATE: Mapping[RobotState, tuple[ColumnElement[bool], ...]] = {
    RobotState.ON: IS_ON,
    RobotState.STOPPED: (~IS_OFF, IS_STOPPED),
    RobotState.OFF: (IS_OFF,),
}
CHANNEL = "robot"
"""The channel whose targets are robots."""
OF_ROBOTS = Delivery.channel == CHANNEL
UNSENT = Delivery.state.in_([DeliveryState.WAITING.value, DeliveryState.SENDING.value])


def bases() -> Bases:
    """Return where the vendors answer: their own hosts, or this machine in tests."""
    return {
        Vendor.DINGTALK: current_app.config["DINGTALK"],
        Vendor.WECOM: current_app.config["WECOM"],
    }


def robots(scope: Scope, words: str, state: str) -> Select[Robot]:
    """Select a place's robots, newest first; to be sent under the platform's scope.

    words: each is in the name or the maker's name. state: '' for all.
    """
    query = select(Robot).where(Robot.of(scope), containing(words, Robot.name, Robot.made_by_name))
    if state in set(RobotState):
        query = query.where(*IN_STATE[RobotState.of(state)])
    return query.order_by(Robot.created_at.desc(), Robot.id)


def number_of(scope: Scope) -> int:
    """Return how many robots a place has."""
    query = select(func.count()).select_from(Robot).where(Robot.of(scope))
    with as_platform():
        return db.session.scalar(query) or 0


def waiting(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many notices wait for each of these robots, none of those without any."""
    query = (
        select(Delivery.target_id, func.count())
        .where(OF_ROBOTS, UNSENT, among(Delivery.target_id, ids))
        .group_by(Delivery.target_id)
    )
    with as_platform():
        return {row[0]: row[1] for row in db.session.execute(query)}


def sendings(robot_id: UUID, state: str) -> Select[Delivery]:
    """Select what one robot's group was told or is to be told, newest first; as `robots`."""
    query = select(Delivery).where(OF_ROBOTS, Delivery.target_id == robot_id)
    if state in set(DeliveryState):
        query = query.where(Delivery.state == state)
    return query.order_by(Delivery.made_at.desc(), Delivery.id.desc())
