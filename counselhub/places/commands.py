"""The command that loads the division codes."""

from dataclasses import asdict
from pathlib import Path

import click
from flask_babel import gettext as _

from counselhub.core import newcomers
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.people.queries import every_firm
from counselhub.places import actions

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def places() -> None:
    """Districts, streets and communities."""


@command(places, "import")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True)
def import_places(file: Path, as_json: bool) -> None:
    """Load districts, streets and communities from FILE.csv; known codes are brought up to date."""
    done = actions.import_places(file)
    for firm_id, _code in every_firm():
        newcomers.greet(firm_id)  # those that were there before any street
    db.session.commit()
    words = _("已导入%(communities)d个社区：新增%(new)d个，更名%(changed)d个。", **asdict(done))
    emit(asdict(done), as_json, words)
