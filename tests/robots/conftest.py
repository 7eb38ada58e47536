"""A group on this machine, and robots that write there."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from counselhub.core import placed
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.notices.kinds import Kind
from counselhub.notices.rules import Hours
from counselhub.robots import actions
from counselhub.robots.actions import Given
from counselhub.robots.kinds import Style, Vendor
from counselhub.robots.models import Robot
from tests.factories import Tenant
from tests.robots import server
from tests.robots.server import Group

ALWAYS = Hours(quiet_from=0, quiet_until=0)


@pytest.fixture
def group(app: Flask) -> Iterator[Group]:
    """Both vendors, answered by one server of ours."""
    before = {name: app.config[name] for name in ("DINGTALK", "WECOM")}
    with server.running() as found:
        app.config.update(DINGTALK=found.address, WECOM=found.address)
        yield found
    app.config.update(before)


def given(group: Group, **changes: Any) -> Given:
    """What a robot of the group at DingTalk is to be."""
    values: dict[str, Any] = {
        "name": "值班群",
        "vendor": Vendor.DINGTALK,
        "style": Style.MARKDOWN,
        "topics": [Kind.CONTRACT_ENDING.value, Kind.COVERAGE_GAP.value],
        "is_daily": False,
        "hours": ALWAYS,
        "address": f"{group.address}/robot/send?access_token={server.TOKEN}",
        "secret": server.SECRET,
    }
    return Given(**(values | changes))


def wecom(group: Group, **changes: Any) -> Given:
    """What a robot of the group at WeCom is to be."""
    address = f"{group.address}/cgi-bin/webhook/send?key={server.KEY}"
    return given(group, vendor=Vendor.WECOM, address=address, secret="", **changes)


def make(by: Member, wanted: Given) -> Robot:
    """Add a robot and commit; return it to read, outside any session."""
    with as_platform():
        robot = actions.make(wanted, by=by)
        db.session.flush()
        db.session.refresh(robot)
        db.session.expunge(robot)
        db.session.commit()
    return robot


def held(robot: Robot) -> Robot:
    """The robot as an act finds it: locked until the next commit."""
    return placed.own(Robot, robot.id, robot.scope, locked=True)


@pytest.fixture
def robot(context: None, tenant: Tenant, group: Group) -> Robot:
    """The firm's robot at DingTalk, which takes two kinds at any hour."""
    return make(tenant.member(), given(group))
