"""What people were told, and the record of what went out."""

from counselhub.notices.models import Delivery, Notice
from counselhub.retention.sweeping import Sweep, on_platform


def notices(sweep: Sweep) -> None:
    """Notices told long ago, read or not."""
    on_platform(sweep, Notice.id, Notice.made_at < sweep.until, shown=Notice.id)


def deliveries(sweep: Sweep) -> None:
    """What went out long ago, and what never did."""
    on_platform(sweep, Delivery.id, Delivery.made_at < sweep.until, shown=Delivery.id)
