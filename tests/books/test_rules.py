"""What deviates in the books: a table of planted faults, no database."""

from dataclasses import replace
from uuid import UUID

import pytest

from counselhub.books.rules import (
    AdjustmentSums,
    Books,
    ClawbackSums,
    LineTwice,
    ListDigest,
    ReceiptSums,
    Rule,
    StatementSums,
    check,
    deviations,
)

KEY = UUID(int=1)
SOUND = StatementSums(KEY, "JS-1", "reconciled", 500, 500, 500, 500, 480, 20, 1, 500, True)
RECEIPT = ReceiptSums(KEY, "2026-11-05 某所", 500, 480, 480)
SEALED = ListDigest(KEY, "ZF-1", "ab", "ab")
TAKEN = AdjustmentSums(KEY, "HT-1 2026-09", 500, 500, 500, 500)
CLAWED = ClawbackSums(KEY, "JS-1 1", 300, 300, -300, False)
GIVEN_UP = replace(CLAWED, adjusted_fen=0, is_withdrawn=True)
OWED = replace(SOUND, status="payable", paid_fen=None, received_fen=0, written_off_fen=0)
NEGATIVE = StatementSums(KEY, "JS-2", "reconciled", -5, -5, -5, 0, 0, 0, 0, None, False)


@pytest.mark.parametrize(
    ("books", "broken"),
    [
        pytest.param(Books([SOUND], [], [RECEIPT], [SEALED]), [], id="all agrees"),
        pytest.param(Books([NEGATIVE]), [], id="a negative total is paid as 0"),
        pytest.param(Books([replace(OWED, is_item_paid=False)]), [], id="on a list, not paid yet"),
        pytest.param(Books([replace(SOUND, lines_fen=499)]), [Rule.LINES], id="BOOKS-1"),
        pytest.param(Books([replace(SOUND, funding_fen=1)]), [Rule.FUNDING], id="BOOKS-2"),
        pytest.param(
            Books([replace(SOUND, paid_fen=400, received_fen=380)]), [Rule.PAID], id="BOOKS-3 less"
        ),
        pytest.param(
            Books([replace(OWED, paid_fen=500, is_item_paid=False)]),
            [Rule.PAID],
            id="BOOKS-3 paid without being so",
        ),
        pytest.param(Books([replace(SOUND, received_fen=481)]), [Rule.RECEIVED], id="BOOKS-4"),
        pytest.param(
            Books([replace(SOUND, received_fen=1)]), [Rule.RECEIVED], id="BOOKS-4 not settled"
        ),
        pytest.param(
            Books([replace(SOUND, status="paid", received_fen=1)]), [], id="BOOKS-4 on its way"
        ),
        pytest.param(Books([replace(SOUND, live_items=2)]), [Rule.LISTED], id="BOOKS-5 two lists"),
        pytest.param(
            Books([replace(SOUND, listed_fen=1)]), [Rule.LISTED], id="BOOKS-5 another sum"
        ),
        pytest.param(Books([OWED]), [Rule.LISTED], id="BOOKS-5 the list alone is paid"),
        pytest.param(Books([SOUND], [LineTwice(KEY, "HT-1", 2)]), [Rule.ONCE], id="BOOKS-6"),
        pytest.param(
            Books(receipts=[replace(RECEIPT, allocations_fen=1)]), [Rule.RECEIPT], id="BOOKS-7"
        ),
        pytest.param(
            Books(receipts=[replace(RECEIPT, allocated_fen=501, allocations_fen=501)]),
            [Rule.RECEIPT],
            id="BOOKS-7 more than came",
        ),
        pytest.param(Books(adjustments=[TAKEN], clawbacks=[CLAWED, GIVEN_UP]), [], id="taken once"),
        pytest.param(
            Books(adjustments=[replace(TAKEN, counted_fen=1_000)]), [Rule.ADJUSTED], id="twice"
        ),
        pytest.param(
            Books(adjustments=[replace(TAKEN, due_fen=0)]), [Rule.ADJUSTED], id="not handed in"
        ),
        pytest.param(
            Books(adjustments=[replace(TAKEN, lines_fen=499)]), [Rule.ADJUSTED], id="its line"
        ),
        pytest.param(
            Books(clawbacks=[replace(CLAWED, adjusted_fen=-299)]), [Rule.CLAWED], id="another sum"
        ),
        pytest.param(
            Books(clawbacks=[replace(CLAWED, line_fen=299)]), [Rule.CLAWED], id="more than paid"
        ),
        pytest.param(
            Books(clawbacks=[replace(GIVEN_UP, adjusted_fen=-300)]), [Rule.CLAWED], id="still taken"
        ),
        pytest.param(Books(lists=[replace(SEALED, found="cd")]), [Rule.DIGEST], id="BOOKS-8"),
    ],
)
def test_what_deviates(books: Books, broken: list[Rule]) -> None:
    assert [one.rule for one in deviations(check(books))] == broken


def test_rules_without_rows_are_left_out() -> None:
    assert check(Books()) == []
    assert [one.rule for one in check(Books(receipts=[RECEIPT]))] == [Rule.RECEIPT]
