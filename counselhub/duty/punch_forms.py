"""What a phone sends of its taps: one field of JSON, a list of at most MOST taps."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from flask_babel import gettext as _

from counselhub.core.errors import RefusedError
from counselhub.duty.kinds import PunchKind
from counselhub.duty.punch_rules import Claim
from counselhub.duty.punches import Sent
from counselhub.points.sent import brought

MOST = 50
LONGEST_REMARK = 200
EARLIEST, LATEST = 0, 4_102_444_800_000
"""1970 to 2100 in milliseconds: a phone's clock may be wrong, but not without bounds."""
A_CENTURY = 3_200_000_000_000


def taps(text: str) -> list[Sent]:
    """Return the taps of a request, in its order. Raises RefusedError for what no phone sends."""
    try:
        given = orjson.loads(text)
        if not isinstance(given, list) or not 0 < len(given) <= MOST:
            raise ValueError("not a list of taps")
        return [_tap(one) for one in given]
    except (ValueError, KeyError, TypeError, AttributeError) as nonsense:
        raise RefusedError(_("打卡内容无法识别，请刷新页面后再试。")) from nonsense


def _tap(given: Mapping[str, Any]) -> Sent:
    kind = PunchKind.of(given["kind"])
    place, _bar, stands_in = str(given["place"]).partition("|")
    offset = given.get("offset")
    remark = str(given.get("remark") or "").strip()
    if len(remark) > LONGEST_REMARK or "\0" in remark + place:
        raise ValueError("no remark of a form")
    return Sent(
        key=UUID(given["key"]),
        kind=kind,
        community_code=place,
        claim=Claim(
            _instant(given["tapped"]),
            _instant(given["sent"]),
            None
            if offset is None
            else timedelta(milliseconds=_within(offset, -A_CENTURY, A_CENTURY)),
        ),
        ends=UUID(given["ends"]) if kind == PunchKind.OUT else None,
        substitute_for_id=UUID(stands_in) if stands_in else None,
        remark=remark,
        community_confirmed=given.get("confirmed") is True,
        brought=brought(given),
    )


def _instant(milliseconds: object) -> datetime:
    return datetime.fromtimestamp(_within(milliseconds, EARLIEST, LATEST) / 1000, UTC)


def _within(number: object, lowest: int, highest: int) -> int:
    if type(number) is not int or not lowest <= number <= highest:
        raise ValueError("no number of a clock")
    return number
