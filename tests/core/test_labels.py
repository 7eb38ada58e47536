"""What an address asks for, as a member of a class of codes."""

import pytest

from counselhub.core.labels import Labelled


class Tone(Labelled):
    """Two codes with their words."""

    HIGH = "high", "高"
    LOW = "low", "低"


@pytest.mark.parametrize(
    ("asked", "found"),
    [("high", Tone.HIGH), ("low", Tone.LOW), ("HIGH", None), ("高", None), ("", None)],
)
def test_an_address_asks_by_code(asked: str, found: Tone | None) -> None:
    assert Tone.of_asked(asked) is found
