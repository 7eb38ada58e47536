"""What programs say of sessions and shifts."""

from typing import Any

from tests.factories import Tenant
from tests.programs import Program

SESSIONS, SHIFTS = "/duty/sessions", "/duty/shifts"


def entry(tenant: Tenant, **given: object) -> dict[str, object]:
    """What a missed session is said to be."""
    return {
        "adviser_id": str(tenant.adviser_id),
        "community_code": tenant.town.communities[0],
        "day": "2026-10-07",
        "signed_in": "09:00",
        "signed_out": "11:00",
        "reason": "phone",
        "remark": "手机没电",
    } | given


def shift(tenant: Tenant, **given: object) -> dict[str, object]:
    """What an online shift is said to be."""
    return {
        "adviser_id": str(tenant.adviser_id),
        "street_code": tenant.town.street_code,
        "day": "2026-10-08",
        "starts": "20:00",
        "ends": "08:00",
    } | given


def change(asks: Program, path: str, body: Any, etag: str = "", method: str = "PATCH") -> Any:
    seen = etag or asks.get(path).headers["ETag"]
    return asks.ask(method, path, json=body, headers={"If-Match": seen})


def pointers(answer: Any) -> set[str]:
    return {one["pointer"] for one in answer.get_json(force=True).get("errors", [])}
