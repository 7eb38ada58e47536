"""The webhook of a robot, sealed with its row: whoever has it may write in the group."""

import json

from counselhub.core import data_keys, resealing
from counselhub.core.sealing import KeyRing, Place
from counselhub.robots.kinds import Vendor
from counselhub.robots.models import Robot
from counselhub.robots.webhooks import Webhook


def place_of(robot: Robot) -> Place:
    """Return where the webhook is sealed: it opens nowhere else."""
    return Place(robot.id, Robot.__tablename__, robot.id, "sealed")


def seal(robot: Robot, webhook: Webhook) -> None:
    """Keep a webhook with its robot."""
    text = json.dumps({"token": webhook.token, "secret": webhook.secret})
    robot.sealed = data_keys.writing_ring().seal(text, place_of(robot))
    robot.is_signed = bool(webhook.secret)


def webhook_of(robot: Robot) -> Webhook:
    """Return the webhook in the clear. Raises UnsealError."""
    found = json.loads(data_keys.ring().unseal(robot.sealed, place_of(robot)))
    return Webhook(Vendor.of(robot.vendor), **found)


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every webhook anew; return how many, and the keys that are still needed."""
    return resealing.of_platform(ring, place_of, Robot.sealed)
