"""The division codes: read from any spreadsheet's CSV, loaded whole or not at all."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from counselhub.cli import cli
from counselhub.core.db import db
from counselhub.core.errors import FaultsError
from counselhub.core.tenancy import as_platform
from counselhub.places import actions
from counselhub.places.models import Community
from counselhub.places.reading import COLUMNS, read
from tests.factories import number

DATA = Path(actions.__file__).parent / "data"
HEADER = ",".join(COLUMNS)
GOOD = "440307012002,南龙社区居委会,440307012,南湾街道,440307,龙岗区,深圳市,广东省"


def csv(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(csv(GOOD), id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + csv(GOOD), id="UTF-8 with BOM, as Excel writes"),
        pytest.param(csv(GOOD).decode().encode("gb18030"), id="GB18030, as Chinese Excel writes"),
        pytest.param(csv(GOOD, "", ",,,,,,,").replace(b"\n", b"\r\n"), id="CRLF and blank lines"),
        pytest.param((f"{HEADER},note\n{GOOD},x\n").encode(), id="an unknown column is ignored"),
    ],
)
def test_a_good_file(content: bytes) -> None:
    reading = read(content)
    assert reading.faults == []
    assert [row["community_name"] for row in reading.rows] == ["南龙社区居委会"]


@pytest.mark.parametrize(
    ("content", "cell", "words"),
    [
        pytest.param(b"\xff\xfe\x00\x01", "文件", "编码", id="not a text"),
        pytest.param(b"a,b\n1,2\n", "第1行", "缺少列：community_code", id="no header"),
        pytest.param(csv(), "文件", "没有一行", id="nothing in it"),
        pytest.param(
            csv(GOOD.replace("440307012002", "4403070120")),
            "第2行 community_code",
            "12位数字",
            id="a short code",
        ),
        pytest.param(
            csv(GOOD.replace("440307012002", "440307013002")),
            "第2行 community_code",
            "不以 440307012 开头",
            id="a community of another street",
        ),
        pytest.param(csv(GOOD, GOOD), "第3行 community_code", "与第2行重复", id="a line twice"),
        pytest.param(csv(GOOD.replace("深圳市", "")), "第2行 city_name", "不能为空", id="no city"),
        pytest.param(
            csv(GOOD, GOOD.replace("012002", "012003").replace("南湾", "北湾")),
            "第3行 street_name",
            "在前面叫“南湾街道”",
            id="one street by two names",
        ),
    ],
)
def test_a_fault_is_named_by_its_line(content: bytes, cell: str, words: str) -> None:
    faults = read(content).faults
    assert faults[0]["cell"] == cell
    assert words in faults[0]["message"]


def test_every_fault_at_once() -> None:
    assert len(read(csv(GOOD.replace("440307012002", "x"), GOOD.replace("广东省", ""))).faults) == 2


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of a district that no other test uses."""
    district = f"{80 + number() % 10}{number():04d}"

    def write(*names: str) -> Path:
        lines = [
            f"{district}001{place:03d},{name},{district}001,某街道,{district},某区,某市,某省"
            for place, name in enumerate(names, 1)
        ]
        path = tmp_path / "places.csv"
        path.write_bytes(csv(*lines))
        return path

    return write


@pytest.mark.usefixtures("context")
def test_again_is_an_update(file: Callable[..., Path]) -> None:
    first = actions.import_places(file("南龙社区居委会", "单家村委会"))
    assert (first.communities, first.new, first.changed) == (2, 2, 0)
    again = actions.import_places(file("南龙社区居委会", "单家新村委会"))
    assert (again.communities, again.new, again.changed) == (2, 0, 1)


@pytest.mark.usefixtures("context")
def test_pinyin_and_initials_are_kept(file: Callable[..., Path]) -> None:
    actions.import_places(path := file("单家村委会"))
    code = path.read_text().splitlines()[1][:12]
    with as_platform():
        community = db.session.get_one(Community, code)
    assert community.pinyin == "dan jia cun wei hui"
    assert code in community.search
    assert "djcwh" in community.search
    assert "sjcwh" in community.search


@pytest.mark.usefixtures("context")
def test_nothing_is_half_imported(file: Callable[..., Path]) -> None:
    path = file("甲社区居委会", "")
    with pytest.raises(FaultsError) as refusal:
        actions.import_places(path)
    assert refusal.value.faults == [{"cell": "第3行 community_name", "message": "不能为空。"}]
    with as_platform():
        assert db.session.get(Community, path.read_text().splitlines()[1][:12]) is None


def run(app: Flask, *arguments: str) -> tuple[int, str, str]:
    @contextmanager
    def opened():
        with app.app_context():
            yield

    result = CliRunner().invoke(cli, arguments, obj=opened)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_one_json_document(app: Flask) -> None:
    path = str(DATA / "communities-nanwan.csv")
    code, out, _err = run(app, "places", "import", path, "--json")
    assert code == 0
    assert json.loads(out) | {"new": 0} == {
        "districts": 1,
        "streets": 1,
        "communities": 14,
        "new": 0,
        "changed": 0,
    }


def test_the_command_refuses_in_one_piece(app: Flask, file: Callable[..., Path]) -> None:
    code, out, err = run(app, "places", "import", str(file("")), "--json")
    assert (code, out) == (1, "")
    assert "第2行 community_name: 不能为空" in err


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_no_file_is_wrong_usage(app: Flask, tmp_path: Path, name: str) -> None:
    code, out, err = run(app, "places", "import", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert str(tmp_path / name) in err
