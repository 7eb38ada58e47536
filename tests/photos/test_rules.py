"""What a photo is worth, as a table."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.photos.rules import PhotoFact, PhotoVerdict, judge

SLACK = timedelta(minutes=15)
V = PhotoVerdict


def at(hours: int, minutes: int = 0) -> datetime:
    return datetime(2026, 10, 8, hours, minutes, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "arrived", "end", "verdict"),
    [
        pytest.param(at(9), at(9), at(11), V.WITHIN, id="EVID-6 at the sign-in"),
        pytest.param(at(8, 45), at(12), at(11), V.WITHIN, id="EVID-6 as early as allowed"),
        pytest.param(at(8, 44), at(12), at(11), V.OUTSIDE, id="EVID-6 too early"),
        pytest.param(at(11, 15), at(12), at(11), V.WITHIN, id="EVID-6 as late as allowed"),
        pytest.param(at(11, 16), at(12), at(11), V.OUTSIDE, id="EVID-6 too late"),
        pytest.param(at(10), at(10), None, V.WITHIN, id="EVID-6 while it runs"),
        pytest.param(at(10, 30), at(10), None, V.OUTSIDE, id="EVID-6 taken after it arrived"),
        pytest.param(at(10, 50), at(10), at(11), V.OUTSIDE, id="EVID-6 not even within a long one"),
        pytest.param(None, at(10), at(11), V.NO_TIME, id="EVID-6 no time in the picture"),
    ],
)
def test_judge(
    taken: datetime | None, arrived: datetime, end: datetime | None, verdict: PhotoVerdict
) -> None:
    assert judge(PhotoFact(taken, arrived, False), at(9), end, SLACK) is verdict


def test_a_picture_shown_before_proves_nothing() -> None:
    assert judge(PhotoFact(at(10), at(10), True), at(9), at(11), SLACK) is V.REPEATED


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, MOMENTS, MOMENTS, st.integers(0, 240))
def test_more_slack_never_takes_a_proof_away(
    taken: datetime, begin: datetime, arrived: datetime, minutes: int
) -> None:
    fact = PhotoFact(taken, arrived, False)
    strict = judge(fact, begin, None, timedelta(minutes=minutes))
    mild = judge(fact, begin, None, timedelta(minutes=minutes + 1))
    assert strict is V.OUTSIDE or mild is V.WITHIN
