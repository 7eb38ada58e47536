"""What inspectors find: one row of the table each, no database."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from counselhub.services.inspection import (
    EVERY,
    RecordFact,
    SessionFact,
    count_by_community,
    findings,
)
from counselhub.services.kinds import DisputeKind, FileKind, ServiceKind, ServiceMode

PLACE = {
    "id": UUID(int=1), "day": date(2026, 11, 3), "community_code": "1", "adviser_id": UUID(int=2)
}  # fmt: skip
GOOD = RecordFact(**PLACE, number="FW1", kind=ServiceKind.CONSULTATION, letters=20)
FILES = frozenset({FileKind.PHOTO, FileKind.DRAFT, FileKind.SIGN_IN})
LECTURE = replace(GOOD, kind=ServiceKind.LECTURE, persons=60, files=FILES)
MEDIATION = replace(
    GOOD, kind=ServiceKind.MEDIATION, dispute_kind=DisputeKind.NEIGHBOUR, has_outcome=True
)


def codes(fact: RecordFact, **more: Any) -> list[str]:
    return [check.code for one in findings([fact], [], **more) for check in one.checks]


@pytest.mark.parametrize("fact", [GOOD, LECTURE, MEDIATION], ids=["advice", "lecture", "mediation"])
def test_a_whole_record_lacks_nothing(fact: RecordFact) -> None:
    assert codes(fact) == []


@pytest.mark.parametrize(
    ("fact", "change", "code"),
    [
        pytest.param(LECTURE, {"files": FILES - {FileKind.PHOTO}}, "INSPECT-1", id="no photo"),
        pytest.param(GOOD, {"kind": ServiceKind.PUBLICITY}, "INSPECT-1", id="publicity too"),
        pytest.param(LECTURE, {"files": FILES - {FileKind.DRAFT}}, "INSPECT-2", id="no draft"),
        pytest.param(LECTURE, {"files": FILES - {FileKind.SIGN_IN}}, "INSPECT-3", id="no sheet"),
        pytest.param(LECTURE, {"persons": 0}, "INSPECT-4", id="nobody counted"),
        pytest.param(GOOD, {"letters": 9}, "INSPECT-5", id="thin"),
        pytest.param(GOOD, {"mode": ServiceMode.VISIT}, "INSPECT-7", id="a visit to no place"),
        pytest.param(MEDIATION, {"dispute_kind": None}, "INSPECT-8", id="of which dispute"),
        pytest.param(MEDIATION, {"has_outcome": False}, "INSPECT-9", id="how it ended"),
        pytest.param(GOOD, {"recovered_fen": 1}, "INSPECT-10", id="recovered by advice"),
    ],
)
def test_what_is_missing(fact: RecordFact, change: dict[str, Any], code: str) -> None:
    changed = replace(fact, **change)
    assert codes(changed) == [code]
    assert codes(changed, skipped={code}) == []


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param(
            replace(LECTURE, files=FILES - {FileKind.PHOTO}, is_photographed=True), id="by the duty"
        ),
        pytest.param(
            replace(GOOD, kind=ServiceKind.PUBLICITY, mode=ServiceMode.WECHAT), id="in a group"
        ),
        pytest.param(replace(MEDIATION, recovered_fen=1), id="recovered by mediation"),
        pytest.param(replace(GOOD, mode=ServiceMode.VISIT, has_place=True), id="a visit somewhere"),
        pytest.param(replace(GOOD, letters=10), id="INSPECT-5 exactly enough"),
    ],
)
def test_what_is_enough(fact: RecordFact) -> None:
    assert codes(fact) == []


def test_a_session_without_a_record_and_how_many_a_community_lacks() -> None:
    silent = SessionFact(**PLACE | {"day": date(2026, 11, 1)}, has_record=False)
    written = SessionFact(**PLACE, has_record=True)
    thin = replace(MEDIATION, letters=1, has_outcome=False, community_code="2")
    found = findings([thin, GOOD], [silent, written])
    assert [[check.code for check in one.checks] for one in found] == [
        ["INSPECT-6"],
        ["INSPECT-5", "INSPECT-9"],
    ]
    assert count_by_community(found) == {"1": 1, "2": 2}
    assert findings([], [silent], skipped={"INSPECT-6"}) == []


def test_every_check_has_its_own_code() -> None:
    assert sorted(EVERY) == sorted(f"INSPECT-{number}" for number in range(1, 11))
