"""A firm restored elsewhere is the firm that was: row by row, file by file, act by act."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.audit import proof
from counselhub.clients.models import Client
from counselhub.clients.seals import opened as client_opened
from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.tenants import archive as archives
from counselhub.tenants import contents, keys, making, restoring
from counselhub.tenants.archive import ArchiveError
from counselhub.tenants.contents import Part
from counselhub.tenants.making import Whose

KEYED = ("sealed", "digest")
"""Endings of columns that stand under a service's own keys: other words there, the same text."""


def rows_of(path: Path) -> dict[str, list[Any]]:
    """Every restored table's rows, without what stands under the keys of a service."""
    found = {}
    with ZipFile(path) as source:
        for piece in contents.pieces():
            if piece.part is Part.DATA and piece.path in source.namelist():
                lines = source.read(piece.path).decode().splitlines()
                found[piece.name] = [_plain(piece.name, json.loads(line)) for line in lines]
    return found


def _plain(table: str, row: dict[str, Any]) -> dict[str, Any]:
    if table in ("client", "matter_party", "party_key", "dispute_key"):
        return {name: value for name, value in row.items() if not name.endswith(KEYED)}
    return {name: value for name, value in row.items() if not name.startswith("sealed")}


def restored(app: Flask, archive: Path, urls: DatabaseUrls, **more: str) -> restoring.Restored:
    with app.app_context():
        return restoring.restore(archive, urls.owner, **more)


def test_it_is_the_same_firm_elsewhere(
    archive: Path, empty: Flask, elsewhere_urls: DatabaseUrls, whose: Whose, tmp_path: Path
) -> None:
    done = restored(empty, archive, elsewhere_urls)
    assert (done.code, done.name) == (whose.code, whose.name)
    again = tmp_path / "again.zip"
    with empty.app_context():
        making.make(whose, again)
    before, after = rows_of(archive), rows_of(again)
    assert before.keys() == after.keys()
    differing = {name: rows for name, rows in before.items() if after[name] != rows}
    assert {name: (rows, after[name]) for name, rows in differing.items()} == {}
    with ZipFile(archive) as one, ZipFile(again) as other:
        files = {name for name in one.namelist() if name.startswith("files/")}
        assert files
        assert files == {name for name in other.namelist() if name.startswith("files/")}


def test_every_kind_of_row_is_there(archive: Path) -> None:
    """The furnished firm leaves no table of a firm empty but these."""
    empty = {
        piece.name
        for piece in contents.pieces()
        if piece.is_of_firm and piece.part is Part.DATA and piece.name not in rows_of(archive)
    }
    assert empty <= NOT_FURNISHED, empty - NOT_FURNISHED


NOT_FURNISHED = {"scheme_pack", "scheme_pack_version"}
"""Their foreign keys are like those of premises issues; the pack that is furnished is a draft."""


def test_its_acts_are_still_proven(
    archive: Path, empty: Flask, elsewhere_urls: DatabaseUrls, whose: Whose
) -> None:
    restored(empty, archive, elsewhere_urls)
    with empty.app_context():
        report = proof.prove([f"firm:{whose.id}"])
        assert report.breaks == []
        assert report.acts > 10
        assert report.statements > 0


def test_clients_open_under_the_keys_of_the_new_service(
    app: Flask, archive: Path, empty: Flask, elsewhere_urls: DatabaseUrls, whose: Whose
) -> None:
    with app.app_context(), as_scope(whose.scope):
        known = _clients()
        old = data_keys.ring()
    done = restored(empty, archive, elsewhere_urls)
    assert done.resealed > len(known) > 0
    with empty.app_context(), as_scope(whose.scope):
        assert _clients() == known
        assert not set(data_keys.ring().keys) & set(old.keys)
        assert not data_keys.ring().lent


def _clients() -> dict[UUID, tuple[str | None, str | None]]:
    rows = db.session.query(Client).all()
    db.session.rollback()
    found = {}
    for row in rows:
        person = client_opened(row)
        assert person.name is not None
        found[row.id] = (person.name, person.phone)
    return found


def test_a_second_restoration_only_finishes_the_first(
    archive: Path,
    empty: Flask,
    elsewhere_urls: DatabaseUrls,
    whose: Whose,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stopped when the rows stood and nothing was sealed anew: the same command goes on."""
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "rotate", _killed)
        with pytest.raises(KeyboardInterrupt):
            restored(empty, archive, elsewhere_urls)
    done = restored(empty, archive, elsewhere_urls)
    assert done.rows == 0
    assert done.resealed > 0
    with empty.app_context(), as_scope(whose.scope):
        assert _clients()


def _killed() -> None:
    raise KeyboardInterrupt


def test_only_into_an_empty_service(app: Flask, urls: DatabaseUrls, archive: Path) -> None:
    """The service of the other tests has many firms."""
    ring = data_keys.KeyRing({"fresh": bytes(32)})
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.extensions, "data_keys", ring)
        with pytest.raises(ConflictError, match="已经有律师事务所"):
            restoring.restore(archive, urls.owner)


def test_a_passphrase_keeps_what_opens_personal_data(
    app: Flask, whose: Whose, empty: Flask, elsewhere_urls: DatabaseUrls, tmp_path: Path
) -> None:
    target = tmp_path / "sealed.zip"
    with app.app_context():
        making.make(whose, target, passphrase="correct horse battery")
        lent = data_keys.ring().lend(whose.id)
    with ZipFile(target) as source:
        told = source.read("manifest.json")
        assert all(keys._text(key).encode() not in told for key in lent.values())
    for wrong in (None, "another horse battery"):
        with pytest.raises(ArchiveError):
            restoring_with(empty, target, elsewhere_urls, wrong)
    assert restoring_with(empty, target, elsewhere_urls, "correct horse battery").resealed > 0


def restoring_with(
    app: Flask, path: Path, urls: DatabaseUrls, passphrase: str | None
) -> restoring.Restored:
    with app.app_context():
        return restoring.restore(path, urls.owner, passphrase=passphrase)


def test_no_password_leaves(archive: Path) -> None:
    people = rows_of(archive)["person"]
    assert people
    assert all("password_hash" not in row for row in people)
    with ZipFile(archive) as source:
        assert b"argon2" not in b"".join(source.read(name) for name in source.namelist())


def test_nothing_of_a_neighbour_is_in_it(archive: Path, app: Flask, whose: Whose) -> None:
    with app.app_context(), ZipFile(archive) as source:
        for piece in contents.pieces():
            if "firm_id" in piece.table.c and piece.path in source.namelist():
                for line in source.read(piece.path).splitlines():
                    assert json.loads(line)["firm_id"] == str(whose.id), piece.name


def spoilt(source: Path, target: Path, change: str) -> Path:
    """The archive with one thing wrong."""
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        told = json.loads(old.read("manifest.json"))
        for name in set(old.namelist()) - {"manifest.json", "manifest.sha256"}:
            if (content := _spoilt_file(name, old.read(name), told, change)) is not None:
                new.writestr(name, content)
        if change == "stranger":
            new.writestr("data/other.jsonl", b"{}\n")
        told |= {
            "folder": {"firm_id": f"../{told['firm_id']}"},
            "version": {"head": "0001_beginning"},
        }.get(change, {})
        document = json.dumps(told).encode()
        new.writestr("manifest.json", document + (b" " if change == "manifest" else b""))
        new.writestr("manifest.sha256", hashlib.sha256(document).hexdigest() + "  manifest.json")
    return target


def _spoilt_file(name: str, content: bytes, told: dict[str, Any], change: str) -> bytes | None:
    """What becomes of one file, None when it goes; the manifest is told where it is to agree."""
    if (change, name) == ("firmless", "data/firm.jsonl"):
        told["entries"] = [one for one in told["entries"] if one["path"] != name]
        return None
    if name != "data/adviser.jsonl":
        return content
    if change == "row":
        return content.replace(b'"name": "', b'"name": "X', 1)
    if change == "foreign":
        content = content.replace(told["firm_id"].encode(), str(UUID(int=7)).encode())
        entry = next(one for one in told["entries"] if one["path"] == name)
        entry["sha256"] = hashlib.sha256(content).hexdigest()
    return None if change == "missing" else content


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("row", "与清单不一致"),
        ("foreign", "不属于该所"),
        ("missing", "不是完整的租户归档"),
        ("stranger", "清单没有列出"),
        ("folder", "不是完整的租户归档"),
        ("firmless", "不是完整的租户归档"),
        ("version", "另一个版本"),
        ("manifest", "被改动过"),
    ],
)
def test_a_spoilt_archive_is_refused_and_nothing_is_written(
    archive: Path,
    empty: Flask,
    elsewhere_urls: DatabaseUrls,
    tmp_path: Path,
    change: str,
    words: str,
) -> None:
    path = spoilt(archive, tmp_path / "spoilt.zip", change)
    with pytest.raises(ArchiveError, match=words):
        restored(empty, path, elsewhere_urls)
    engine = create_engine(elsewhere_urls.owner)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM firm")) == 0
        forced = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname = 'adviser'"
        assert connection.scalar(text(f"{forced} AND relforcerowsecurity")) == 1
    engine.dispose()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", b"\0" * 100])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path, app: Flask) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(content)
    with app.test_request_context(), pytest.raises(ArchiveError, match="不是完整的租户归档"):
        archives.opened(path)


def test_only_its_owner_reads_the_file(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_nothing_lies_there_when_the_making_is_ended(
    app: Flask, whose: Whose, tmp_path: Path
) -> None:
    target = tmp_path / "ended.zip"

    def end(done: int, parts: int) -> None:
        assert 0 < done <= parts
        if done == parts - 1:
            raise KeyboardInterrupt

    with app.app_context(), pytest.raises(KeyboardInterrupt):
        making.make(whose, target, tick=end)
    assert list(tmp_path.iterdir()) == []
