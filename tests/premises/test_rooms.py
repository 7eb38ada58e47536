"""Rooms of communities, their conditions and photos."""

import pytest

from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.uploads import UploadError
from counselhub.premises import (
    files,
    issue_actions,
    queries,
    room_actions,
)
from counselhub.premises.kinds import IssueKind
from counselhub.premises.room_actions import RoomEntry
from tests.factories import Town
from tests.premises.conftest import (
    PLAN,
    WEDNESDAY,
    days,
    paper,
    scan,
)

ROOM = RoomEntry(
    True, "一楼", 20, "own", "9:00–17:00", ["desk", "sign"], True, WEDNESDAY, WEDNESDAY, None
)
pytestmark = pytest.mark.usefixtures("wednesday")


def test_a_room_keeps_nothing_of_a_room_that_is_not_there(
    office: None, town: Town, checker: Member
) -> None:
    code = town.communities[0]
    row = room_actions.keep(code, ROOM, by=checker)
    assert (row.inspected_by_name, row.conditions) == ("黄经办", ["desk", "sign"])
    gone = RoomEntry(False, None, 20, "own", "9:00", ["desk"], False, WEDNESDAY, None, None)
    room_actions.keep(code, gone, by=checker, revision=row.revision)
    assert (row.area_m2, row.hours, row.conditions) == (None, None, [])
    assert row.board_current_on is None
    assert queries.lacking(row, []) == [IssueKind.NO_ROOM, IssueKind.NO_BOARD]


def test_a_stale_page_of_a_room_is_refused(office: None, town: Town, checker: Member) -> None:
    code = town.communities[0]
    with pytest.raises(ConflictError):
        room_actions.keep(code, ROOM, by=checker, revision=3)
    room_actions.keep(code, ROOM, by=checker)
    with pytest.raises(ConflictError, match="别人已经登记"):
        room_actions.keep(code, ROOM, by=checker)


def test_days_to_come_and_unknown_conditions_are_refused(
    office: None, town: Town, checker: Member
) -> None:
    tomorrow = WEDNESDAY + days(1)
    for entry, words in (
        (RoomEntry(True, *[None] * 4, [], None, None, tomorrow, None), "查看日期"),
        (RoomEntry(True, *[None] * 4, [], True, tomorrow, None, None), "更新日期"),
        (RoomEntry(True, *[None] * 4, ["pool"], None, None, None, None), "不认识"),
    ):
        with pytest.raises(RefusedError, match=words):
            room_actions.keep(town.communities[0], entry, by=checker)


def test_photos_of_a_room(office: None, town: Town, checker: Member) -> None:
    row = room_actions.keep(town.communities[0], ROOM, by=checker)
    with pytest.raises(RefusedError, match="JPEG"):
        room_actions.add_photo(row, files.read(scan()), by=checker)
    photo = room_actions.add_photo(row, paper(), by=checker)
    with pytest.raises(ConflictError, match="已经传过"):
        room_actions.add_photo(row, paper(), by=checker)
    for shade in range(room_actions.MOST_PHOTOS - 1):
        room_actions.add_photo(row, paper(shade * 20 + 5), by=checker)
    with pytest.raises(RefusedError, match="最多6张"):
        room_actions.add_photo(row, paper(200), by=checker)
    room_actions.remove_photo(photo, by=checker)
    assert len(queries.files_of_room(row)) == room_actions.MOST_PHOTOS - 1
    issue = issue_actions.report(town.communities[0], IssueKind.NO_ROOM, "", by=checker)
    issue_actions.plan(issue, PLAN, by=checker)
    issue_actions.explain(issue, paper(), by=checker)
    with pytest.raises(NotFoundError):
        room_actions.remove_photo(queries.files_of_issue(issue)[0], by=checker)


def test_what_is_no_photo_and_no_scan_is_refused() -> None:
    with pytest.raises(UploadError):
        files.read(b"MZ this is a program")
