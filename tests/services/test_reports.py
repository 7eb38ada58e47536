"""The programme's counters, by template."""

import json
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from counselhub.cli import cli
from counselhub.services.kinds import ServiceKind as Kind
from counselhub.services.queries import KindSum
from counselhub.services.reports import TEMPLATES, Measure, programme
from tests.factories import Tenant
from tests.services.conftest import DAY, MakeRecord

OCTOBER = {"firm": "F1", "first": date(2026, 10, 1), "last": date(2026, 10, 31)}


def values(template: str, sums: dict[Kind, KindSum]) -> dict[str, float]:
    document = programme(template, sums, **OCTOBER)
    return {row["label"]: row["value"] for row in document["rows"]}


@pytest.mark.parametrize(
    ("template", "kind", "label", "value"),
    [
        pytest.param("yuexiu", Kind.CONSULTATION, "法律咨询", 5, id="人次"),
        pytest.param("yuexiu", Kind.LECTURE, "法治宣传", 2, id="a lecture is publicity"),
        pytest.param("yuexiu", Kind.TRAINING, "其他", 2, id="what has no row is 其他"),
        pytest.param("county2018", Kind.LECTURE, "法治讲座、普法活动", 2, id="county lecture"),
        pytest.param("county2018", Kind.CONSULTATION, "法律咨询", 5, id="county 人次"),
        pytest.param("county2018", Kind.OTHER, "挽回经济损失", 16.67, id="yuan with fen"),
    ],
)
def test_where_a_kind_counts(template: str, kind: Kind, label: str, value: float) -> None:
    found = values(template, {kind: KindSum(count=2, persons=5, recovered_fen=1667)})
    assert found[label] == value
    assert sum(bool(one) for name, one in found.items() if name != "挽回经济损失") <= 1


def test_whole_yuan_are_whole() -> None:
    found = values("county2018", {Kind.MEDIATION: KindSum(1, 1, 25_000_000)})
    assert repr(found["挽回经济损失"]) == "250000"


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_kind_counts_twice(template: str) -> None:
    rows = [row for row in TEMPLATES[template].rows if row.measure is not Measure.RECOVERED]
    counted = [kind for row in rows for kind in row.kinds]
    assert len(counted) == len(set(counted))
    if TEMPLATES[template].is_closed:
        assert set(counted) == set(Kind)


def test_the_reported_year_sums_to_its_total() -> None:
    """Yuexiu's own figures: the parts sum exactly."""
    sums = {
        Kind.CONSULTATION: KindSum(17_000, 17_988),
        Kind.LEGAL_OPINION: KindSum(145),
        Kind.MEDIATION: KindSum(1_166),
        Kind.PUBLICITY: KindSum(4_000),
        Kind.LECTURE: KindSum(406),
        Kind.LEGAL_AID: KindSum(63),
        Kind.OTHER: KindSum(1_557),
    }
    document = programme("yuexiu", sums, **OCTOBER)
    assert document["total"] == 25_325
    assert document["total"] == sum(row["value"] for row in document["rows"])
    assert programme("county2018", sums, **OCTOBER)["total"] is None


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, arguments, obj=nullcontext)
    return result.exit_code, result.output


def test_the_programme_report(context: None, tenant: Tenant, make_record: MakeRecord) -> None:
    make_record(persons=3)
    make_record(persons=None, count=2)
    make_record(kind="lecture", day=DAY - timedelta(days=8))
    span = ("--firm", tenant.code, "--from", "2026-10-01", "--to", "2026-10-31")
    code, output = run("report", "programme", *span, "--template", "yuexiu", "--json")
    document = json.loads(output)
    assert code == 0
    assert document["rows"][0] == {"label": "法律咨询", "unit": "人次", "value": 5}
    assert document["total"] == 5
    assert (document["firm"], document["from"], document["to"], document["template"]) == (
        tenant.code,
        "2026-10-01",
        "2026-10-31",
        "yuexiu",
    )
    code, output = run("report", "programme", *span, "--template", "yuexiu")
    assert "合计: 5" in output


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("--firm", "nobody", "--from", "2026-10-01", "--to", "2026-10-31"), 1),
        (("--firm", "nobody", "--from", "2026-10-31", "--to", "2026-10-01"), 1),
        (("--firm", "nobody", "--from", "October", "--to", "2026-10-01"), 2),
    ],
)
def test_bad_reports(context: None, arguments: tuple[str, ...], status: int) -> None:
    assert run("report", "programme", *arguments, "--template", "yuexiu")[0] == status
