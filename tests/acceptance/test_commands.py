"""The commands as another program meets them: empty database first, then a year of work.

What the document says of workbooks and commands, and the money rules' amounts worked out by hand.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from counselhub.cli import cli
from counselhub.core.db import db
from counselhub.people.commands import for_firm
from counselhub.statements import actions
from counselhub.statements.queries import live_statements
from tests.acceptance.books import (
    BEIJING,
    C1,
    C2,
    C3,
    C7,
    EDGES,
    H1,
    HONGQIAO,
    NANWAN,
    WORKED,
    WORKED_LINES,
    L,
    M,
    edges,
    worked,
)
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

LINE_KEYS = ["contract", "community", "kind", "month", "quantity", "amount_fen", "trace"]
KINDS = ["base", "shortfall", "lecture", "online", "case", "withhold", "release", "adjustment"]


@pytest.fixture(scope="module")
def computed(service: Service) -> Service:
    """The service after two processes computed March at once, and the batch the other months."""
    march = [service.start("statement", "run", "--month", "2024-03", "--json") for _ in "12"]
    both = [ended(process) for process in march]
    assert [(answer.code, answer.err) for answer in both] == [(0, ""), (0, "")]
    assert both[0].document == both[1].document
    for month in ("2024-01", "2024-02", "2024-06", "2024-10", "2024-11", "2024-12"):
        assert service.done("statement", "run", "--month", month)["refused"] == []
    return service


def parts(lines: Iterable[Any]) -> list[tuple[str, str, str, int]]:
    """Return what a pencil compares of each line."""
    return [(line["contract"], line["kind"], line["month"], line["amount_fen"]) for line in lines]


def test_the_worked_example_to_the_letter(computed: Service) -> None:
    made = computed.statement("li", NANWAN, "2024-10")
    lines = made.pop("lines")
    assert [line[1:] for line in parts(lines)] == WORKED_LINES
    assert [list(line) for line in lines] == [LINE_KEYS] * 5
    assert all(isinstance(line["trace"], list) and line["trace"] for line in lines)
    head = {"firm": "li", "street": NANWAN, "month": "2024-10", "status": "draft", "version": 1}
    assert made == head | WORKED
    assert list(made) == [
        *("firm", "street", "month", "status", "version"),
        *("total_fen", "total_capital", "funding"),
    ]


@pytest.mark.parametrize(("street", "month"), EDGES, ids=lambda value: str(value))
def test_amounts_are_those_of_a_pencil(computed: Service, street: str, month: str) -> None:
    made = computed.statement("bian", street, month)
    for community, wanted in EDGES[street, month].items():
        found = [line for line in made["lines"] if line["community"] == community]
        assert parts(found) == wanted, community
    places = [
        (line["community"], line["contract"], line["month"], KINDS.index(line["kind"]))
        for line in made["lines"]
    ]
    assert places == sorted(set(places))
    assert made["total_fen"] == sum(line["amount_fen"] for line in made["lines"])
    assert made["funding"] == [{"source": "街道", "amount_fen": made["total_fen"]}]


def test_below_nothing_is_carried_and_a_case_is_paid_once(computed: Service) -> None:
    january, february, march = (
        computed.statement("fu", BEIJING, f"2024-0{month}") for month in (1, 2, 3)
    )
    assert (january["total_fen"], january["total_capital"]) == (-1_000, "人民币负壹拾元整")
    # 10,000 less a withholding of 1,000 less the rest of January; 33.33 % of 8,000 is 2,666.4.
    assert february["total_fen"] == 8_000
    assert parts(february["lines"])[0] == ("", "adjustment", "2024-01", -1_000)
    assert [one["amount_fen"] for one in february["funding"]] == [2_667, 2_666, 2_667]
    # The number was taken by another firm's statement, or this one took it first.
    elsewhere = parts(computed.statement("bian", HONGQIAO, "2024-03")["lines"])
    amounts = [fen for _, kind, _, fen in [*parts(march["lines"]), *elsewhere] if kind == "case"]
    assert sorted(amounts) in ([0, 10_000], [0, 20_000])


def test_computing_again_changes_nothing_but_what_was_imported(computed: Service) -> None:
    place = ("--firm", "li", "--street", NANWAN, "--month", "2024-10")
    before = computed.statement("li", NANWAN, "2024-10")
    assert computed.done("statement", "compute", *place) == before
    sheets = {"现场值班": [session(L, C1, "2024-10-29", "9:00", "11:00")]}
    assert computed.done("workbook", "import", computed.book("more", sheets), "--firm", "li")
    after = computed.done("statement", "compute", *place)
    assert [line["amount_fen"] for line in after["lines"]] == [
        *(166_667, 0, 30_000, 10_000, -16_667)
    ]
    assert after["total_fen"] == 190_000


REFUSED = [
    pytest.param(["compute", "--firm", "li", "--street", NANWAN, "--month", "2024-13"], 2),
    pytest.param(["compute", "--firm", "li", "--street", NANWAN, "--month", "2024/10"], 2),
    pytest.param(["show", "--firm", "li", "--street", NANWAN], 2),
    pytest.param(["show", "--firm", "wu", "--street", NANWAN, "--month", "2024-10"], 1),
    pytest.param(["compute", "--firm", "li", "--street", "999999999", "--month", "2024-10"], 1),
]


@pytest.mark.parametrize(("arguments", "code"), REFUSED, ids=lambda value: str(value)[:60])
def test_a_refusal_is_a_sentence(service: Service, arguments: list[str], code: int) -> None:
    answer = service.run("statement", *arguments, "--json")
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.strip()


def test_a_process_ends_with_the_status(service: Service) -> None:
    place = ("--firm", "wu", "--street", NANWAN, "--month")
    refused = service.start("statement", "show", *place, "2024-10", "--json")
    misused = service.start("statement", "show", *place, "2024-00", "--json")
    unnamed = service.run(
        "firm", "create", "--code", "x", "--name", " ", "--email", "x@example.com"
    )
    assert (unnamed.code, unnamed.err) == (1, "请填写律师事务所的名称。\n")
    made = service.start(
        *("office", "create", "--street", NANWAN, "--email", "jing@example.com", "--json")
    )
    answers = [ended(process) for process in (refused, misused, made)]
    assert [answer.code for answer in answers] == [1, 2, 0]
    assert [answer.out for answer in answers[:2]] == ["", ""]
    assert answers[0].err == "没有代码为“wu”的律师事务所。\n"
    assert list(answers[2].document) == ["street", "email", "link"]
    assert answers[2].document["link"].startswith("http://127.0.0.1:8179/")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        pytest.param("postgresql://x@127.0.0.1:1/x", "Connection refused", id="nobody there"),
        pytest.param("mysql", "DATABASE_URL must be like postgresql://", id="no address"),
    ],
)
def test_a_database_that_cannot_be_had_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, words: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    answer = CliRunner().invoke(cli, ["statement", "run", "--month", "2024-01", "--json"])
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert words in answer.stderr


def strange(good: str = "好") -> dict[str, list[dict[str, Any]]]:
    """Return a workbook as strangers fill it: every form a cell may have, all of it sound."""
    head = {"人员类别*": "律师", " 姓名 ": "王示例"}
    sheets: dict[str, list[Any]] = {name: list(rows) for name, rows in worked(C2).items()}
    sheets["律师"] = [
        head | {"　执业证号": 144032024100001, "手机号": 13800138000, "专长": "婚姻、劳动"},
        head | {"　执业证号": "007", "入职日期": "2020年1月2日", "备注": "不认识的列"},
        {" 姓名 ": "   "},
        head | {"　执业证号": 1440320241000002, "入职日期": datetime(2020, 1, 2)},  # noqa: DTZ001
    ]
    licence = "144032024100001"
    sheets["合同"] = [
        contract("一", C2, "2024/1/1", "2024年12月31日", "例", "￥1,666.67"),
        contract("二", f"{C3}、{C7}", "2024-01-01", "２０２４-12-31", "例", 1666.67),
    ]
    sheets["指派"] = [assignment(C2, licence) | {"社区代码": int(C2)}]
    sheets["现场值班"] = [
        session(licence, C2, "2024/10/8", "8:30", "10:00:59"),
        session(licence, C2, "2024年10月9日", time(8, 30), time(9, 30)),  # type: ignore[arg-type]
        {},
        session(licence, C2, date(2024, 10, 10), "８：３０", "09:30:00"),  # type: ignore[arg-type]
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


def test_a_submitted_statement_freezes_its_rows(computed: Service) -> None:
    number = submit(computed, "bian", NANWAN, date(2024, 6, 1))
    place = ("--firm", "bian", "--street", NANWAN, "--month", "2024-06")
    shown = computed.done("statement", "show", *place)
    assert (shown["status"], shown["version"]) == ("submitted", 1)
    sheets = edges()
    path = computed.book("same", sheets)
    assert computed.run("workbook", "import", path, "--firm", "bian", "--json").code == 0
    june = next(row for row in sheets["现场值班"] if row["日期"] == "2024-06-03")
    sheets["现场值班"].append(june | {"日期": "2024-06-04"})
    june["签退"] = "15:00"
    may = next(row for row in sheets["现场值班"] if row["日期"] == "2024-05-21")
    may["签退"] = "18:00"  # no statement of May was made; June's settles its quarter
    path = computed.book("changed", sheets)
    answer = computed.run("workbook", "import", path, "--firm", "bian", "--json")
    faults = answer.document["faults"]
    assert (answer.code, [fault["cell"] for fault in faults]) == (
        1,
        ["现场值班!A3", "现场值班!A4", "现场值班!A17"],
    )
    assert all(number in fault["message"] for fault in faults)
    refused = computed.run("statement", "compute", *place, "--json")
    assert (refused.code, refused.out) == (1, "")
    assert number in refused.err
    assert computed.done("statement", "run", "--month", "2024-06")["skipped"] == 1
    assert computed.done("statement", "show", *place) == shown


def submit(service: Service, code: str, street: str, month: date) -> str:
    """Take a statement to the office as its firm does in the application; return its number."""
    with service.app.app_context(), for_firm(code) as member:
        statement = live_statements(month, [street])[street]
        actions.certify(statement, member)
        actions.submit(statement, member)
        number = statement.number
        db.session.commit()
    return number


def test_what_is_no_workbook_is_refused_in_a_sentence(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "旧.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    answer = service.run("workbook", "import", path, "--firm", "li", "--json")
    assert (answer.code, answer.document["faults"][0]["cell"]) == (1, "文件")
    assert answer.err.startswith("文件: ")
    assert service.run("workbook", "import", tmp_path, "--firm", "li").code == 2
