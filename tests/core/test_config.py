"""Settings: a slip is told, and opens no door."""

import pytest

from counselhub.core import config
from counselhub.core.postgres import ServerError


def test_the_usual_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IDLE", "SESSION", "CONFIRM"):
        monkeypatch.delenv(f"COUNSELHUB_{name}_MINUTES", raising=False)
    found = config.from_environment()
    assert (found.idle_minutes, found.session_minutes, found.confirm_minutes) == (30, 720, 10)


@pytest.mark.parametrize(
    ("name", "least", "most"), [("IDLE", 5, 120), ("SESSION", 30, 1440), ("CONFIRM", 1, 60)]
)
def test_minutes_stay_within_their_limits(
    monkeypatch: pytest.MonkeyPatch, name: str, least: int, most: int
) -> None:
    setting = f"COUNSELHUB_{name}_MINUTES"
    for fine in (least, most):
        monkeypatch.setenv(setting, str(fine))
        assert getattr(config.from_environment(), f"{name.lower()}_minutes") == fine
    for wrong in (least - 1, most + 1, "-5", "ten", "1e9"):
        monkeypatch.setenv(setting, str(wrong))
        with pytest.raises(ServerError, match=setting):
            config.from_environment()
