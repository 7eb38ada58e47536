"""The commands as another program meets them: empty database first, then a year of work.

What the document says of workbooks and commands, and the money rules' amounts worked out by hand.
"""

from collections.abc import Iterable
from datetime import date
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
    EDGES,
    HONGQIAO,
    NANWAN,
    WORKED,
    WORKED_LINES,
    L,
    edges,
)
from tests.acceptance.stranger import (
    Service,
    ended,
    session,
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
