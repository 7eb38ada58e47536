"""The command that sweeps what is over its period."""

import os

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.errors import RefusedError
from counselhub.retention import actions, rules

SETTING = "COUNSELHUB_RETENTION"


@command(click.Group(), "retention")
@click.option("--dry-run", "dry", is_flag=True, help="only list what would go")
@click.option("--json", "as_json", is_flag=True)
def retention(dry: bool, as_json: bool) -> None:
    """Erase what has been kept for its whole period: counts and ids, never personal data."""
    try:
        periods = dict(rules.periods(os.environ.get(SETTING, "")))
    except rules.SettingError as problem:
        raise RefusedError(str(problem)) from problem
    swept = actions.run(periods, dry=dry)
    document = {"dry_run": dry, "classes": [sweep.document() for sweep in swept]}
    lines = []
    for sweep in swept:
        told = _("将处理") if dry else _("已处理")
        count = sweep.due if dry else sweep.done
        lines.append(f"{sweep.kept} (< {sweep.before}, {sweep.days} d): {told} {count}")
        lines += [f"  {code or '-'}: {' '.join(ids)}" for code, ids in sweep.ids.items()]
    emit(document, as_json, "\n".join(lines))
