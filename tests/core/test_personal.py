"""Names and phones: how they are read, and what of them shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.personal import (
    LONGEST_NAME,
    BadNameError,
    PhoneError,
    clean_name,
    masked_name,
    masked_phone,
    normal_phone,
)

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "number", "shown"),
    [
        pytest.param("13800000001", "13800000001", "138****0001", id="mobile"),
        pytest.param("+86 138-0000-0001", "13800000001", "138****0001", id="with +86"),
        pytest.param("8613800000001", "13800000001", "138****0001", id="with 86"),
        pytest.param("0086 138 0000 0001", "13800000001", "138****0001", id="with 0086"),
        pytest.param("１３８００００ ０００１", "13800000001", "138****0001", id="full width"),
        pytest.param("\u202d138 0000 0001\u202c", "13800000001", "138****0001", id="copied"),
        pytest.param("0755-88880000", "075588880000", "0755****0000", id="landline"),
        pytest.param("（０７５５）８８８８００００", "075588880000", "0755****0000", id="brackets"),
        pytest.param("010-88880000", "01088880000", "010****0000", id="area of three"),
        pytest.param("0668-8880000", "06688880000", "0668****0000", id="seven after the area"),
        pytest.param("+86 10 8888 0000", "01088880000", "010****0000", id="landline with +86"),
        pytest.param("0755-88880000转801", "075588880000#801", "0755****0000#**", id="extension"),
        pytest.param("0755-88880000 ext.801", "075588880000#801", "0755****0000#**", id="ext"),
        pytest.param("88880000", "88880000", "****0000", id="without area"),
        pytest.param("8880000", "8880000", "****0000", id="short"),
        pytest.param("400-800-0000", "4008000000", "400****000", id="400"),
        pytest.param("+852 5555 0000", "+85255550000", "+85****000", id="abroad"),
        pytest.param("+6421000", "+6421000", "****", id="abroad and short"),
        pytest.param(" - ", "", "", id="nothing"),
    ],
)
def test_a_phone_is_read_and_masked(typed: str, number: str, shown: str) -> None:
    assert normal_phone(typed) == number
    assert masked_phone(number) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "1380000000",
        "138000000012",
        "12800000001",
        "张三",
        "138000000O1",
        "+86",
        "+0123456789",
        "' OR 1=1 --",
        "=HYPERLINK(1)",
        "١٣٨٠٠٠٠٠٠٠١",
        "13800000001转801转2",
        "0" * 500,
        "😀",
    ],
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(PhoneError):
        normal_phone(typed)


@given(MOBILES, st.lists(st.sampled_from([" ", "-", "－", "\u3000", "(", ")", "\u200b"])))
def test_separators_change_nothing(number: str, signs: list[str]) -> None:
    typed = "".join(
        part for pair in zip(number, [*signs, *[""] * 11], strict=False) for part in pair
    )
    assert normal_phone(typed) == number
    assert normal_phone(normal_phone(f"+86{typed}")) == number


@given(MOBILES)
def test_the_middle_of_a_mobile_never_shows(number: str) -> None:
    assert masked_phone(number) == f"{number[:3]}****{number[-4:]}"


@given(st.text(max_size=40))
def test_a_masked_phone_always_hides_something(text: str) -> None:
    try:
        number = normal_phone(text)
    except PhoneError:
        return
    assert not number or "****" in masked_phone(number)
    assert normal_phone(number) == number


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("张三", "张**", id="two"),
        pytest.param("张三丰", "张**", id="three"),
        pytest.param("张", "*", id="one"),
        pytest.param("欧阳锋", "欧阳**", id="compound surname"),
        pytest.param("司马相如", "司马**", id="compound of four"),
        pytest.param("欧阳", "欧**", id="a compound surname alone"),
        pytest.param("John Smith", "J**", id="Latin"),
        pytest.param("O", "*", id="one Latin letter"),
        pytest.param("买买提·艾力", "买**", id="middle dot"),
        pytest.param("𠮷田", "𠮷**", id="rare character"),
        pytest.param("葛\U000e0100城", "葛\U000e0100**", id="variant"),
        pytest.param("e\u0301", "*", id="one letter with its accent"),
        pytest.param("", "", id="none"),
    ],
)
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  张三  ", "张三"),
        ("张\u200b三", "张三"),
        ("John   Smith", "John Smith"),
        ("王小明（父亲）", "王小明（父亲）"),
        ("O’Neil-Li 2", "O’Neil-Li 2"),
        ("", ""),
    ],
)
def test_a_name_is_cleaned(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("张" * (LONGEST_NAME + 1), "long"),
        ("张" * 500, "long"),
        ("张三😀", "signs"),
        ("<b>张三</b>", "signs"),
        ("=1+1", "signs"),
        ("张\x00三", "signs"),
        ("13800000001", "letters"),
        ("···", "letters"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, code: str) -> None:
    with pytest.raises(BadNameError) as refused:
        clean_name(typed)
    assert refused.value.code == code


@given(st.text(min_size=2, max_size=LONGEST_NAME))
def test_a_masked_name_shows_at_most_a_surname(text: str) -> None:
    try:
        name = clean_name(text)
    except BadNameError:
        return
    if name:
        shown = masked_name(name)
        assert shown.endswith("*")
        assert shown.rstrip("*") != name
