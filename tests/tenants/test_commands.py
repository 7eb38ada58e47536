"""`tenant export` and `tenant restore`: what they print, and how they end."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from counselhub.cli import cli
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_platform
from counselhub.tenants.making import Whose

Run = Callable[..., Result]


def runner(app: Flask, urls: DatabaseUrls) -> Run:
    """Run a command in a service."""

    @contextmanager
    def application() -> Iterator[DatabaseUrls]:
        with app.app_context():
            yield urls

    return lambda *given: CliRunner().invoke(cli, [str(one) for one in given], obj=application)


@pytest.fixture
def here(app: Flask, urls: DatabaseUrls) -> Run:
    """In the service that the firm leaves."""
    return runner(app, urls)


@pytest.fixture
def there(empty: Flask, elsewhere_urls: DatabaseUrls) -> Run:
    """In the empty one."""
    return runner(empty, elsewhere_urls)


def test_out_here_and_in_there(here: Run, there: Run, whose: Whose, tmp_path: Path) -> None:
    file = tmp_path / "所.zip"
    out = here("tenant", "export", "--firm", whose.code, file, "--json")
    assert out.exit_code == 0, out.output
    told = json.loads(out.stdout)
    assert told["firm"] == whose.code
    with ZipFile(file) as source:
        assert source.testzip() is None
        assert source.read("manifest.sha256").decode().split()[0] == told["digest"]
        assert "workbook.xlsx" in source.namelist()
        papers = [name for name in source.namelist() if name.startswith("statements/")]
        assert all(source.read(name).startswith(b"%PDF") for name in papers)
    back = there("tenant", "restore", file, "--json")
    assert back.exit_code == 0, back.output
    assert json.loads(back.stdout)["firm"] == whose.code
    assert json.loads(back.stdout)["rows"] > 200
    proof = there("verify", "--json")
    assert json.loads(proof.stdout)["ok"], proof.stdout
    again = there("tenant", "restore", file, "--json")
    assert json.loads(again.stdout) == json.loads(back.stdout) | {"rows": 0, "resealed": 0}


def test_who_took_it_out_is_on_record(here: Run, app: Flask, whose: Whose, tmp_path: Path) -> None:
    assert here("tenant", "export", "--firm", whose.code, tmp_path / "a.zip").exit_code == 0
    with app.app_context(), as_platform():
        query = select(AccountEvent).where(
            AccountEvent.key == str(whose.id), AccountEvent.act == "export_tenant"
        )
        assert [row.detail for row in db.session.scalars(query)][-1] == {"sealed": False}


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        (("export", "--firm", "nobody", "x.zip"), 1, "没有代码为“nobody”的律师事务所"),
        (("export", "--firm", "nobody", "nowhere/x.zip"), 1, "文件夹 nowhere 不存在"),
        (("restore", "missing.zip"), 2, "does not exist"),
        (("export", "x.zip"), 2, "--firm"),
    ],
)
def test_what_is_refused(
    here: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    status: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = here("tenant", *given)
    assert (ended.exit_code, words in ended.output) == (status, True), ended.output
    assert list(tmp_path.iterdir()) == []


def test_a_short_passphrase_is_refused(here: Run, whose: Whose, tmp_path: Path) -> None:
    kept = tmp_path / "word"
    kept.write_text("short\n", encoding="utf-8")
    target = tmp_path / "x.zip"
    ended = here("tenant", "export", "--firm", whose.code, target, "--passphrase-file", kept)
    assert ended.exit_code == 1
    assert "口令至少 12 个字符" in ended.output
    assert not target.exists()
