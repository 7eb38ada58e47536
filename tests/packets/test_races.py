"""Two who act at once: one is done, the other is told that the thing has changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from tests.packets.conftest import Two


def at_once(*acts: Callable[[], int]) -> list[int]:
    """Do them at the same time, under the frozen clock; return their statuses in order."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(one.result() for one in [pool.submit(copy_context().run, a) for a in acts])


def test_a_refusal_and_a_revocation(two: Two) -> None:
    sent, page = two.opened()
    found = at_once(
        lambda: two.sender.post(f"{sent}/revocation").status_code,
        lambda: two.receiver.post(f"{page}/refusal", data={"why": "busy"}).status_code,
    )
    assert found == [303, 409]
    here, there = two.rows(sent)
    assert here.status == there.status
    assert there.sealed is None


def test_yes_and_no(two: Two) -> None:
    sent, page = two.opened()
    found = at_once(
        lambda: two.receiver.post(f"{page}/acceptance").status_code,
        lambda: two.clerk.post(f"{page}/refusal", data={"why": "busy"}).status_code,
    )
    assert found == [303, 409]
    here, there = two.rows(sent)
    assert here.status == there.status


def test_two_packets_of_one_referral(two: Two) -> None:
    found = at_once(
        *(lambda: two.sender.post(f"{two.referral}/packets", data=two.form()).status_code,) * 2
    )
    assert found == [303, 409]
