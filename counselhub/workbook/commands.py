"""Commands that bring a firm's workbook in and out."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.people.commands import for_firm
from counselhub.workbook import followed
from counselhub.workbook.actions import import_workbook, refusal, try_workbook
from counselhub.workbook.export import export_workbook
from counselhub.workbook.plan import Plan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def workbook() -> None:
    """A firm's data as one Excel workbook."""


@command(workbook, "import")
@click.argument("file", type=FILE)
@click.option("--firm", "firm_code", required=True)
@click.option("--dry-run", is_flag=True, help="List what would happen; write nothing.")
@click.option("--json", "as_json", is_flag=True)
def import_(file: Path, firm_code: str, dry_run: bool, as_json: bool) -> None:
    """Bring FILE into the firm, all of it or nothing; faults go with exit status 1."""
    data = file.read_bytes()
    with for_firm(firm_code, writes=not dry_run) as member:
        plan = try_workbook(data)
        if not dry_run and not plan.findings.faults:
            plan = import_workbook(data, by=member, name=file.name)
            db.session.commit()
    _report(plan, dry_run, as_json)
    if plan.findings.faults:
        sys.exit(1)


def _report(plan: Plan, dry_run: bool, as_json: bool) -> None:
    """Tell a program everything; a reader hears no counts of an import that was refused."""
    findings = plan.findings
    if as_json or not findings.faults:
        words = "\n".join(_counted(name, n) for name, n in plan.counts().items())
        emit(plan.document(dry_run=dry_run), as_json, words)
    if not as_json:
        for warning in findings.warnings:
            click.echo(_("提醒 %(cell)s：%(message)s", **warning.document()), err=True)
    for fault in findings.faults:
        click.echo(f"{fault.cell}: {fault.message}", err=True)
    if findings.faults and not as_json:
        click.echo(refusal(findings), err=True)


def _counted(name: str, counts: dict[str, int]) -> Any:
    return _(
        "%(name)s：%(rows)d 行，新增 %(new)d，更新 %(changed)d，不变 %(same)d", name=name, **counts
    )


@command(workbook, "export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--firm", "firm_code", required=True)
@click.option("--json", "as_json", is_flag=True)
def export(file: Path, firm_code: str, as_json: bool) -> None:
    """Write the firm's data to FILE in the format of the import."""
    if file.exists() and not file.is_file():
        raise RefusedError(_("%(file)s 不是普通文件，没有写入。", file=str(file)))
    if not file.parent.is_dir():
        raise RefusedError(_("文件夹 %(folder)s 不存在，没有写入。", folder=str(file.parent)))
    with for_firm(firm_code), _whole(file) as target:
        export_workbook(target)
        if warned := followed.warning():
            click.echo(warned, err=True)
    emit({"firm": firm_code, "file": str(file)}, as_json, str(file))


@contextmanager
def _whole(file: Path) -> Iterator[IO[bytes]]:
    """Give a file to write into that becomes `file` when it is whole; a failure leaves the old."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with draft.open("wb") as target:
            yield target
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
