"""The command: one firm's, one street's, one district's figures, and what is refused."""

import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from counselhub.cli import cli
from tests.factories import Tenant
from tests.programme.conftest import MakeLog

DAYS = ("--from", "2026-10-01", "--to", "2026-10-31")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ("report", "programme", *arguments), obj=nullcontext)
    return result.exit_code, result.output


def test_the_programme_report(context: None, tenant: Tenant, make_log: MakeLog) -> None:
    make_log("consultation", 1, persons=3, first="2026-10-08", days=1)
    make_log("consultation", 1, count=2, first="2026-10-08", days=1)
    make_log("lecture", 1, first="2026-09-30", days=1)
    make_log("mediation", 1, recovered_fen=1_667, first="2026-10-31", days=1)
    code, output = run("--firm", tenant.code, *DAYS, "--template", "yuexiu", "--json")
    document = json.loads(output)
    assert code == 0
    assert list(document) == ["firm", "from", "to", "template", "rows", "total"]
    assert document["rows"][0] == {"label": "法律咨询", "unit": "人次", "value": 5}
    assert document["total"] == 6
    code, output = run("--firm", tenant.code, *DAYS, "--template", "yuexiu")
    assert "合计: 6" in output
    code, output = run("--firm", tenant.code, *DAYS, "--template", "county2018")
    assert "挽回经济损失: 16.67 元" in output
    assert "合计" not in output


def test_a_street_and_a_district(context: None, tenant: Tenant, make_log: MakeLog) -> None:
    make_log("mediation", 4, first="2026-10-01", days=31)
    street = tenant.town.street_code
    for name, code in (("street", street), ("district", street[:6])):
        status, output = run(f"--{name}", code, *DAYS, "--template", "yuexiu", "--json")
        document = json.loads(output)
        assert (status, document[name], document["total"]) == (0, code, 4)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(("--firm", "nobody", *DAYS, "--template", "yuexiu"), 1, id="no such firm"),
        pytest.param(("--street", "1", *DAYS, "--template", "yuexiu"), 1, id="no such street"),
        pytest.param(
            (
                "--firm",
                "{firm}",
                "--from",
                "2026-10-31",
                "--to",
                "2026-10-01",
                "--template",
                "yuexiu",
            ),
            1,
            id="days turned round",
        ),
        pytest.param(("--firm", "{firm}", *DAYS, "--template", "nobody"), 2, id="no such template"),
        pytest.param(
            ("--firm", "{firm}", "--street", "1", *DAYS, "--template", "yuexiu"), 2, id="two places"
        ),
        pytest.param((*DAYS, "--template", "yuexiu"), 2, id="no place"),
        pytest.param(
            ("--firm", "{firm}", "--from", "October", "--to", "2026-10-01", "--template", "yuexiu"),
            2,
            id="no day",
        ),
    ],
)
def test_bad_reports(
    context: None, tenant: Tenant, arguments: tuple[str, ...], status: int
) -> None:
    assert run(*(one.format(firm=tenant.code) for one in arguments))[0] == status
