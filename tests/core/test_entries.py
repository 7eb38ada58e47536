"""Wherever the program begins, every table is known before a query names some."""

import subprocess
import sys

import pytest

ASKED = "import {0}; from sqlalchemy.orm import configure_mappers; configure_mappers()"


@pytest.mark.parametrize("module", ["cli", "wiring", "worker", "demo.load", "statements.queries"])
def test_it_begins_by_itself(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(f"counselhub.{module}")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
