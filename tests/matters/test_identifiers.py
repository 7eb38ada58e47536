"""Names as they are compared, numbers as they are checked: without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core import identifiers, personal
from counselhub.core.identifiers import IdentifierError
from counselhub.matters import names

TODAY = date(2026, 10, 8)


SAME = [
    pytest.param("广东某某（龙岗）律师事务所", "广东某某(龙岗)律师事务所", id="brackets"),
    pytest.param("广东某某〔龙岗〕律师事务所", "廣東某某（龍崗）律師事務所", id="traditional"),
    pytest.param("某某物业有限责任公司", "某某物业有限公司", id="有限责任公司"),
    pytest.param("Ａ ｃｍｅ 公司", "ACME公司", id="full width, blanks, case"),
    pytest.param("甲社区居民委员会", "甲社区居委会", id="居委会"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_organisation_however_it_is_written(one: str, other: str) -> None:
    assert names.organisation(one) == names.organisation(other)


def test_a_branch_is_another_one_but_like_its_head_office() -> None:
    branch, head = "广东某某（龙岗）律师事务所", "广东某某律师事务所"
    assert names.organisation(branch) != names.organisation(head)
    assert "(龙岗)" in names.near(branch)
    assert names.near("某某物业有限公司") == names.near("某某物业股份有限公司") == "某某物业"
    assert names.near("公司") == "公司"
    assert names.near("") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("买买提·某某", "买买提．某某", id="the dot between"),
        pytest.param("張 偉", "张伟", id="traditional, a blank"),
        pytest.param("Anna  LEE", "anna lee", id="case"),
    ],
)
def test_one_person_however_it_is_written(one: str, other: str) -> None:
    assert names.person(one) == names.person(other)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        pytest.param("甲社区居民委员会", True, id="in full"),
        pytest.param("某市某区某街道甲社区居委会", True, id="with its town"),
        pytest.param("甲社区", True, id="bare"),
        pytest.param("乙社区居委会", False, id="another"),
        pytest.param("甲社区物业有限公司", False, id="a company of that name"),
        pytest.param("新甲社区居委会分站", False, id="more behind it"),
    ],
)
def test_the_committee_of_a_community(name: str, is_one: bool) -> None:
    assert names.is_committee(name, "甲社区居委会") is is_one


def test_a_short_name_of_a_place_must_be_whole() -> None:
    assert names.is_committee("甲村", "甲村")
    assert not names.is_committee("大甲村", "甲村")


@given(st.text(max_size=30))
def test_folding_a_name_twice_changes_nothing(name: str) -> None:
    for fold in (names.person, names.organisation):
        once = fold(name)
        assert fold(once) == once


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("x" * 101, "long", id="long"),
        pytest.param("公司😀", "signs", id="emoji"),
        pytest.param("123", "letters", id="figures"),
    ],
)
def test_what_is_no_name_of_an_organisation(typed: str, code: str) -> None:
    with pytest.raises(personal.BadNameError) as refusal:
        names.clean(typed, is_person=False)
    assert refusal.value.code == code


def test_aliases_are_parted() -> None:
    assert names.parted("甲、乙，丙; 丁") == ["甲", "乙", "丙", "丁"]
    assert len(names.parted("甲、" * 9)) == 5


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("11010519491231002X", "11010519491231002X", id="the standard's example"),
        pytest.param("11010519491231002x", "11010519491231002X", id="a small x"),
        pytest.param("１１０１０５ 19491231 002Ｘ", "11010519491231002X", id="full width, blanks"),
        pytest.param("110105491231002", "11010519491231002X", id="15 digits"),
    ],
)
def test_identity_numbers(typed: str, kept: str) -> None:
    assert identifiers.identity_number(typed, TODAY) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("", "shape", id="nothing"),
        pytest.param("11010519491231002", "shape", id="17 signs"),
        pytest.param("1101051949123100XX", "shape", id="X not last"),
        pytest.param("99010519491231002X", "region", id="no province"),
        pytest.param("110105194913310023", "date", id="month 13"),
        pytest.param("110105209912310028", "date", id="not born yet"),
        pytest.param("110105194912310021", "check", id="a wrong check digit"),
    ],
)
def test_what_is_no_identity_number(typed: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        identifiers.identity_number(typed, TODAY)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "91350100m000100y43", " 91350100-M000100Y43"]
)
def test_the_standards_credit_code(code: str) -> None:
    assert identifiers.credit_code(code) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("91350100M000100Y4", "shape", id="17 signs"),
        pytest.param("91350100I000100Y43", "shape", id="I is never written"),
        pytest.param("91350100M000100Y44", "check", id="a wrong check sign"),
    ],
)
def test_what_is_no_credit_code(typed: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        identifiers.credit_code(typed)
    assert refusal.value.code == code


CODES = st.tuples(
    st.text(identifiers.CODE_SIGNS, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(identifiers.CODE_SIGNS, min_size=9, max_size=9),
).map("".join)


@given(CODES, st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_sign_of_a_credit_code_is_found(head: str, place: int, shift: int) -> None:
    code = head + identifiers.credit_check(head)
    assert identifiers.credit_code(code) == code
    signs = identifiers.CODE_SIGNS
    other = signs[(signs.index(code[place]) + shift) % 31]
    with pytest.raises(IdentifierError):
        identifiers.credit_code(code[:place] + other + code[place + 1 :])


@given(
    st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9)
)
def test_one_wrong_digit_of_an_identity_number_is_found(
    born: date, serial: int, place: int, shift: int
) -> None:
    head = f"440301{born:%Y%m%d}{serial:03d}"
    number = head + identifiers.identity_check(head)
    assert identifiers.identity_number(number, TODAY) == number
    wrong = str((int(number[place]) + shift) % 10)
    with pytest.raises(IdentifierError):
        identifiers.identity_number(number[:place] + wrong + number[place + 1 :], TODAY)


def test_a_number_is_shown_without_its_middle() -> None:
    assert identifiers.masked("11010519491231002X") == "1101**********002X"
    assert identifiers.masked("") == ""
