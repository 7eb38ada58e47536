"""The `counselhub` command: wires the features' commands, opens the database for each."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from counselhub.attendance.commands import punches
from counselhub.audit.commands import audit
from counselhub.billing.commands import billing
from counselhub.books.commands import books
from counselhub.clients.commands import keys
from counselhub.core.postgres import DatabaseUrls
from counselhub.cover.commands import duty
from counselhub.factors.commands import factors
from counselhub.honey.commands import honey
from counselhub.ledgers.commands import ledger
from counselhub.people.commands import account, bureau, firm, office, operator
from counselhub.places.commands import places
from counselhub.programme.commands import report
from counselhub.retention.commands import retention
from counselhub.roster.commands import holidays
from counselhub.spotchecks.commands import spotcheck
from counselhub.statements.commands import statement
from counselhub.tenants.commands import tenant
from counselhub.timetable import timetable
from counselhub.upkeep.commands import jobs
from counselhub.workbook.commands import workbook


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """CounselHub: one community, one legal adviser."""
    context.obj = context.obj or open_application


GROUPS = (
    account,
    billing,
    books,
    duty,
    factors,
    firm,
    holidays,
    honey,
    jobs,
    keys,
    office,
    bureau,
    operator,
    places,
    punches,
    report,
    retention,
    spotcheck,
    ledger,
    statement,
    tenant,
    timetable,
    workbook,
)
for group in GROUPS:
    cli.add_command(group)
for one in audit.commands.values():
    cli.add_command(one)


@contextmanager
def open_application() -> Iterator[DatabaseUrls]:
    """Open the database, bring it to the newest schema, and push an application context."""
    from counselhub import create_app
    from counselhub.core import config, migrations
    from counselhub.core.postgres import open_database

    config.from_environment()  # a fault is told before a server is started for nothing
    with open_database(os.environ) as urls:
        if not migrations.is_current(urls.owner):
            migrations.upgrade(urls.owner)
        with create_app(urls).app_context():
            yield urls


def main() -> None:
    """Run one command; exit status 0 done, 1 refused, 2 wrong usage."""
    cli()
