"""What a browser does while the worker is in the middle of a long work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from counselhub.work.running import Order


def at_part(
    monkeypatch: pytest.MonkeyPatch, work_id: UUID, part: int, act: Callable[[int], None]
) -> None:
    """Do `act` as the work says that it begins this part; it is given how many there are."""
    tell = Order.tell

    def told(order: Order, done: int, parts: int, doing: str = "") -> None:
        tell(order, done, parts, doing)
        if (order.id, done) == (work_id, part):
            with ThreadPoolExecutor(1) as browser:  # the worker's session is none of its
                browser.submit(act, parts).result()

    monkeypatch.setattr(Order, "tell", told)
