"""The code speaks of the rules that RULES.md holds, of each and of no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"\b(?:M|SPLIT-)[0-9]+\b")
ROW = re.compile(r"^\| ((?:M|SPLIT-)[0-9]+) \|", re.MULTILINE)


def test_every_code_is_a_rule_of_the_book() -> None:
    book = set(ROW.findall((ROOT / "RULES.md").read_text(encoding="utf-8")))
    named: dict[str, set[str]] = {}
    for file in (ROOT / "counselhub").rglob("*.py"):
        for code in CODE.findall(file.read_text(encoding="utf-8")):
            named.setdefault(code, set()).add(str(file.relative_to(ROOT)))
    assert {code: sorted(files) for code, files in named.items() if code not in book} == {}
    assert book == set(named)
