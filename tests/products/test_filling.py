"""Templates: which fields one has, what is wrong with one, and the document with them filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.uploads import UploadError
from counselhub.products import builtin_templates, filling, word_files
from tests.products.conftest import word_file
from tests.products.test_reading import run, with_body


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        pytest.param(["{{委托人}}"], ("委托人",), id="one"),
        pytest.param(["{{ 委托人 }}、{{律师}}", "{{委托人}}"], ("委托人", "律师"), id="each once"),
        pytest.param(["甲方{{甲方}}乙方{{乙方}}"], ("甲方", "乙方"), id="two in a line"),
    ],
)
def test_fields(context: None, lines: list[str], fields: tuple[str, ...]) -> None:
    assert filling.fields_of(word_file(*lines)) == fields


def test_a_field_that_word_cut_up_is_one(context: None) -> None:
    cut = with_body(f"<w:p>{run('致{')}{run('{委')}{run('托人')}{run('}}：')}</w:p>")
    assert filling.fields_of(cut) == ("委托人",)
    assert word_files.letters(filling.filled(cut, {"委托人": "张某"})) == "致张某："


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("没有", "里面没有占位符", id="none"),
        pytest.param("{{委托人", "“{{委托人", id="not closed"),
        pytest.param("委托人}} {{律师}}", "“托人}}", id="not opened"),
        pytest.param("{{}}", "“{{}}”", id="no name"),
        pytest.param("{{" + "长" * 21 + "}}", "写坏了", id="a long name"),
        pytest.param("{% for x in y %}{{x}}", "“{% for", id="a loop"),
        pytest.param("{{a{b}}", "写坏了", id="braces in a name"),
        pytest.param("".join(f"{{{{字段{n}}}}}" for n in range(61)), "有 61 个字段", id="many"),
    ],
)
def test_what_is_wrong_is_named(context: None, line: str, words: str) -> None:
    with pytest.raises(UploadError) as caught:
        filling.fields_of(word_file(line))
    assert words in caught.value.message


def test_nothing_of_a_field_is_run(context: None) -> None:
    odd = "{{''.__class__}}"
    assert filling.fields_of(word_file(odd)) == ("''.__class__",)
    assert word_files.letters(filling.filled(word_file(odd), {})) == filling.BLANK


@pytest.mark.parametrize(
    ("value", "letters"),
    [
        pytest.param("张某", "致张某。", id="a word"),
        pytest.param("", f"致{filling.BLANK}。", id="nothing is a line to write on"),
        pytest.param("第一\r\n第二", "致第一\n第二。", id="lines"),
        pytest.param("A&B<c>\x07", "致A&B<c>。", id="signs that XML minds"),
        pytest.param("{{律师}}", "致{{律师}}。", id="a value is no field"),
    ],
)
def test_a_value_is_put_in(context: None, value: str, letters: str) -> None:
    made = filling.filled(word_file("致{{委托人}}。"), {"委托人": value})
    assert word_files.letters(made) == letters


@given(st.lists(st.text("甲乙 \n，", max_size=6), min_size=2, max_size=2))
def test_every_field_gets_its_own_value(values: list[str]) -> None:
    one, other = (filling.plain(value) or filling.BLANK for value in values)
    made = filling.filled(TWO, {"一": values[0], "二": values[1]})
    assert word_files.letters(made) == f"甲{one}乙{other}{one}"


TWO = word_file("甲{{一}}乙{{二}}{{一}}")


@pytest.mark.parametrize("code", builtin_templates.BUILT_IN)
def test_built_in_ones_are_templates(context: None, code: str) -> None:
    content = builtin_templates.content_of(code)
    assert len(filling.fields_of(content)) >= 5
    assert "{{" not in word_files.letters(filling.filled(content, {}))
