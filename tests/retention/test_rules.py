"""The table of retention and its setting."""

from datetime import date

import pytest

from counselhub.retention import actions
from counselhub.retention.kinds import Kept
from counselhub.retention.rules import SettingError, due_before, periods
from counselhub.retention.table import TABLE


def test_every_class_has_one_row_with_its_source() -> None:
    assert [rule.kept for rule in TABLE] == list(Kept)
    assert all(rule.what and rule.source for rule in TABLE)
    assert all(rule.since for rule in TABLE if rule.days is not None)
    assert {rule.kept for rule in TABLE if rule.by_this_job} == set(actions.SWEEPS)


def test_records_of_acts_are_kept_half_a_year_at_least() -> None:
    assert periods("")[Kept.AUDIT] == 180


@pytest.mark.parametrize(
    ("setting", "kept", "days"),
    [
        ("", Kept.CLIENT, 1095),
        ("client=730", Kept.CLIENT, 730),
        ("client=730, audit=365", Kept.AUDIT, 365),
        ("audit=365", Kept.CLIENT, 1095),
        ("sign_in_link=1", Kept.SIGN_IN_LINK, 1),
    ],
)
def test_a_setting_changes_periods(setting: str, kept: Kept, days: int) -> None:
    assert periods(setting)[kept] == days


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("clients=1", "'clients' has no period"),
        ("statement=1", "'statement' has no period"),
        ("client", "client is ''"),
        ("client=0", "from 1 to"),
        ("client=-1", "from 1 to"),
        ("client=1.5", "from 1 to"),
        ("client=99999", "from 1 to"),
        ("client=٣", "from 1 to"),
        ("audit=179", "from 180 to"),
    ],
)
def test_a_bad_setting_is_named(setting: str, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        periods(setting)


def test_the_last_day_of_a_period_is_still_kept() -> None:
    assert due_before(date(2026, 10, 8), 1) == date(2026, 10, 7)
