"""What may be asked for in the background, by name: one table. The worker knows no other."""

from counselhub.billing import events
from counselhub.core.queueing import Task

TASKS: tuple[Task, ...] = (Task("stripe_event", events.handle),)
