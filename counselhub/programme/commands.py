"""Commands that report on services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.i18n import yuan
from counselhub.core.tenancy import Scope, ScopeKind, as_scope
from counselhub.people.commands import for_firm
from counselhub.places.models import District, Street
from counselhub.programme import figures, papers, queries, rules
from counselhub.programme.kinds import Measure
from counselhub.programme.periods import Period, Span
from counselhub.programme.reach import of_scope
from counselhub.programme.wording import sentence

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def report() -> None:
    """Reports for offices and bureaus."""


@command(report, "programme")
@click.option("--firm", help="short code of a law firm")
@click.option("--street", help="nine digits: all firms of one street")
@click.option("--district", help="six digits: all firms of one district")
@click.option("--from", "first", type=DAY, required=True, help="first day, 2026-10-01")
@click.option("--to", "last", type=DAY, required=True, help="last day, included")
@click.option("--template", required=True, help="yuexiu, county2018, beijing, or a firm's own name")
@click.option("--json", "as_json", is_flag=True)
def programme(
    firm: str | None,
    street: str | None,
    district: str | None,
    first: datetime,
    last: datetime,
    template: str,
    as_json: bool,
) -> None:
    """Print the counters of the programme for a span of days."""
    whose = {
        name: code
        for name, code in (("firm", firm), ("street", street), ("district", district))
        if code
    }
    if len(whose) != 1:
        raise click.UsageError("give exactly one of --firm, --street, --district")
    with _scope_of(whose):
        found = _figures(template, first.date(), last.date())
    document = papers.document(found, template, whose)
    lines = [
        f"{one.title}: {_written(one, value)} {one.unit.word}"
        for one, value in zip(found.template.columns, found.sums.values, strict=True)
    ]
    if document["total"] is not None:
        lines.append(f"合计: {document['total']}")
    emit(document, as_json, "\n".join(lines))


@contextmanager
def _scope_of(whose: dict[str, str]) -> Iterator[None]:
    """Work inside what a command names. Raises NotFoundError when there is no such place."""
    if code := whose.get("firm"):
        with for_firm(code):
            yield
        return
    kinds = {"street": (ScopeKind.OFFICE, Street), "district": (ScopeKind.BUREAU, District)}
    ((name, code),) = whose.items()
    kind, model = kinds[name]
    with as_scope(Scope(kind, code)):
        if db.session.get(model, code) is None:
            raise NotFoundError(_("没有代码为“%(code)s”的街道或区县。", code=code))
        yield


def _figures(template: str, first: date, last: date) -> figures.Report:
    chosen = queries.by_key(template, queries.own_templates())
    if chosen is None:
        raise click.BadParameter(template, param_hint="--template")
    if last < first:
        raise RefusedError(_("结束日期不能早于开始日期。"))
    if faults := rules.faults(chosen):
        raise RefusedError(sentence(faults[0], chosen))
    return figures.figures(chosen, Period(Span.FREE, first, last), "firm", of_scope)


def _written(column: rules.Column, value: int) -> str:
    return yuan(value) if column.measure is Measure.RECOVERED else str(value)
