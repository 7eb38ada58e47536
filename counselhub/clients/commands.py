"""Commands of the keys that seal personal data."""

import os

import click

from counselhub.clients.rotation import rotate
from counselhub.core import clock, data_keys, sealing
from counselhub.core.commands import command, emit


@click.group()
def keys() -> None:
    """Keys that seal clients' names and phones (COUNSELHUB_DATA_KEYS)."""


@keys.command("new")
def new_key() -> None:
    """Print a fresh key; put it first in COUNSELHUB_DATA_KEYS and keep the former ones after it."""
    click.echo(sealing.new_key(f"k{clock.today():%Y%m%d}-{os.urandom(2).hex()}"))


@command(keys, "list")
@click.option("--json", "as_json", is_flag=True)
def list_keys(as_json: bool) -> None:
    """List the keys by their ids: which writes, which are needed, which may go."""
    ring = data_keys.ring()
    known = {key.id: key for key in data_keys.known()}
    rows = [
        {
            "id": key_id,
            "writes": key_id == ring.writing,
            "present": key_id in ring.keys,
            "needed": key_id in known and known[key_id].retired_at is None,
        }
        for key_id in dict.fromkeys([*ring.keys, *known])
    ]
    words = [
        f"{row['id']}: "
        + (", ".join(word for word in ("writes", "present", "needed") if row[word]) or "retired")
        for row in rows
    ]
    emit({"keys": rows}, as_json, "\n".join(words))


@command(keys, "rotate")
@click.option("--json", "as_json", is_flag=True)
def rotate_keys(as_json: bool) -> None:
    """Seal everything under the first key; afterwards the retired ones may be taken out."""
    done = rotate()
    lines = [f"{done.resealed} clients sealed anew under {done.key}."]
    lines += [f"No longer needed: {key_id}." for key_id in done.retired]
    lines += [f"Does not open, left as it is: {code} {row}." for code, row in done.unreadable]
    emit(done.document(), as_json, "\n".join(lines))
