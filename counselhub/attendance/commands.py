"""Commands that bring punches of other systems in."""

import sys
from pathlib import Path

import click
from flask_babel import gettext as _

from counselhub.attendance import fetching, importing
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.people.commands import for_firm

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def punches() -> None:
    """Punches of DingTalk and WeCom."""


@command(punches, "fetch")
@click.option("--firm", "firm_code", help="Of one firm only; else of all.")
@click.option("--json", "as_json", is_flag=True)
def fetch(firm_code: str | None, as_json: bool) -> None:
    """Fetch punches through DingTalk's interface, on from where it ended."""
    if firm_code:
        with for_firm(firm_code) as member:
            firm_id = member.firm_id
        one = fetching.fetch_firm(firm_id, firm_code)
        if one is None:
            raise RefusedError(_("%(firm)s 没有设置钉钉接口。", firm=firm_code))
        found = [one]
    else:
        found = fetching.fetch_all()
    lines = [
        (one.problem and f"{one.firm}: {one.problem}")
        or _("%(firm)s：取回 %(punches)d 次打卡，新的 %(new)d 次", **vars(one))
        for one in found
    ]
    emit({"firms": [one.document() for one in found]}, as_json, "\n".join(map(str, lines)))
    if any(one.problem for one in found):
        sys.exit(1)


@command(punches, "import")
@click.argument("file", type=FILE)
@click.option("--firm", "firm_code", required=True)
@click.option("--dry-run", "dry", is_flag=True, help="Say what would come; write nothing.")
@click.option("--json", "as_json", is_flag=True)
def import_(file: Path, firm_code: str, dry: bool, as_json: bool) -> None:
    """Bring an attendance export in: sound rows go in, rows at fault are named."""
    data = file.read_bytes()
    with for_firm(firm_code, writes=not dry) as member:
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
