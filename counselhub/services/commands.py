"""Commands that report on services."""

from datetime import datetime

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.errors import RefusedError
from counselhub.people.commands import for_firm
from counselhub.services import queries, reports

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def report() -> None:
    """Reports for offices and bureaus."""


@command(report, "programme")
@click.option("--firm", "code", required=True)
@click.option("--from", "first", type=DAY, required=True, help="first day, 2026-10-01")
@click.option("--to", "last", type=DAY, required=True, help="last day, included")
@click.option("--template", type=click.Choice(list(reports.TEMPLATES)), required=True)
@click.option("--json", "as_json", is_flag=True)
def programme(code: str, first: datetime, last: datetime, template: str, as_json: bool) -> None:
    """Print the counters of the programme for a span of days."""
    if last < first:
        raise RefusedError(_("结束日期不能早于开始日期。"))
    with for_firm(code):
        sums = queries.sums_by_kind(first.date(), last.date())
    document = reports.programme(template, sums, firm=code, first=first.date(), last=last.date())
    lines = [f"{row['label']}: {row['value']} {row['unit']}" for row in document["rows"]]
    if document["total"] is not None:
        lines.append(f"合计: {document['total']}")
    emit(document, as_json, "\n".join(lines))
