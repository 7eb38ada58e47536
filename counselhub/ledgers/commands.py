"""The command that brings an office's ledger in and says how it agrees with the statements."""

import sys
from pathlib import Path
from uuid import UUID

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member, command_member
from counselhub.core.paging import month_of
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_office, as_platform
from counselhub.ledgers import claimed, queries, rules
from counselhub.ledgers.actions import importing, writing
from counselhub.ledgers.actions.comparing import Asked, Plan
from counselhub.ledgers.actions.importing import Trial
from counselhub.people.queries import firm_by_code
from counselhub.places.models import Street
from counselhub.workbook.findings import FILE as FILE_AS_A_WHOLE

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def ledger() -> None:
    """The office's ledger, the other side of the reconciliation."""


@command(ledger, "import")
@click.argument("file", type=FILE)
@click.option("--street", required=True, help="the street's code, nine digits")
@click.option("--firm", "firm_code", default="", help="compare with this firm's statement only")
@click.option("--month", "month_text", required=True, metavar="2026-10")
@click.option("--dry-run", is_flag=True, help="Compare; write nothing.")
@click.option("--json", "as_json", is_flag=True)
def import_(
    file: Path, street: str, firm_code: str, month_text: str, dry_run: bool, as_json: bool
) -> None:
    """Bring FILE in for a street and month, all of it or nothing; faults go with exit status 1."""
    month = month_of(month_text)
    if month is None:
        raise click.BadParameter(_("请写成 2026-10"), param_hint="--month")
    asked = Asked(street, month, _firm_id(street, firm_code))
    data = file.read_bytes()
    with as_office(street):
        trial = _imported(asked, data, file.name, firm_code, dry_run=dry_run)
    _report(trial, as_json)
    if trial.faults:
        sys.exit(1)


def _firm_id(street: str, firm_code: str) -> UUID | None:
    """Return the firm that is named. Raises NotFoundError for an unknown street or firm."""
    with as_platform():
        if db.session.get(Street, street) is None:
            raise NotFoundError(_("没有代码为 %(code)s 的街道，请先导入社区。", code=street))
        if not firm_code:
            return None
        firm = firm_by_code(firm_code)
        if firm is None:
            raise NotFoundError(_("没有代码为“%(code)s”的律师事务所。", code=firm_code))
        return firm.id


def _imported(asked: Asked, data: bytes, name: str, firm_code: str, *, dry_run: bool) -> Trial:
    """Import the file; only compare it while nothing was submitted that it could be held against.

    What a firm has computed and not submitted is counted here, and never shown to the office.
    """
    if not claimed.is_submitted(asked.street, asked.month, asked.firm_id):
        rehearsal = _with_drafts(asked, data)
        if rehearsal is not None:
            _refuse_empty(rehearsal)
            click.echo(_("结算单还没有提交：只作比对，没有保存。"), err=True)
            return rehearsal
    by = _member(asked.street)
    writing.lock(asked.street, asked.month)
    upload = importing.keep(data, name, asked.month, firm_code, by=by)
    trial = importing.rehearse(upload)
    _refuse_empty(trial)
    if dry_run or not trial.is_sound:
        db.session.rollback()
        return trial
    importing.write(upload, trial, by=by)
    db.session.commit()
    return trial


def _refuse_empty(trial: Trial) -> None:
    """A ledger without a row would empty the month, and from a program it is a mistake."""
    if trial.places is not None and not trial.faults and not trial.reading.rows:
        trial.plan = None
        words = _("台账没有一行数据；要清空这个月的台账，请在页面上导入并确认")
        trial.reading.findings.fault(FILE_AS_A_WHOLE, words)


def _member(street: str) -> Member:
    return command_member(Scope(ScopeKind.OFFICE, street))


def _with_drafts(asked: Asked, data: bytes) -> Trial | None:
    """Hold a ledger against statements not submitted yet, firm by firm; None without any."""
    trial = importing.read(asked, data)
    if trial.places is None or trial.faults:
        return trial
    known = claimed.served(asked.street, asked.month)
    firms = [UUID(one) for one in claimed.streets_firms(known)]
    facts: list[rules.StatementFact] = []
    for firm_id in firms if asked.firm_id is None else [asked.firm_id]:
        with as_firm(firm_id):
            facts += claimed.unsubmitted(asked.street, asked.month, firm_id).facts
    if not facts:
        return None
    tolerance = queries.tolerance_of(trial.setting)
    pairs = rules.reconcile(trial.reading.rows.values(), facts, tolerance)
    counts = rules.counted(pairs)
    trial.plan = Plan(counts=counts)
    return trial


def _report(trial: Trial, as_json: bool) -> None:
    """Tell a program everything; a reader hears no counts of an import that was refused."""
    document = trial.document()
    if as_json or not trial.faults:
        words = _(
            "%(rows)d 行：一致 %(matched)d，金额不符 %(amount_differs)d，"
            "数量不符 %(count_differs)d，台账没有 %(only_statement)d，结算单没有 %(only_ledger)d",
            **{name: value for name, value in document.items() if name != "faults"},
        )
        emit(document, as_json, str(words))
    for warning in trial.reading.findings.warnings if not as_json else ():
        click.echo(_("提醒 %(cell)s：%(message)s", **warning.document()), err=True)
    for fault in trial.faults:
        click.echo(f"{fault['cell']}: {fault['message']}", err=True)
    if trial.faults and not as_json:
        click.echo(importing.refusal(), err=True)
