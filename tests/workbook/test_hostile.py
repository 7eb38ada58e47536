"""Files that mean harm, or were badly made: a sentence each, never a trace."""

import warnings
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from counselhub.workbook.actions import try_workbook
from counselhub.workbook.layout import MOST_ROWS
from tests.factories import Town
from tests.workbook.books import book, small
from tests.workbook.firms import Newcomer

HEADER = ["姓名", "执业证号", "人员类别"]


def zipped(**parts: bytes) -> bytes:
    """Return a zip of these parts; `__` in a name stands for a slash, a trailing part for .xml."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return data.getvalue()


def patched(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook with one part rewritten."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            assert name != part or old in content
            archive.writestr(name, content.replace(old, new) if name == part else content)
    return target.getvalue()


def added(data: bytes, *names: str) -> bytes:
    """Return a workbook with more parts."""
    target = BytesIO(data)
    with ZipFile(target, "a") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return target.getvalue()


def locked(data: bytes) -> bytes:
    """Return a workbook whose first part says that it is encrypted, here and in the directory."""
    entry = data.index(b"PK\x01\x02")
    bits = bytearray(data)
    bits[6] |= 1
    bits[entry + 8] |= 1
    return bytes(bits)


def twice(data: bytes) -> bytes:
    """Return a workbook that has one of its parts a second time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of zipfile, which is right
        return added(data, SHEET)


SHEET, TYPES = "xl/worksheets/sheet1.xml", "[Content_Types].xml"
LAWYERS = book({"律师": [HEADER, ["张", "A1", "律师"]]})
ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'

HOSTILE = [
    pytest.param(b"", "不是 Excel 工作簿", id="nothing"),
    pytest.param(b"\x00\xff" * 400, "不是 Excel 工作簿", id="noise"),
    pytest.param(zipped(notes=b"x"), "不是 Excel 工作簿", id="another zip"),
    pytest.param(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "取消密码", id="with a password"),
    pytest.param(LAWYERS[: len(LAWYERS) // 2], "损坏", id="cut in half"),
    pytest.param(LAWYERS[:-30], "损坏", id="cut at its end"),
    pytest.param(patched(LAWYERS, SHEET, b"<worksheet", ENTITY), "损坏", id="entities"),
    pytest.param(patched(LAWYERS, "xl/workbook.xml", b"</", b"<"), "损坏", id="broken XML"),
    pytest.param(patched(LAWYERS, SHEET, b'r="A2"', b'r="XFD1048576"'), "最多", id="a far cell"),
    pytest.param(
        patched(LAWYERS, SHEET, b"<sheetData>", b"<sheetData>" + b" " * 160 * 2**20),
        "超出上限",
        id="a bomb",
    ),
    pytest.param(
        patched(LAWYERS, SHEET, b"<sheetData>", b"<sheetData>" + b" " * 20 * 2**20),
        "超出上限",
        id="packed too well",
    ),
    pytest.param(book({"Sheet1": [["x"]]}), "没有一张可导入的工作表", id="a wrong sheet"),
    pytest.param(added(LAWYERS, "xl/vbaProject.bin"), "宏", id="a macro renamed to .xlsx"),
    pytest.param(added(LAWYERS, "xl/activeX/activeX1.bin"), "宏", id="a control"),
    pytest.param(
        patched(LAWYERS, TYPES, b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"),
        "宏",
        id="a type of macros",
    ),
    pytest.param(added(LAWYERS, "../../etc/passwd"), "损坏", id="a way out of the folder"),
    pytest.param(added(LAWYERS, "/etc/passwd"), "损坏", id="a path from the root"),
    pytest.param(added(LAWYERS, *map(str, range(2_100))), "损坏", id="thousands of parts"),
    pytest.param(locked(LAWYERS), "密码", id="locked parts"),
    pytest.param(twice(LAWYERS), "损坏", id="one part twice"),
    pytest.param(b"%PDF-1.7 x", "不是 Excel 工作簿", id="a PDF renamed"),
    pytest.param(b"<html><script>1</script>", "不是 Excel 工作簿", id="a page renamed"),
    pytest.param("姓名,执业证号".encode(), "不是 Excel 工作簿", id="a CSV renamed"),
]


@pytest.mark.parametrize(("data", "words"), HOSTILE)
def test_a_bad_file_is_one_fault(inside: Newcomer, data: bytes, words: str) -> None:
    faults = try_workbook(data).findings.faults
    assert [fault.cell for fault in faults] == ["文件"]
    assert words in faults[0].message


def test_a_million_blank_rows_are_nothing(inside: Newcomer) -> None:
    row = b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>'
    blank = b"".join(row % (number, number) for number in range(3, 1_000_000))
    data = patched(LAWYERS, SHEET, b"</sheetData>", blank + b"</sheetData>")
    plan = try_workbook(data)
    assert plan.findings.faults == []
    assert plan.counts()["律师"]["rows"] == 1


def test_too_many_rows_are_told(inside: Newcomer) -> None:
    far = b'<row r="%d"><c r="A%d"><v>1</v></c></row></sheetData>' % (MOST_ROWS + 2, MOST_ROWS + 2)
    faults = try_workbook(patched(LAWYERS, SHEET, b"</sheetData>", far)).findings.faults
    assert f"最多 {MOST_ROWS} 行" in faults[0].message


def test_a_merged_header_misses_its_columns(inside: Newcomer) -> None:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "律师"
    page.append(["姓名", "执业证号", "人员类别"])
    page.append(["张", "A1", "律师"])
    page.merge_cells("A1:C1")
    data = BytesIO()
    made.save(data)
    messages = [fault.message for fault in try_workbook(data.getvalue()).findings.faults]
    assert [("执业证号" in message, "人员类别" in message) for message in messages] == [
        (True, False),
        (False, True),
    ]


def test_a_long_code_written_whole_is_read_whole(inside: Newcomer) -> None:
    data = book({"律师": [HEADER, ["张", 77, "律师"]]})
    plan = try_workbook(patched(data, SHEET, b"<v>77<", b"<v>14403202610000001<"))
    assert plan.findings.faults == []
    assert plan.sheets["律师"].matches[0].values["licence_number"] == "14403202610000001"


def test_a_long_code_that_excel_cut_is_a_fault(inside: Newcomer) -> None:
    data = book({"律师": [HEADER, ["张", 77, "律师"]]})
    cut = patched(data, SHEET, b"<v>77<", b"<v>1.23456789012345E+16<")
    faults = try_workbook(cut).findings.faults
    assert [fault.cell for fault in faults] == ["律师!B2"]


def test_a_header_twice_is_a_fault(inside: Newcomer) -> None:
    data = book({"律师": [[*HEADER, "姓名"], ["张", "A1", "律师", "李"]]})
    assert "出现了两次" in try_workbook(data).findings.faults[0].message


def test_looks_are_no_data(inside: Newcomer, town: Town) -> None:
    made = load_workbook(BytesIO(book(small(town))))
    for page in made.worksheets:
        page["A1"].font = Font(bold=True)
        page["Z90"].font = Font(bold=True)
    data = BytesIO()
    made.save(data)
    assert try_workbook(data.getvalue()).findings.faults == []
