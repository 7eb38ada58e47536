"""Commands that compute and print statements."""

import os
import re
from datetime import date
from typing import Any

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.money import format_yuan, in_capitals
from counselhub.people.commands import for_firm
from counselhub.statements import actions
from counselhub.statements.document import document
from counselhub.statements.models import Statement
from counselhub.statements.queries import lines_with_queries, live_statements
from counselhub.statements.states import STATUSES


class MonthType(click.ParamType[date]):
    """A month written `2026-10`; gives its first day."""

    name = "month"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> date:
        """Read the month; anything else is wrong usage."""
        if isinstance(value, date):
            return value
        match = re.fullmatch(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])", str(value))
        if match is None:
            self.fail(f"{value!r} is not a month such as 2026-10", param, context)
        return date(int(match[1]), int(match[2]), 1)


MONTH = click.option("--month", required=True, type=MonthType())
FIRM = click.option("--firm", "firm_code", required=True)
STREET = click.option("--street", "street_code", required=True)
JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def statement() -> None:
    """Subsidy statements."""


@command(statement, "compute")
@FIRM
@STREET
@MONTH
@JSON
def compute(firm_code: str, street_code: str, month: date, as_json: bool) -> None:
    """Compute (or recompute, while still a draft) the month's statement of a street."""
    with for_firm(firm_code, writes=True) as by:
        made = actions.compute(street_code, month, by)
        db.session.commit()
        _print(made, firm_code, as_json)


@command(statement, "show")
@FIRM
@STREET
@MONTH
@JSON
def show(firm_code: str, street_code: str, month: date, as_json: bool) -> None:
    """Print the month's statement of a street."""
    with for_firm(firm_code):
        found = live_statements(month, [street_code]).get(street_code)
        if found is None:
            raise NotFoundError(
                _(
                    "%(month)s在街道 %(street)s 还没有结算单，请先用 statement compute 编制。",
                    month=f"{month:%Y-%m}",
                    street=street_code,
                )
            )
        _print(found, firm_code, as_json)


@command(statement, "run")
@MONTH
@JSON
def run(month: date, as_json: bool) -> None:
    """Compute the month for every firm and street; statements past the draft stay as they are."""
    outcome = actions.run(month, jobs=os.cpu_count() or 1)
    for code, words in outcome.refused:
        click.echo(f"{code}: {words}", err=True)
    words = _(
        "%(firms)d 家律所，编制 %(computed)d 份结算单，"
        "%(skipped)d 份已提交的未动，合计 %(total)s 元",
        firms=outcome.firms,
        computed=outcome.computed,
        skipped=outcome.skipped,
        total=format_yuan(outcome.total_fen),
    )
    emit(outcome.document(), as_json, words)
    if outcome.refused:
        raise SystemExit(1)


def _print(made: Statement, firm_code: str, as_json: bool) -> None:
    words = _(
        "%(number)s %(status)s 合计 %(total)s 元（%(capital)s）",
        number=made.number,
        status=STATUSES[made.status].label,
        total=format_yuan(made.total_fen),
        capital=in_capitals(made.total_fen),
    )
    emit(document(made, lines_with_queries(made.id), firm_code), as_json, words)
