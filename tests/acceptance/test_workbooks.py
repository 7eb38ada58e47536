"""Workbooks as strangers fill them: every form a cell may have, and every fault at once."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from tests.acceptance.books import C2, C3, C7, H1, NANWAN, L, M, worked
from tests.acceptance.stranger import (
    Service,
    adviser,
    assignment,
    cells,
    contract,
    ended,
    session,
    shift,
)


def strange(good: str = "好") -> dict[str, list[dict[str, Any]]]:
    """Return a workbook as strangers fill it: every form a cell may have, all of it sound."""
    head = {"人员类别*": "律师", " 姓名 ": "王示例"}
    sheets: dict[str, list[Any]] = {name: list(rows) for name, rows in worked(C2).items()}
    sheets["律师"] = [
        head | {"　执业证号": 144032024100001, "手机号": 13800138000, "专长": "婚姻、劳动"},
        head | {"　执业证号": "007", "入职日期": "2020年1月2日", "备注": "不认识的列"},
        {" 姓名 ": "   "},
        head | {"　执业证号": 1440320241000002, "入职日期": datetime(2020, 1, 2)},
    ]
    licence = "144032024100001"
    sheets["合同"] = [
        contract("一", C2, "2024/1/1", "2024年12月31日", "例", "￥1,666.67"),
        contract("二", f"{C3}、{C7}", "2024-01-01", "２０２４-12-31", "例", 1666.67),
    ]
    sheets["指派"] = [assignment(C2, licence) | {"社区代码": int(C2)}]
    sheets["现场值班"] = [
        session(licence, C2, "2024/10/8", "8:30", "10:00:59"),
        session(licence, C2, "2024年10月9日", time(8, 30), time(9, 30)),
        {},
        session(licence, C2, date(2024, 10, 10), "８：３０", "09:30:00"),
    ]
    sheets["线上值班"] = [shift(licence, NANWAN, "2024-10-01 20:00", "2024/10/2 8:00")]
    for row in (*sheets["服务记录"], *sheets["以案定补"]):
        row["执业证号"] = licence
    sheets["以案定补"][0]["案件编号"] = f"异{good}"
    sheets["说明"] = [{"随便": 1}]
    return sheets


def test_a_strange_workbook_goes_in_once_and_comes_out_the_same(service: Service) -> None:
    for code in ("yi", "er"):
        name = ("--name", "异律师事务所", "--email", f"{code}@example.com")
        service.done("firm", "create", "--code", code, *name)
    path = service.book("strange", strange())
    dry = service.done("workbook", "import", path, "--firm", "yi", "--dry-run")
    assert [one["cell"] for one in dry["warnings"]] == ["律师!G1", "说明!A1"]
    twice = [service.start("workbook", "import", path, "--firm", "yi", "--json") for _ in "12"]
    documents = [ended(process).document["sheets"] for process in twice]
    rows = {name: one["rows"] for name, one in documents[0].items()}
    assert rows == {
        **{"补贴方案": 1, "律师": 3, "合同": 2, "指派": 1, "现场值班": 3},
        **{"线上值班": 1, "服务记录": 1, "以案定补": 1, "结对共建": 0},
    }
    # Of two at once one brought it in; the dry run had written nothing.
    for name, count in rows.items():
        assert sorted(one[name]["new"] for one in documents) == [0, count]
        assert sorted(one[name]["same"] for one in documents) == [0, count]
    out, again = service.folder / "out.xlsx", service.folder / "again.xlsx"
    service.done("workbook", "export", "--firm", "yi", out)
    service.done("workbook", "import", out, "--firm", "er")
    service.done("workbook", "export", "--firm", "er", again)
    assert cells(out) == cells(again)
    found = cells(out)
    assert [row[1] for row in found["律师"]] == [
        *("执业证号", "007", "1440320241000002", "144032024100001")
    ]
    assert [(row[2], row[7]) for row in found["合同"][1:]] == [
        (C2, 1666.67),
        (f"{C3}、{C7}", 1666.67),
    ]
    assert [row[3:5] for row in found["现场值班"][1:]] == [
        (time(8, 30), time(10)),
        (time(8, 30), time(9, 30)),
        (time(8, 30), time(9, 30)),
    ]


def test_every_fault_is_told_at_once_by_its_cell(service: Service) -> None:
    sheets: dict[str, list[Any]] = {name: list(rows) for name, rows in worked(C3).items()}
    sheets["律师"].append(adviser("李示例", M) | {"人员类别": "法师"})
    sheets["合同"].append(contract("例2", C3, "2024-12-31", "2025-02-30", "无"))
    sheets["指派"].append(assignment(H1[:-1] + "9", "无此人"))
    sheets["现场值班"] += [
        session(L, C3, "2999-01-01", "9:00", "10:00"),
        session(L, C3, "2024-10-30", "9:00", "8:00"),
        session(L, C3, "2024-10-22", "9:00", "11:00"),
        session(L, C3, "2024-10-31", "9:00", "11:00"),
        session(L, C2, "2024-10-31", "10:00", "12:00"),
        session(L, C3, "=TODAY()", "9:00", "10:00"),
    ]
    sheets["以案定补"].append({"结案日期": "2024-10-20"})
    sheets["补贴方案"][0] = sheets["补贴方案"][0] | {"街道分担(%)": 49, "年度标准(元)": "1.234"}
    path = service.book("faulty", sheets)
    answer = service.run("workbook", "import", path, "--firm", "fu", "--json")
    told = [fault["cell"] for fault in answer.document["faults"]]
    assert answer.code == 1
    assert answer.err.count("\n") == len(told)
    assert set(told) == {
        *("补贴方案!C2", "补贴方案!O2", "律师!C3", "合同!E3", "合同!F3", "指派!A3", "指派!B3"),
        *("现场值班!C5", "现场值班!E6", "现场值班!A7", "现场值班!D9", "现场值班!C10"),
        *(f"以案定补!{column}3" for column in "ABDEFG"),
    }
    exported = service.folder / "untouched.xlsx"
    service.done("workbook", "export", "--firm", "fu", exported)
    assert [row[0] for row in cells(exported)["合同"]] == ["合同编号", "负1"]


def test_what_is_no_workbook_is_refused_in_a_sentence(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "旧.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    answer = service.run("workbook", "import", path, "--firm", "li", "--json")
    assert (answer.code, answer.document["faults"][0]["cell"]) == (1, "文件")
    assert answer.err.startswith("文件: ")
    assert service.run("workbook", "import", tmp_path, "--firm", "li").code == 2
