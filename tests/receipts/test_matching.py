"""Which receipt settles which statement: rules as tables, properties, and how fast."""

import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.receipts.kinds import Confidence, How
from counselhub.receipts.matching import DueFact, ReceiptFact, Suggestion, suggest

DAY = date(2026, 11, 5)
KNOWN = {"甲街道财政所": frozenset({"440307012"})}


def receipt(
    fen: int, payer: str = "甲街道财政所", reference: str = "", key: int = 1
) -> ReceiptFact:
    return ReceiptFact(UUID(int=key), DAY, fen, payer, reference)


def due(fen: int, key: int = 101, street: str = "440307012", name: str = "甲街道") -> DueFact:
    month = date(2026, 1, 1) + timedelta(days=31 * (key % 7))
    return DueFact(UUID(int=key), f"JS-{street}-{key}", street, name, month, fen, f"GK20260{key}")


def told(found: list[Suggestion]) -> list[tuple[How, Confidence, list[int]]]:
    return [(one.how, one.confidence, [fen for _key, fen in one.parts]) for one in found]


def test_numbers_typed_in_full_width_are_found() -> None:
    wide = replace(due(5), payment_reference="ＨＤ２０２６１１０５１２３４－１")
    found = suggest([receipt(7, payer="", reference="拨付 HD202611051234-1")], [wide], {})
    narrow = suggest(
        [receipt(7, payer="", reference="拨付 HD202611051234-1")],
        [replace(wide, payment_reference="HD202611051234-1")],
        {},
    )
    assert told(found) == told(narrow)
    assert told(found) != []


C = Confidence


@pytest.mark.parametrize(
    ("given_receipt", "dues", "expected"),
    [
        pytest.param(
            receipt(500, "某人", "补贴 JS 440307012 101"),
            [due(500), due(500, 102)],
            [(How.NUMBER, C.CERTAIN, [500])],
            id="MATCH-1 the number, its dashes lost",
        ),
        pytest.param(
            receipt(500, "某人", "GK20260101"),
            [due(500)],
            [(How.NUMBER, C.CERTAIN, [500])],
            id="MATCH-1 the street's own slip",
        ),
        pytest.param(
            receipt(800, "某人", "JS-440307012-101、JS-440307012-102"),
            [due(500), due(300, 102)],
            [(How.NUMBER, C.CERTAIN, [500, 300])],
            id="MATCH-1 two numbers",
        ),
        pytest.param(
            receipt(400, "某人", "JS-440307012-101"),
            [due(500)],
            [(How.NUMBER, C.LIKELY, [400])],
            id="MATCH-1 less than is due",
        ),
        pytest.param(
            receipt(500), [due(500)], [(How.AMOUNT, C.CERTAIN, [500])], id="MATCH-2 known payer"
        ),
        pytest.param(
            receipt(500),
            [due(500), due(500, 102)],
            [(How.AMOUNT, C.LIKELY, [500])],
            id="MATCH-2 two could be meant",
        ),
        pytest.param(
            receipt(800),
            [due(500), due(300, 102), due(250, 103)],
            [(How.SEVERAL, C.LIKELY, [500, 300])],
            id="MATCH-3 several together",
        ),
        pytest.param(
            receipt(100), [due(500)], [(How.PAYER, C.POSSIBLE, [100])], id="MATCH-4 in part"
        ),
        pytest.param(
            receipt(500, "某人"),
            [due(500)],
            [(How.ALONE, C.POSSIBLE, [500])],
            id="MATCH-5 the only one of its amount",
        ),
        pytest.param(receipt(500, "某人"), [due(500), due(500, 102)], [], id="two of an amount"),
        pytest.param(receipt(900), [due(500)], [], id="more than is due"),
        pytest.param(receipt(500), [], [], id="nothing is due"),
    ],
)
def test_suggestions(
    given_receipt: ReceiptFact,
    dues: list[DueFact],
    expected: list[tuple[How, Confidence, list[int]]],
) -> None:
    assert told(suggest([given_receipt], dues, KNOWN)) == expected


def test_a_payer_with_the_streets_name_is_known() -> None:
    [found] = suggest([receipt(500, "某市甲街道办事处")], [due(500)], {})
    assert (found.how, found.confidence) == (How.AMOUNT, Confidence.CERTAIN)


few = st.integers(1, 6).map(lambda one: one * 100)
streets = st.sampled_from([("440307012", "甲街道"), ("440307013", "乙街道")])
receipts = st.lists(
    st.tuples(
        few, st.sampled_from(["甲街道财政所", "某人"]), st.sampled_from(["", "JS-440307012-101"])
    ),
    max_size=7,
).map(lambda rows: [receipt(*row, key=place) for place, row in enumerate(rows)])
dues = st.lists(st.tuples(few, streets), max_size=7).map(
    lambda rows: [due(fen, 100 + place, *street) for place, (fen, street) in enumerate(rows)]
)


@given(receipts, dues, st.data())
def test_the_order_of_rows_does_not_matter(
    given_receipts: list[ReceiptFact], given_dues: list[DueFact], luck: st.DataObject
) -> None:
    found = suggest(given_receipts, given_dues, KNOWN)
    came = luck.draw(st.permutations(given_receipts))
    owed = luck.draw(st.permutations(given_dues))
    assert suggest(came, owed, KNOWN) == found


@given(receipts, dues)
def test_nothing_is_given_that_is_not_there(
    given_receipts: list[ReceiptFact], given_dues: list[DueFact]
) -> None:
    found = suggest(given_receipts, given_dues, KNOWN)
    got: Counter[UUID] = Counter()
    used: Counter[UUID] = Counter()
    for one in found:
        used[one.receipt_id] += one.amount_fen
        got.update(dict(one.parts))
        assert all(fen > 0 for _key, fen in one.parts)
    assert all(used[one.id] <= one.rest_fen for one in given_receipts)
    assert all(got[one.id] <= one.due_fen for one in given_dues)
    assert len({one.receipt_id for one in found}) == len(found)


def test_ten_thousand_receipts_against_five_hundred_statements() -> None:
    owed = [due(10**5 + key * 7919 % 10**6, key, f"{key % 40:09d}") for key in range(1000, 1500)]
    known = {f"第{code}财政所": frozenset({f"{code:09d}"}) for code in range(40)}
    came = [
        receipt(10**5 + key * 104_729 % 10**6, f"第{key % 60}财政所", f"补贴 {key}号", key=key)
        for key in range(1, 9_501)
    ]
    came += [
        receipt(one.due_fen, "某人", f"支付{one.number}", key=20_000 + place)
        for place, one in enumerate(owed)
    ]
    begun = time.perf_counter()
    found = suggest(came, owed, known)
    assert time.perf_counter() - begun < 2
    assert len(found) == 500
