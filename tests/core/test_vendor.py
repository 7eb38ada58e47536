"""What is vendored is what the manifests say, byte for byte, with its licence beside it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = [ROOT / "static/vendor/MANIFEST.json", ROOT / "counselhub/fonts/MANIFEST.json"]
ENTRIES = [entry for manifest in MANIFESTS for entry in json.loads(manifest.read_text())]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_file_is_the_one_of_the_manifest(entry: dict[str, str]) -> None:
    content = (ROOT / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert (ROOT / entry["licence"]).stat().st_size > 200


def test_every_vendored_file_is_listed() -> None:
    listed = {ROOT / entry["file"] for entry in ENTRIES}
    found = {
        file
        for folder in (ROOT / "static/vendor", ROOT / "counselhub/fonts")
        for file in folder.iterdir()
        if file.suffix in {".css", ".js", ".svg", ".ttf", ".woff2"}
    }
    assert found <= listed


def test_nothing_vendored_asks_another_host() -> None:
    for file in (ROOT / "static").rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert not re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", text), file
        assert "sourceMappingURL" not in text
