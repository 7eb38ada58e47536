"""Settings: what is read, every fault in one sentence, and what production refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from counselhub.core.config import SettingsError, from_environment, weakness
from counselhub.core.postgres.settings import CHECKOUT

RANDOM = "kX3v9QpL0sWz7RtYbN5mEuHc2JdGf8Aa"
PRODUCTION = {
    "COUNSELHUB_ENV": "production",
    "COUNSELHUB_SECRET_KEY": RANDOM,
    "COUNSELHUB_DATA_KEYS": "k1:b3duLWtleS1vZi1wcm9kdWN0aW9uLTMyLWJ5dGVzISE=",
    "COUNSELHUB_HOSTS": "counselhub.example.cn",
}


def faults(environ: dict[str, str]) -> list[str]:
    try:
        from_environment(environ)
    except SettingsError as error:
        return str(error).splitlines()
    return []


def test_nothing_needs_to_be_set_to_try_it_out(tmp_path: Path) -> None:
    settings = from_environment({"COUNSELHUB_DATA": str(tmp_path)})
    assert (settings.port, settings.upload_megabytes, settings.proxies) == (8000, 20, 0)
    assert settings.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (settings.secure_cookies, settings.has_limits, settings.has_demonstration) == (
        False,
        True,
        True,
    )
    assert settings.address == "http://127.0.0.1:8000"


def test_production_is_strict_by_itself() -> None:
    settings = from_environment(PRODUCTION)
    assert (settings.secure_cookies, settings.has_limits, settings.has_demonstration) == (
        True,
        True,
        False,
    )
    assert settings.address == "https://counselhub.example.cn"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        pytest.param("PORT", "0", "from 1 to 65535", id="port too small"),
        pytest.param("PORT", "65536", "from 1 to 65535", id="port too large"),
        pytest.param("PORT", "eighty", "whole number", id="port in words"),
        pytest.param("PORT", "-1", "whole number", id="port below nothing"),
        pytest.param("PORT", "٨٠٠٠", "whole number", id="port in other digits"),
        pytest.param("COUNSELHUB_UPLOAD_MB", "many", "whole number", id="megabytes in words"),
        pytest.param("COUNSELHUB_UPLOAD_MB", "0", "from 1 to", id="no upload at all"),
        pytest.param("COUNSELHUB_UPLOAD_MB", "1e3", "whole number", id="megabytes as float"),
        pytest.param("COUNSELHUB_UPLOAD_MB", "9" * 5000, "whole number", id="endless digits"),
        pytest.param("COUNSELHUB_PROXIES", "yes", "whole number", id="proxies in words"),
        pytest.param("COUNSELHUB_SECURE_COOKIES", "on", "0 or 1", id="a switch in words"),
        pytest.param("COUNSELHUB_ENV", "prod", "development or production", id="environment"),
        pytest.param("COUNSELHUB_LIMITS", "no", "on or off", id="limits"),
        pytest.param("COUNSELHUB_HOSTS", "https://a.cn", "host names", id="an address"),
        pytest.param("COUNSELHUB_HOSTS", "*", "host names", id="any host"),
        pytest.param("COUNSELHUB_HOSTS", "a.cn, b.cn/x", "host names", id="a path"),
        pytest.param("DATABASE_URL", "mysql://x", "postgresql://", id="another database"),
    ],
)
def test_a_fault_is_one_sentence_that_names_the_setting(name: str, value: str, words: str) -> None:
    said = faults({name: value})
    assert len(said) == 1
    assert said[0].startswith(name)
    assert words in said[0]
    assert said[0].endswith(".")


def test_every_fault_is_told_at_once() -> None:
    said = faults({"PORT": "x", "COUNSELHUB_UPLOAD_MB": "x", "COUNSELHUB_ENV": "x"})
    assert len(said) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"COUNSELHUB_SECRET_KEY": ""}, "must be given", id="no secret"),
        pytest.param({"COUNSELHUB_SECRET_KEY": "short"}, "at least 32 bytes", id="a short one"),
        pytest.param({"COUNSELHUB_SECRET_KEY": "changeme" * 8}, "random", id="a default"),
        pytest.param({"COUNSELHUB_SECRET_KEY": "a" * 64}, "random", id="one letter"),
        pytest.param({"COUNSELHUB_HOSTS": ""}, "must name the hosts", id="no host"),
        pytest.param({"COUNSELHUB_SECURE_COOKIES": "0"}, "cannot be 0", id="open cookies"),
        pytest.param({"COUNSELHUB_LIMITS": "off"}, "cannot be off", id="no limits"),
        pytest.param({"COUNSELHUB_DEMO": "1"}, "cannot be 1", id="known passwords"),
    ],
)
def test_production_refuses_what_is_for_trying_out(change: dict[str, str], words: str) -> None:
    said = faults(PRODUCTION | change)
    assert len(said) == 1
    assert words in said[0]


@pytest.mark.parametrize(
    "secret", [RANDOM, "829a3e58c4640de37e280cc914709256ca3678d014eff234759a06050316aadd"]
)
def test_a_random_secret_is_good(secret: str) -> None:
    assert weakness(secret) == ""


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-m", "counselhub.core.serve"], id="make run"),
        pytest.param(["-m", "gunicorn", "--config", "gunicorn.conf.py"], id="gunicorn"),
        pytest.param(["-c", "import wsgi"], id="another server"),
        pytest.param(
            ["-c", "from counselhub.cli import main; main()", "verify"],
            id="a command",
        ),
    ],
)
def test_a_wrong_setting_leaves_without_a_trace(command: list[str], tmp_path: Path) -> None:
    wrong = {"COUNSELHUB_UPLOAD_MB": "many", "COUNSELHUB_DATA": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode not in (0, None)
    assert done.stderr.strip().endswith("it must be a whole number from 1 to 1024.")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var").exists(), "nothing was started"


@pytest.mark.parametrize(
    ("name", "usual", "least", "most"),
    [("IDLE", 30, 5, 120), ("SESSION", 720, 30, 1440), ("CONFIRM", 10, 1, 60)],
)
def test_minutes_stay_within_their_limits(name: str, usual: int, least: int, most: int) -> None:
    setting, field = f"COUNSELHUB_{name}_MINUTES", f"{name.lower()}_minutes"
    assert getattr(from_environment({}), field) == usual
    for fine in (least, most):
        assert getattr(from_environment({setting: str(fine)}), field) == fine
    for wrong in (least - 1, most + 1, "-5", "ten", "1e9"):
        assert len(faults({setting: str(wrong)})) == 1


@pytest.mark.parametrize("given", ["179", "0", "-1", "x", "1.5"])
def test_a_shorter_record_of_acts_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="from 180 to"):
        from_environment({"COUNSELHUB_AUDIT_DAYS": given})


@pytest.mark.parametrize(("given", "days"), [("", 180), ("180", 180), ("1095", 1095)])
def test_a_longer_record_of_acts_is_taken(given: str, days: int) -> None:
    assert from_environment({"COUNSELHUB_AUDIT_DAYS": given}).audit_days == days
