"""The table of evidence grades."""

import pytest

from counselhub.duty.grades import TABLE, Missing, Proof, Record, grade

BOTH = frozenset(Proof)


@pytest.mark.parametrize(
    ("record", "proofs", "letter"),
    [
        pytest.param(Record.AT_ONCE, 0, "C", id="EVID-2 at once, nobody vouches"),
        pytest.param(Record.AT_ONCE, 1, "B", id="EVID-3 one proof"),
        pytest.param(Record.AT_ONCE, 2, "A", id="EVID-3 two proofs"),
        pytest.param(Record.SYSTEM, 2, "A", id="EVID-2 another system"),
        pytest.param(Record.OFFLINE, 0, "C", id="EVID-2 no signal is no fault"),
        pytest.param(Record.OFFLINE, 2, "B", id="EVID-2 but the phone's clock is no witness"),
        pytest.param(Record.LATE, 0, "D", id="EVID-2 too late"),
        pytest.param(Record.LATE, 2, "B", id="EVID-3 too late, two proofs"),
        pytest.param(Record.HAND, 0, "D", id="EVID-2 by hand"),
        pytest.param(Record.HAND, 2, "C", id="EVID-3 by hand, two proofs"),
    ],
)
def test_grade(record: Record, proofs: int, letter: str) -> None:
    graded = grade(record, frozenset(list(Proof)[:proofs]), is_signed_out=True)
    assert graded.grade == letter
    assert len(graded.proofs) == proofs
    assert len(graded.missing) == len(Missing) - 1 - proofs


@pytest.mark.parametrize(
    ("proofs", "letter"),
    [
        pytest.param({Proof.PUNCH}, "B", id="EVID-8 the record agrees"),
        pytest.param({Proof.PUNCH, Proof.CODE}, "A", id="EVID-8 and one more"),
    ],
)
def test_an_agreeing_record_is_one_proof_that_nobody_is_told_to_bring(
    proofs: set[Proof], letter: str
) -> None:
    graded = grade(Record.AT_ONCE, frozenset(proofs), is_signed_out=True)
    assert (graded.grade, graded.proofs) == (letter, [one for one in Proof if one in proofs])
    bare = grade(Record.AT_ONCE, frozenset(), is_signed_out=True)
    assert {one.value for one in bare.missing} == set(Proof) - {Proof.PUNCH}


@pytest.mark.parametrize("record", Record)
def test_without_a_sign_out_nothing_helps(record: Record) -> None:
    graded = grade(record, BOTH, is_signed_out=False)
    assert (graded.grade, graded.missing) == ("D", [Missing.SIGN_OUT])


@pytest.mark.parametrize("record", Record)
def test_a_proof_more_is_never_worse(record: Record) -> None:
    assert list(TABLE[record]) == sorted(TABLE[record], reverse=True)
