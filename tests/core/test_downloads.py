"""Files that we send: safe names, and no text that becomes a formula."""

import csv
import io

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.downloads import FORMULA, attachment, could_compute, csv_bytes, safe_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("结算单-JS/2026.xlsx", "结算单-JS-2026.xlsx", id="a slash"),
        pytest.param("../../etc/passwd", "-..-etc-passwd", id="a path"),
        pytest.param("a\r\nX-Injected: 1.pdf", "aX-Injected- 1.pdf", id="a header"),
        pytest.param('"; filename="evil.exe', "-; filename=-evil.exe", id="a quote"),
        pytest.param("看\u202efdp.exe", "看fdp.exe", id="written backwards"),
        pytest.param("\x00\x1b.csv", "csv", id="nothing that shows"),
        pytest.param("", "file", id="nothing"),
        pytest.param("长" * 500 + ".xlsx", "长" * 120 + ".xlsx", id="a long one"),
    ],
)
def test_a_name_misleads_nobody(app: Flask, given: str, kept: str) -> None:
    assert safe_name(given) == kept
    with app.test_request_context():
        header = attachment(b"", given, "text/csv").headers["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert "\r" not in header
    assert "\n" not in header


@pytest.mark.parametrize("first", FORMULA)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "\u200b", "\ufeff", "\u00a0"])
def test_a_text_that_computes_is_seen(first: str, before: str) -> None:
    assert could_compute(f"{before}{first}cmd|' /C calc'!A0")


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_no_cell_of_a_csv_begins_a_formula(rows: list[list[str]]) -> None:
    text = csv_bytes(rows).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in back] == [
        [cell.replace("\0", "").removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(could_compute(cell) for row in back for cell in row)


def test_numbers_stay_numbers() -> None:
    assert csv_bytes([[-5, 1.5, None, "-5"]]).decode("utf-8-sig") == "-5,1.5,,'-5\r\n"
