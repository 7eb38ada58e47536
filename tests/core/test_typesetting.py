"""Papers are set from data alone: what is typed is no markup, the same gives the same bytes."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from counselhub.core.typesetting import TypesettingError, typeset, typeset_with

AT = datetime(2026, 10, 8, tzinfo=UTC)
SET = '#set text(font: "Noto Sans SC", lang: "zh")\n#let data = json(bytes(sys.inputs.data))\n'


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template that writes what it is given."""
    path = tmp_path / "one.typ"
    path.write_text(f"{SET}#data.words", encoding="utf-8")
    return path


def test_the_same_data_gives_the_same_bytes(template: Path) -> None:
    one, two = (typeset(template, {"words": '#panic("甲") $x$'}, AT) for _time in range(2))
    assert one[:5] == b"%PDF-"
    assert one == two
    assert one != typeset(template, {"words": "乙"}, AT)


def test_pictures_lie_beside_it(tmp_path: Path) -> None:
    path, picture = tmp_path / "two.typ", BytesIO()
    path.write_text(f"{SET}#image(data.photo)", encoding="utf-8")
    Image.new("RGB", (4, 4), "red").save(picture, "JPEG")
    made = typeset_with({"a.jpg": picture.getvalue()}, path, {"photo": "a.jpg"}, AT)
    assert b"/Image" in made


def test_a_font_that_is_not_ours_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "three.typ"
    path.write_text('#set text(font: "Nobody Has This")\n甲', encoding="utf-8")
    with pytest.raises(TypesettingError):
        typeset(path, {}, AT)
