"""What is read of a file: the letters that count, within limits."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from counselhub.core.uploads import UploadError
from counselhub.products import reading, word_files
from counselhub.products.kinds import TextSource
from tests.products.conftest import word_file

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def run(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def with_body(body: str) -> bytes:
    """Return a Word file whose body is this XML."""
    target = BytesIO()
    with ZipFile(BytesIO(word_file("x"))) as source, ZipFile(target, "w") as made:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "word/document.xml":
                content = (
                    f'<w:document xmlns:w="{NS}"><w:body>{body}</w:body></w:document>'.encode()
                )
            made.writestr(part, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("body", "letters"),
    [
        pytest.param(f"<w:p>{run('第一')}{run('条')}</w:p>", "第一条", id="runs"),
        pytest.param(
            f"<w:p><w:ins>{run('新')}</w:ins><w:del>{run('旧')}</w:del></w:p>",
            "新", id="tracked changes",
        ),
        pytest.param(
            f"<w:tbl><w:tr><w:tc><w:p>{run('甲')}</w:p></w:tc><w:tc><w:p>{run('乙')}</w:p></w:tc>"
            f"</w:tr></w:tbl><w:p>{run('丙')}</w:p>",
            "甲\n乙\n丙", id="a table in its place",
        ),
        pytest.param(
            f"<w:p>{run('甲')}<w:r><w:br/></w:r>{run('乙')}</w:p>", "甲\n乙", id="a break"
        ),
        pytest.param(
            "<w:p><w:r><w:t>外</w:t><w:p><w:r><w:t>内</w:t></w:r></w:p></w:r></w:p>",
            "外\n内", id="a box once",
        ),
        pytest.param("<w:r><w:t>游离</w:t></w:r>", "", id="letters of no paragraph"),
    ],
)  # fmt: skip
def test_letters_of_a_word_file(context: None, body: str, letters: str) -> None:
    assert word_files.letters(with_body(body)) == letters


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param(b"", "没有收到文件", id="empty"),
        pytest.param(b"x" * (8 * 2**20 + 1), "超过 8 MB", id="large"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0", "只收 Word", id="a picture"),
        pytest.param(with_body("<w:p"), "打不开", id="broken XML"),
        pytest.param(
            "\n".join("段" for _ in range(3_001)).encode(), "3001 段", id="many paragraphs"
        ),
    ],
)
def test_what_cannot_be_read(context: None, sent: bytes, words: str) -> None:
    with pytest.raises(UploadError, match=words):
        reading.read("a.docx", sent)


def test_much_of_it_is_not_opened(context: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_files, "LARGEST_XML", 10_000)
    with pytest.raises(UploadError, match="太多"):
        reading.read("a.docx", word_file("第一条"))


def test_a_bomb_of_names_is_no_text(context: None) -> None:
    """Names that stand for others are not followed."""
    with pytest.raises(UploadError):
        reading.read("a.docx", with_body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_plain_text_in_any_writing(context: None, encoding: str) -> None:
    sent = reading.read("村规.txt", "第一条\r\n\r\n第二条　尊老\u200b爱幼\t".encode(encoding))
    assert sent.paragraphs == ("第一条", "第二条　尊老爱幼")
    assert (sent.source, sent.name) == (TextSource.TXT, "村规.txt")
    assert len(sent.digest) == 64
