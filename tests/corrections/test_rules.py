"""What a correction changes, and who decides on it: no database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from counselhub.corrections.rules import Version, difference_minutes, is_change, may_decide

NINE = datetime(2026, 10, 8, 1, tzinfo=UTC)


def version(minutes: int | None, community: str = "甲", stands_in: int | None = None) -> Version:
    end = None if minutes is None else NINE + timedelta(minutes=minutes)
    return Version(community, NINE, end, UUID(int=stands_in) if stands_in else None)


@pytest.mark.parametrize(
    ("was", "wanted", "more", "changes"),
    [
        pytest.param(version(60), version(120), 60, True, id="longer"),
        pytest.param(version(120), version(60), -60, True, id="shorter"),
        pytest.param(version(None), version(90), 90, True, id="never signed out"),
        pytest.param(None, version(90), 90, True, id="never recorded"),
        pytest.param(version(60), version(60), 0, False, id="CORR-1 nothing"),
        pytest.param(version(60), version(60, "乙"), 0, True, id="another community"),
        pytest.param(version(60), version(60, stands_in=7), 0, True, id="for a colleague"),
    ],
)
def test_what_changes(was: Version | None, wanted: Version, more: int, changes: bool) -> None:
    assert difference_minutes(was, wanted) == more
    assert is_change(was, wanted) is changes


@pytest.mark.parametrize(
    ("is_own", "has_colleague", "may"),
    [
        pytest.param(False, True, True, id="a colleague's"),
        pytest.param(False, False, True, id="a colleague's, alone"),
        pytest.param(True, True, False, id="CORR-2 the own, another may"),
        pytest.param(True, False, True, id="CORR-2 the own, nobody else may"),
    ],
)
def test_who_decides(is_own: bool, has_colleague: bool, may: bool) -> None:
    assert may_decide(is_own=is_own, has_colleague=has_colleague) is may
