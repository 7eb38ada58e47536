"""Who switches a check off on a line says there what for."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MUTED = re.compile(r"#\s*(noqa|type: ?ignore|pragma|ruff: ?noqa)\b")
REASONED = re.compile(r"# (noqa: [A-Z]+\d+(, [A-Z]+\d+)*|type: ignore\[[a-z, -]+\])  # \w")


@pytest.mark.parametrize("folder", ["counselhub", "migrations", "tests", "tools"])
def test_every_suppression_says_what_for(folder: str) -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(MUTED.findall(line)) > len(REASONED.findall(line))
    ]
    assert not bare, f"add a reason, two blanks and a hash behind it: {bare}"
