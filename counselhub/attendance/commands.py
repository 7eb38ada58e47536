"""Commands that bring punches of other systems in."""

from pathlib import Path

import click
from flask_babel import gettext as _

from counselhub.attendance import importing
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.people.commands import for_firm

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def punches() -> None:
    """Punches of DingTalk and WeCom."""


@command(punches, "import")
@click.argument("file", type=FILE)
@click.option("--firm", "firm_code", required=True)
@click.option("--dry-run", "dry", is_flag=True, help="Say what would come; write nothing.")
@click.option("--json", "as_json", is_flag=True)
def import_(file: Path, firm_code: str, dry: bool, as_json: bool) -> None:
    """Bring an attendance export in: sound rows go in, rows at fault are named."""
    data = file.read_bytes()
    with for_firm(firm_code) as member:
        if dry:
            outcome = importing.try_file(data)
        else:
            outcome = importing.import_file(data, by=member, name=file.name)
            db.session.commit()
    told = _(
        "%(rows)d 行，对应到律师 %(matched)d 行，带来新打卡 %(new)d 行，"
        "未对应 %(unmatched)d 人，错误 %(faults)d 处",
        rows=outcome.rows,
        matched=outcome.matched,
        new=outcome.new,
        unmatched=len(outcome.unmatched),
        faults=len(outcome.faults),
    )
    emit(outcome.document(), as_json, str(told))
    if not as_json:
        for fault in outcome.faults:
            click.echo(f"{fault.cell}: {fault.message}", err=True)
