"""Sums, digests and marks of a payment list: no database."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from counselhub.core.errors import FaultsError
from counselhub.core.uploads import UploadError
from counselhub.payments import layouts, marks, rules, sheet
from counselhub.payments.marks import Amount, Whole
from counselhub.payments.rules import Row

amounts = st.integers(1, 10**9)


def row(position: int = 1, amount_fen: int = 180_000, payee: str = "某某律师事务所") -> Row:
    district = amount_fen // 2
    shares = (("市级", 0), ("区级", district), ("街道", amount_fen - district))
    return Row(
        position,
        f"JS-{position}",
        date(2026, 10, 1),
        payee,
        "某某银行",
        "0620000001",
        amount_fen,
        shares,
    )


def whole(rows: list[Row]) -> Whole:
    return Whole("ZF-1", "甲街道司法所", date(2026, 11, 22), "ab" * 32, rules.totals(rows))


@given(st.lists(amounts, max_size=8))
def test_sources_sum_to_the_list(fens: list[int]) -> None:
    told = rules.totals([row(place, fen) for place, fen in enumerate(fens)])
    assert told.amount_fen == sum(fens) == sum(fen for _source, fen in told.shares)


@given(st.lists(amounts, min_size=2, max_size=6, unique=True), st.randoms())
def test_a_digest_is_of_the_rows_and_not_of_their_order(fens: list[int], luck: object) -> None:
    rows = [row(place, fen) for place, fen in enumerate(fens)]
    shuffled = sorted(rows, key=lambda one: -one.position)
    assert rules.digest("ZF-1", rows) == rules.digest("ZF-1", shuffled)
    assert rules.digest("ZF-1", rows) != rules.digest("ZF-1", rows[1:])
    assert rules.digest("ZF-1", rows) != rules.digest("ZF-2", rows)


@pytest.mark.parametrize(
    ("parts", "is_lacking"),
    [
        pytest.param(("所", "行", "62"), False, id="PAY-1 whole"),
        pytest.param(("所", " ", "62"), True, id="PAY-1 no bank"),
        pytest.param(("", "行", "62"), True, id="PAY-1 no name"),
        pytest.param(("所", "行", ""), True, id="PAY-1 no account"),
    ],
)
def test_lacking(parts: tuple[str, str, str], is_lacking: bool) -> None:
    assert rules.lacking(*parts) is is_lacking


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("{{金额}}", Amount(180_000), id="alone it stays a number"),
        pytest.param("付{{ 金额 }}元给{{收款人}}", "付1,800.00元给某某律师事务所", id="in words"),
        pytest.param("{{别的}}", "{{别的}}", id="what nobody knows stays"),
        pytest.param("{{用途}}", "2026年10月一社区一法律顾问补贴", id="what it is for"),
    ],
)
def test_marks_are_filled(text: str, told: object) -> None:
    assert marks.filled(text, marks.of_row(row())) == told


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        pytest.param([("A3", 3, "{{收款人}}{{账号}}{{金额}}")], [], id="sound"),
        pytest.param([], ["no_row"], id="nothing to repeat"),
        pytest.param([("A3", 3, "{{收款人}}{{账号}}")], ["missing"], id="no amount"),
        pytest.param(
            [("A3", 3, "{{收款人}}{{账号}}{{金额}}"), ("B5", 5, "{{序号}}")],
            ["two_rows"],
            id="two rows",
        ),
        pytest.param(
            [("A3", 3, "{{收款人}}{{账号}}{{金额}}"), ("B5", 5, "{{税号}}")],
            ["unknown"],
            id="an unknown mark",
        ),
    ],
)
def test_a_layout_is_judged(cells: list[tuple[str, int, str]], codes: list[str]) -> None:
    assert [code for _cell, code, _name in marks.faults(cells)[1]] == codes


@pytest.mark.parametrize("count", [1, 3])
def test_the_sample_filled_says_what_our_own_layout_says(count: int) -> None:
    rows = [row(place, 100_001 * place) for place in range(1, count + 1)]
    layouts.judge(sheet.sample())
    filled, own = (
        load_workbook(BytesIO(data)).active
        for data in (layouts.fill(sheet.sample(), rows, whole(rows)), sheet.xlsx(rows, whole(rows)))
    )
    assert filled is not None
    assert own is not None
    told = [[cell.value for cell in line] for line in filled.iter_rows()]
    assert told == [[cell.value for cell in line] for line in own.iter_rows()]
    assert told[3][3] == "0620000001"


def test_a_name_that_could_compute_stays_a_name() -> None:
    rows = [row(payee='=HYPERLINK("x")')]
    page = load_workbook(BytesIO(layouts.fill(sheet.sample(), rows, whole(rows)))).active
    assert page is not None
    assert (page["B4"].value, page["B4"].data_type) == ('=HYPERLINK("x")', "s")


def test_what_is_no_layout_is_refused(context: None) -> None:
    rows = [row()]
    with pytest.raises(FaultsError, match="没有找到要重复的行") as refused:
        layouts.judge(sheet.xlsx(rows, whole(rows)))
    assert refused.value.faults == [{"cell": "A1", "message": refused.value.message}]
    with pytest.raises(UploadError):
        layouts.judge(b"no workbook")
