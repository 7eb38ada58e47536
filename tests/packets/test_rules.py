"""What a receiver may do, when a term is over, which consent holds, what is masked."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.packets import rules
from counselhub.packets.kinds import Checked, PacketStatus

S = PacketStatus


@pytest.mark.parametrize(
    ("status", "checked", "over", "decides", "allowed"),
    [
        pytest.param(S.SENT, None, False, True, {"check", "decline"}, id="PACK-1 check first"),
        pytest.param(S.SENT, Checked.NONE, False, False, {"check", "open", "decline"}, id="clear"),
        pytest.param(
            S.SENT, Checked.POSSIBLE, False, False, {"check", "decline"}, id="PACK-2 a clerk"
        ),
        pytest.param(
            S.SENT, Checked.POSSIBLE, False, True, {"check", "open", "decline"}, id="the manager"
        ),
        pytest.param(S.OPENED, Checked.NONE, False, False, {"accept", "decline"}, id="read"),
        pytest.param(S.OPENED, Checked.NONE, True, True, set[str](), id="PACK-3 its term is over"),
        pytest.param(S.ACCEPTED, Checked.NONE, False, True, set[str](), id="answered"),
        pytest.param(S.REVOKED, None, False, True, set[str](), id="taken back"),
    ],
)
def test_receiver_acts(
    status: PacketStatus, checked: Checked | None, over: bool, decides: bool, allowed: set[str]
) -> None:
    assert rules.receiver_acts(status, checked, is_over=over, decides=decides) == allowed


@pytest.mark.parametrize(
    ("status", "hour", "over"),
    [
        pytest.param("sent", 11, False, id="before"),
        pytest.param("sent", 12, True, id="at the instant"),
        pytest.param("accepted", 13, False, id="an answered one is never over"),
    ],
)
def test_is_over(status: str, hour: int, over: bool) -> None:
    end = datetime(2026, 10, 8, 12)  # the rule compares any two instants
    assert rules.is_over(status, end, end.replace(hour=hour)) is over


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        pytest.param(date(2026, 10, 8), "", id="today"),
        pytest.param(date(2026, 10, 9), "future", id="tomorrow"),
        pytest.param(date(2026, 4, 11), "", id="PACK-4 180 days"),
        pytest.param(date(2026, 4, 10), "old", id="PACK-4 181 days"),
    ],
)
def test_consent_fault(day: date, fault: str) -> None:
    assert rules.consent_fault(day, date(2026, 10, 8)) == fault


def test_the_longest_name_is_masked_first() -> None:
    hidden = [("张三", "张*"), ("张三丰", "张**"), ("", "x")]
    assert rules.without_names("张三丰和张三", hidden) == "张**和张*"


@given(st.text("甲乙丙丁1234", max_size=40), st.text("甲乙丙丁1234", min_size=1, max_size=4))
def test_nothing_hidden_is_left(text: str, name: str) -> None:
    """PACK-5."""
    assert name not in rules.without_names(text, [(name, "*")])
