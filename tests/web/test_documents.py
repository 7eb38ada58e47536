"""The documents on security name nothing that is not there."""

import re
from pathlib import Path

import pytest

from counselhub.core import limits

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`((?:tests|counselhub|docs|migrations)/[\w./-]+|[\w.-]+\.(?:py|lock|md))`")


@pytest.mark.parametrize("name", ["threat-model.md", "security.md"])
def test_every_file_that_is_named_exists(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = set(NAMED.findall(page))
    assert len(named) > 8
    there = {one for one in named if (ROOT / one).exists() or (ROOT / "docs" / one).exists()}
    assert named - there == set()


def test_the_limits_that_are_told_are_in_force() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8").replace(",", "")
    for limit in limits.LIMITS:
        assert str(limit.rate.amount) in page, limit.name
