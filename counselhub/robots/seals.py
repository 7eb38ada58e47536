"""The webhook of a robot, sealed with its row: whoever has it may write in the group."""

import json

from sqlalchemy import select, update

from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, Resealing
from counselhub.core.tenancy import as_platform
from counselhub.robots.hooks import Hook
from counselhub.robots.kinds import Vendor
from counselhub.robots.models import Robot


def place_of(robot: Robot) -> Place:
    """Return where the webhook is sealed: it opens nowhere else."""
    return Place(robot.id, Robot.__tablename__, robot.id, "sealed")


def seal(robot: Robot, hook: Hook) -> None:
    """Keep a webhook with its robot."""
    text = json.dumps({"token": hook.token, "secret": hook.secret})
    robot.sealed = data_keys.writing_ring().seal(text, place_of(robot))
    robot.is_signed = bool(hook.secret)


def hook_of(robot: Robot) -> Hook:
    """Return the webhook in the clear. Raises UnsealError."""
    found = json.loads(data_keys.ring().unseal(robot.sealed, place_of(robot)))
    return Hook(Vendor.of(robot.vendor), **found)


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every webhook under the writing key; how many, and the keys still needed. Commits."""
    done = Resealing(ring)
    with as_platform():
        for robot in db.session.scalars(select(Robot).with_for_update()):
            if (sealed := done.again(robot.sealed, place_of(robot))) is None:
                continue
            # Past the ORM's count of revisions: who has the page open is not to be refused.
            db.session.execute(
                update(Robot).where(Robot.id == robot.id).values(sealed=sealed),
                execution_options={"synchronize_session": False},
            )
        db.session.commit()
    return done.count, done.needed
