"""Commands that take a firm's whole data out, and bring it back elsewhere."""

from pathlib import Path

import click
from flask_babel import gettext as _

from counselhub.core import history
from counselhub.core.commands import OPENED, command, emit
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import command_member
from counselhub.core.postgres import DatabaseUrls, ServerError
from counselhub.core.tenancy import PLATFORM
from counselhub.people.commands import for_firm
from counselhub.people.queries import firm_by_code
from counselhub.tenants import keys, making, restoring

FILE = click.Path(dir_okay=False, path_type=Path)
GIVEN = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def tenant() -> None:
    """Everything of a firm, as one archive."""


@command(tenant, "export")
@click.argument("file", type=FILE)
@click.option("--firm", "firm_code", required=True)
@click.option("--passphrase-file", type=GIVEN, help="Seal what opens personal data with its text.")
@click.option("--json", "as_json", is_flag=True)
def export(file: Path, firm_code: str, passphrase_file: Path | None, as_json: bool) -> None:
    """Write everything of the firm to FILE, a ZIP with a manifest of digests.

    Without a passphrase, who has the file can open the personal data in it; keep it accordingly.
    """
    if not file.absolute().parent.is_dir():
        raise RefusedError(_("文件夹 %(folder)s 不存在，没有写入。", folder=str(file.parent)))
    passphrase = _passphrase(passphrase_file)
    with for_firm(firm_code) as member:
        firm = firm_by_code(firm_code)
        if firm is None:
            raise RuntimeError(firm_code)  # for_firm has found it a moment ago
        whose = making.Whose(firm.id, firm.code, firm.name)
        history.note("export_tenant", scope=whose.scope, by=member, sealed=bool(passphrase))
        db.session.commit()
        made = making.make(whose, file, passphrase=passphrase)
    told = {"firm": firm_code, "file": str(file), "rows": made.rows, "files": made.files}
    words = _("已写入 %(file)s：%(rows)d 行数据，%(files)d 个文件。", **told)
    emit(told | {"digest": made.digest}, as_json, str(words))


@command(tenant, "restore")
@click.argument("file", type=GIVEN)
@click.option("--passphrase-file", type=GIVEN)
@click.option("--json", "as_json", is_flag=True)
def restore(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Bring the firm of FILE into a service that has none yet.

    Its people keep their addresses but not their passwords: `counselhub account link` lets them in.
    """
    urls = click.get_current_context().meta[OPENED]
    if not isinstance(urls, DatabaseUrls):
        raise ServerError("tenant restore needs the address of the owner of the tables.")
    done = restoring.restore(file, urls.owner, passphrase=_passphrase(passphrase_file))
    by = command_member(PLATFORM)
    history.note("restore_tenant", scope=PLATFORM, by=by, code=done.code, rows=done.rows)
    db.session.commit()
    told = {"firm": done.code, "name": done.name, "rows": done.rows, "resealed": done.resealed}
    words = _("已恢复“%(name)s”（%(firm)s）：%(rows)d 行数据，%(resealed)d 项加密资料。", **told)
    emit(told, as_json, str(words))


def _passphrase(file: Path | None) -> str | None:
    """Read a passphrase from a file. Raises RefusedError for one that is too short."""
    if file is None:
        return None
    found = file.read_text(encoding="utf-8").strip()
    if len(found) < keys.SHORTEST_PASSPHRASE:
        raise RefusedError(_("口令至少 %(least)d 个字符。", least=keys.SHORTEST_PASSPHRASE))
    return found
