"""The command that brings in a year's notice of holidays."""

from dataclasses import asdict
from pathlib import Path

import click
from flask_babel import gettext as _

from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.roster import holiday_actions

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def holidays() -> None:
    """Holidays and the weekends that are worked for them."""


@command(holidays, "import")
@click.argument("file", type=FILE)
@click.option("--dry-run", "dry", is_flag=True, help="only say what would change")
@click.option("--json", "as_json", is_flag=True)
def import_holidays(file: Path, dry: bool, as_json: bool) -> None:
    """Bring in the notice of a year from FILE, JSON in the format of holiday-cn."""
    done = holiday_actions.import_notice(file, dry=dry)
    db.session.commit()
    told = (
        _(
            "%(year)d年放假通知，试算：新增%(new)d天，改动%(changed)d天，删除%(removed)d天，"
            "不变%(same)d天。",
            **asdict(done),
        )
        if dry
        else _(
            "已导入%(year)d年放假通知：新增%(new)d天，改动%(changed)d天，删除%(removed)d天，"
            "不变%(same)d天。",
            **asdict(done),
        )
    )
    emit(asdict(done) | {"dry_run": dry}, as_json, told)
