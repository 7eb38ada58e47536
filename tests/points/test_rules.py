"""Coordinates of Chinese maps, positions and codes: rules without a database."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.points import code_rules
from counselhub.points.code_rules import Code, Known
from counselhub.points.geo import Spot, distance_m, from_bd, from_gcj, to_gcj
from counselhub.points.kinds import CodeVerdict, MapSystem, PositionVerdict
from counselhub.points.reading import PairError, PairFault, pair
from counselhub.points.rules import Circle, Fix, Judged, Placed, has_scanned, is_at_the_point, judge

V, C = PositionVerdict, CodeVerdict
HALL = Spot(22.543847, 113.912316)
METRE = 1 / 111_195  # of latitude, in degrees
AT = datetime(2026, 10, 8, 1, 0, 5, tzinfo=UTC)
PLACE, OTHER = "440306007001", "440306007002"
KNOWN = Known(PLACE, "a secret of tests", is_moving=True, sheet=2)

PAIRS = [
    # of eviltransform's own tests
    pytest.param(Spot(31.1774276, 121.5272106), Spot(31.17530398, 121.53154186), id="上海"),
    pytest.param(Spot(22.543847, 113.912316), Spot(22.54079613, 113.91717648), id="深圳"),
    pytest.param(Spot(39.911954, 116.377817), Spot(39.91334546, 116.38404722), id="北京"),
    # of coordtransform's own documentation
    pytest.param(Spot(39.915, 116.404), Spot(39.91640428, 116.41024450), id="天安门"),
]


def is_close(one: Spot, other: Spot, metres: float) -> bool:
    return distance_m(one, other) < metres


@pytest.mark.parametrize(("true", "shown"), PAIRS)
def test_gcj_shows_known_places_where_others_do(true: Spot, shown: Spot) -> None:
    assert is_close(to_gcj(true), shown, 0.5)
    assert is_close(from_gcj(shown), true, 0.5)


def test_bd_shows_known_places_where_others_do() -> None:
    of_baidu, of_gcj = Spot(39.915, 116.404), Spot(39.90865673957631, 116.39762729119315)
    assert is_close(from_bd(of_baidu), from_gcj(of_gcj), 0.5)


places = st.builds(Spot, st.floats(18, 53), st.floats(74, 134))


@given(places)
def test_a_place_comes_back_from_its_shifted_one(spot: Spot) -> None:
    assert 10 < distance_m(spot, to_gcj(spot)) < 1_500
    assert is_close(from_gcj(to_gcj(spot)), spot, 0.01)


def test_nothing_is_shifted_abroad() -> None:
    assert to_gcj(Spot(48.85, 2.35)) == Spot(48.85, 2.35)


@given(places, places)
def test_distances_have_no_direction(one: Spot, other: Spot) -> None:
    assert distance_m(one, other) == pytest.approx(distance_m(other, one))
    assert distance_m(one, one) == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("113.912316,22.543847", id="as 高德 copies it"),
        pytest.param("22.543847, 113.912316", id="latitude first"),
        pytest.param("113.912316，22.543847", id="a Chinese comma"),
        pytest.param("东经113.912316° 北纬22.543847°", id="in words"),
        pytest.param("N22.543847 E113.912316", id="with directions"),
        pytest.param("（１１３.912316、22.543847）", id="wide figures in brackets"),
        pytest.param("113.912316\t22.543847\n", id="from a sheet"),
    ],
)
def test_a_pair_is_read_in_any_order(text: str) -> None:
    assert pair(text) == HALL


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("", PairFault.NOT_TWO, id="nothing"),
        pytest.param("113.912316", PairFault.NOT_TWO, id="half"),
        pytest.param("113 54 44, 22 32 37", PairFault.NOT_TWO, id="minutes and seconds"),
        pytest.param("甲社区", PairFault.NOT_TWO, id="a name"),
        pytest.param("2.352222, 48.856614", PairFault.ELSEWHERE, id="Paris"),
        pytest.param("-113.912316, 22.543847", PairFault.ELSEWHERE, id="the other half"),
        pytest.param("113.9,22.6", PairFault.ROUGH, id="kilometres off"),
    ],
)
def test_what_is_no_place_is_refused(text: str, fault: PairFault) -> None:
    with pytest.raises(PairError) as refused:
        pair(text)
    assert refused.value.fault is fault


def test_each_map_names_one_place_in_its_own_way() -> None:
    assert is_close(pair("113.91717648,22.54079613", MapSystem.GCJ02), HALL, 0.5)
    assert is_close(pair("113.92371,22.54651", MapSystem.BD09), HALL, 30)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    with suppress(PairError):
        assert pair(text).is_in_china


def fix(metres: float, accuracy: float = 10) -> Fix:
    return Fix(Spot(HALL.latitude + metres * METRE, HALL.longitude), accuracy)


@pytest.mark.parametrize(
    ("where", "verdict", "away"),
    [
        pytest.param(fix(0), V.NEAR, 0, id="EVID-4 at the point"),
        pytest.param(fix(200), V.NEAR, 200, id="EVID-4 at its edge"),
        pytest.param(fix(240, 50), V.WITHIN, 240, id="EVID-4 the error reaches it"),
        pytest.param(fix(260, 50), V.FAR, 260, id="EVID-4 the error does not"),
        pytest.param(fix(0, 151), V.VAGUE, 0, id="EVID-4 too vague, wherever it is"),
        pytest.param(fix(0, 150), V.NEAR, 0, id="EVID-4 as vague as may be"),
        pytest.param(fix(9_000), V.FAR, 9_000, id="EVID-4 elsewhere"),
    ],
)
def test_positions(where: Fix, verdict: PositionVerdict, away: int) -> None:
    found = judge(where, Circle(HALL, 200), vaguest_m=150)
    assert found.verdict == verdict
    assert found.distance_m == pytest.approx(away, abs=1)


def test_without_a_point_nothing_is_near_or_far() -> None:
    assert judge(fix(0), None, vaguest_m=150) == Judged(V.NO_POINT, None)
    assert judge(fix(0, 999), None, vaguest_m=150) == Judged(V.VAGUE, None)


@pytest.mark.parametrize(
    ("verdicts", "speaks"),
    [
        pytest.param([], False, id="no position"),
        pytest.param([V.NEAR, None], True, id="EVID-4 one is enough"),
        pytest.param([V.WITHIN, V.TIMEOUT], True, id="EVID-4 a failure lowers nothing"),
        pytest.param([V.NEAR, V.FAR], False, id="EVID-4 signed out from elsewhere"),
        pytest.param([V.VAGUE, V.NO_POINT], False, id="EVID-4 nothing that says much"),
    ],
)
def test_when_positions_speak_for_a_session(
    verdicts: list[PositionVerdict | None], speaks: bool
) -> None:
    assert is_at_the_point([Placed("in", one) for one in verdicts]) is speaks


@pytest.mark.parametrize(
    ("code", "speaks"), [(C.CURRENT, True), (C.SHEET, False), (C.OLD, False), (C.USED, False)]
)
def test_only_a_moving_code_speaks_for_a_session(code: CodeVerdict, speaks: bool) -> None:
    assert has_scanned([Placed("in"), Placed("out", code=code)]) is speaks


MOVING = code_rules.moving(PLACE, KNOWN.secret, AT)
OF_OTHER = code_rules.moving(OTHER, "another secret", AT)


@pytest.mark.parametrize(
    ("code", "known", "seconds", "verdict"),
    [
        pytest.param(MOVING, KNOWN, 0, C.CURRENT, id="EVID-5 at once"),
        pytest.param(MOVING, KNOWN, 54, C.CURRENT, id="EVID-5 in the next half minute"),
        pytest.param(MOVING, KNOWN, -30, C.CURRENT, id="EVID-5 in the one before"),
        pytest.param(MOVING, KNOWN, 55, C.OLD, id="EVID-5 two later"),
        pytest.param(MOVING, KNOWN, -36, C.OLD, id="EVID-5 two earlier"),
        pytest.param(OF_OTHER, Known(OTHER, "another secret", True, 0), 0, C.ELSEWHERE, id="next"),
        pytest.param(MOVING, None, 0, C.UNKNOWN, id="a firm without codes there"),
        pytest.param(None, None, 0, C.UNKNOWN, id="nonsense"),
        pytest.param(MOVING, Known(PLACE, "renewed", True, 2), 0, C.UNKNOWN, id="a former secret"),
        pytest.param(
            MOVING, Known(PLACE, KNOWN.secret, False, 2), 0, C.ENDED, id="the screen was ended"
        ),
        pytest.param(
            code_rules.sheet(PLACE, KNOWN.secret, 2), KNOWN, 9e6, C.SHEET, id="EVID-5 on the wall"
        ),
        pytest.param(
            code_rules.sheet(PLACE, KNOWN.secret, 1), KNOWN, 0, C.ENDED, id="a former sheet"
        ),
        pytest.param(
            Code(PLACE, True, MOVING.number, MOVING.mac), KNOWN, 0, C.UNKNOWN, id="passed off"
        ),
    ],
)
def test_codes(code: Code | None, known: Known | None, seconds: float, verdict: C) -> None:
    assert code_rules.check(code, known, PLACE, AT + timedelta(seconds=seconds)) == verdict


def test_a_code_comes_back_from_its_text() -> None:
    assert code_rules.read(f" {MOVING} ") == MOVING
    for nonsense in ("", "x", str(MOVING)[:-1], f"{MOVING}a", "440306007001.t1.aaaa"):
        assert code_rules.read(nonsense) is None


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_a_code_is_shown_for_half_a_minute(at: datetime) -> None:
    left = code_rules.seconds_left(at)
    assert 1 <= left <= 30
    ends = at.replace(microsecond=0) + timedelta(seconds=left)
    assert code_rules.step_of(ends) == code_rules.step_of(at) + 1
    assert code_rules.moving(PLACE, "x", ends) != code_rules.moving(PLACE, "x", at)
