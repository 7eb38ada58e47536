"""The rules of dossiers, classes and disputes as tables: no database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.claims import checklist, classing, identity
from counselhub.claims.classing import LADDER, CaseFact, Scale
from counselhub.claims.kinds import AgreementForm, Difficulty, Document
from counselhub.services.kinds import DisputeKind

D, W, S = Document, AgreementForm.WRITTEN, AgreementForm.ORAL
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("difficulty", "form", "there", "spared", "missing"),
    [
        pytest.param("simple", W, [], [], [D.REGISTER, D.AGREEMENT], id="DOSSIER-1 the short set"),
        pytest.param("simple", W, ["register", "agreement"], [], [], id="DOSSIER-1 complete"),
        pytest.param("ordinary", W, ["register", "agreement"], [], [D.MINUTES, D.VISIT],
                     id="DOSSIER-2 adds minutes and visit"),
        pytest.param("major", W, [one.value for one in D if one != D.ANNEX], [], [D.ANNEX],
                     id="DOSSIER-3 all twelve"),
        pytest.param("extraordinary", W, [], [], list(D), id="DOSSIER-3 in the order of the form"),
        pytest.param("simple", S, ["register", "minutes"], [], [], id="DOSSIER-4 oral"),
        pytest.param("simple", S, ["register", "agreement"], [], [D.MINUTES],
                     id="DOSSIER-4 an oral agreement has no sheet"),
        pytest.param("major", W, [one.value for one in D if one != D.SUMMONS], ["summons"], [],
                     id="DOSSIER-5 not needed"),
        pytest.param("simple", W, ["register"], ["agreement"], [D.AGREEMENT],
                     id="DOSSIER-5 a main document is never spared"),
    ],
)  # fmt: skip
def test_missing(
    difficulty: str, form: str, there: list[str], spared: list[str], missing: list[Document]
) -> None:
    assert checklist.missing(difficulty, form, there, spared) == missing


@pytest.mark.parametrize(
    ("case", "difficulty", "grounds"),
    [
        pytest.param(CaseFact(), "simple", [], id="CLASS-1 nothing known"),
        pytest.param(CaseFact(persons=2), "simple", [], id="CLASS-1 below the first step"),
        pytest.param(CaseFact(persons=3), "ordinary", ["persons"], id="CLASS-1 exactly the step"),
        pytest.param(CaseFact(amount_fen=50_000_000), "extraordinary", ["amount"], id="CLASS-1"),
        pytest.param(CaseFact(persons=3, amount_fen=10_000_000), "major", ["amount", "persons"],
                     id="CLASS-2 the highest counts"),
        pytest.param(CaseFact(is_group=True), "major", ["group"], id="CLASS-3 a group"),
        pytest.param(CaseFact(is_violent=True), "major", ["violence"], id="CLASS-3 violence"),
        pytest.param(CaseFact(kind=DisputeKind.LAND), "ordinary", ["kind"], id="CLASS-4 land"),
        pytest.param(CaseFact(sittings=2), "ordinary", ["sittings"], id="CLASS-5 one case"),
    ],
)  # fmt: skip
def test_propose(case: CaseFact, difficulty: str, grounds: list[str]) -> None:
    found = classing.propose(case, Scale())
    assert found.difficulty == difficulty
    assert [one.ground.value for one in found.reasons] == grounds


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 10**9))
def test_more_people_never_lower_a_class(few: int, more: int, amount_fen: int) -> None:
    low, high = (
        classing.propose(CaseFact(persons=number, amount_fen=amount_fen), Scale()).difficulty
        for number in (few, few + more)
    )
    assert LADDER.index(low) <= LADDER.index(high)


def test_a_scale_rises() -> None:
    assert Scale().is_rising()
    assert not Scale(persons=(3, 3, 30)).is_rising()
    assert not Scale(sittings=(0, 1, 2)).is_rising()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("甄一；贾二", "贾二，甄一", True, id="DISPUTE-2 in any order"),
        pytest.param("甄一；贾二", "甄 一\n贾二", True, id="DISPUTE-2 however written"),
        pytest.param("甄一；贾二", "甄一；贾三", False, id="DISPUTE-2 another party"),
    ],
)
def test_parties(one: str, other: str, same: bool) -> None:
    keys = {
        identity.parties_key(identity.parties_of(text), "land", OCTOBER) for text in (one, other)
    }
    assert (len(keys) == 1) is same


def test_one_name_identifies_no_dispute() -> None:
    assert identity.parties_key(["甄一"], None, OCTOBER) == ""
    assert identity.parties_key(["甄一", "甄 一"], None, OCTOBER) == ""
    assert identity.number_key("粤法援〔2026〕12号") == identity.number_key("粤法援(2026) 12号")


def test_every_class_has_a_checklist() -> None:
    assert set(checklist.BY_CLASS) == set(Difficulty)
