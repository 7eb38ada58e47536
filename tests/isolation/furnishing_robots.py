"""A robot of the room's firm, and a notice that waits for its group."""

from datetime import date
from typing import TYPE_CHECKING

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.notices.kinds import Kind
from counselhub.notices.outbox import Outgoing, put
from counselhub.robots import seals
from counselhub.robots.kinds import Vendor
from counselhub.robots.models import Robot
from counselhub.robots.queries import CHANNEL
from counselhub.robots.webhooks import Webhook

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Make both under the platform's scope, as the actions do."""
    robot = Robot(
        kind="firm",
        key=str(room.tenant.firm_id),
        vendor="dingtalk",
        name=f"群{room.token}",
        style="markdown",
        topics=[Kind.COVERAGE_GAP.value],
        is_daily=False,
        digest_at=8,
        quiet_from=22,
        quiet_until=8,
        rests=False,
        made_by_name=f"主任{room.token}",
        created_at=clock.now(),
    )
    seals.seal(robot, Webhook(Vendor.DINGTALK, f"token-{room.token}", ""))
    db.session.add(robot)
    db.session.flush()
    waiting = Outgoing(
        channel=CHANNEL,
        target_id=robot.id,
        scope=Scope(ScopeKind.FIRM, str(room.tenant.firm_id)),
        kind=Kind.COVERAGE_GAP.value,
        key=room.token,
        facts={"community": f"社区{room.token}", "day": date(2026, 12, 1).isoformat()},
        path="/",
        due_at=clock.now(),
    )
    put([waiting])
    room.note(robot_id=robot.id)
