"""Online shifts by programs: planned, changed and removed as the desk does."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.duty import SHIFTS, change, pointers, shift
from tests.api.test_writing import post
from tests.factories import Tenant
from tests.programs import Program

pytestmark = pytest.mark.usefixtures("noon")


def test_shifts_repeat_and_skip_what_is_there(
    asks: Program, tenant: Tenant, planned: dict[str, Any]
) -> None:
    assert planned["starts_at"] == "2026-10-08T20:00:00+08:00"
    assert planned["ends_at"] == "2026-10-09T08:00:00+08:00"
    made = post(asks, SHIFTS, shift(tenant, every_days=7))
    assert made.status_code == 201
    assert made.json["there"] == 1
    assert [one["starts_at"][8:10] for one in made.json["items"]] == ["15", "22", "29"]
    listed = asks.everything(f"{SHIFTS}?from=2026-10-01&to=2026-10-31")
    by_start = sorted(listed, key=lambda one: str(one["starts_at"]))
    assert by_start == [planned, *made.json["items"]]
    assert asks.everything(f"{SHIFTS}?from=2026-10-09&to=2026-10-09") == [planned], "until 08:00"
    taken = post(asks, SHIFTS, shift(tenant))
    assert taken.status_code == 409
    assert "已经有一班" in taken.get_json(force=True)["detail"]


def test_a_shift_is_changed_and_removed(
    asks: Program, tenant: Tenant, planned: dict[str, Any]
) -> None:
    path = f"{SHIFTS}/{planned['id']}"
    seen = asks.get(path).headers["ETag"]
    told = change(asks, path, {"ends": "23:00"}, seen)
    assert told.json == planned | {
        "ends_at": "2026-10-08T23:00:00+08:00",
        "revision": told.json["revision"],
    }
    assert change(asks, path, {"ends": "22:00"}, seen).status_code == 412
    assert change(asks, path, None, seen, "DELETE").status_code == 412
    assert asks.ask("DELETE", path).status_code == 428
    gone = change(asks, path, None, method="DELETE")
    assert (gone.status_code, gone.json) == (200, told.json)
    assert "ETag" not in gone.headers
    assert asks.get(path).status_code == 404


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        pytest.param({"adviser_id": str(uuid4())}, "/body/adviser_id", id="nobody"),
        pytest.param({"street_code": "1" * 9}, "/body/street_code", id="not served"),
        pytest.param({"starts": "24:00"}, "/body/starts", id="no time"),
        pytest.param({"every_days": 2}, "/body/every_days", id="no such repeat"),
    ],
)
def test_a_fault_of_a_shift_names_its_field(
    asks: Program, tenant: Tenant, given: dict[str, object], pointer: str
) -> None:
    answer = post(asks, SHIFTS, shift(tenant, **given))
    assert answer.status_code == 422, answer.text
    assert pointer in pointers(answer)
