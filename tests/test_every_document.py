"""What a document names exists: files, settings, commands with their options, make's targets."""

import re
import shlex
from functools import lru_cache
from pathlib import Path

import click
import pytest
from flask import Flask

from counselhub.cli import cli
from counselhub.features import FEATURES

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    "README.md", "README.zh-CN.md", "RULES.md",
    "docs/architecture.md", "docs/mutants.md", "docs/security.md", "docs/threat-model.md",
]  # fmt: skip
ROOTS = ("", "counselhub/", "tests/", "docs/", "templates/", "counselhub/**/")
COMMAND = re.compile(r"(?:^|`)(?:\.venv/bin/)?counselhub ([^`\n]+)", re.MULTILINE)
MADE = {"var/"}  # at the first start


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def sources() -> str:
    files = [*(ROOT / "counselhub").rglob("*.py"), ROOT / "gunicorn.conf.py"]
    return "".join(file.read_text(encoding="utf-8") for file in files)


@lru_cache
def addresses() -> frozenset[str]:
    """Every address of the service without an argument."""
    app = Flask(__name__)
    for feature in FEATURES:
        app.register_blueprint(feature)
    return frozenset(rule.rule for rule in app.url_map.iter_rules())


def is_there(path: str) -> bool:
    if path.startswith("/"):
        return any(f"{one}/".startswith(f"{path}/") for one in addresses())
    return path in MADE or any(any(ROOT.glob(root + path.rstrip("/"))) for root in ROOTS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_named_is_there(document: str) -> None:
    text = text_of(document)
    code = re.findall(r"`([\w.*/-]+)`", text)
    named = [one for one in code if re.search(r"\w/|\.(py|md|lock|html|css|js|toml|txt)$", one)]
    assert not [path for path in named if not is_there(path)]
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert not [link for link in links if not (ROOT / document).parent.joinpath(link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_named_is_read(document: str) -> None:
    source = sources()
    named = set(re.findall(r"COUNSELHUB_[A-Z_]+|DATABASE_[A-Z_]+", text_of(document)))
    assert not [name for name in named if f'"{name}"' not in source]


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md"])
def test_every_setting_is_explained(document: str) -> None:
    text, read = text_of(document), set(re.findall(r'"(COUNSELHUB_[A-Z_]+)"', sources()))
    told = {name for name in read if name in text or f"`{name.removeprefix('COUNSELHUB')}`" in text}
    assert read - told <= {"COUNSELHUB_LIMITS"}  # the tests', which all come from one address


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_named_is_known(document: str) -> None:
    for line in COMMAND.findall(text_of(document)):
        words = shlex.split(line, comments=True)
        command: click.Command = cli
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            command = command.commands[words.pop(0)]
        known = {name for option in command.params for name in option.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_target_named_is_made(document: str) -> None:
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    named = re.findall(r"(?:^|`)make (\w+)", text_of(document), re.MULTILINE)
    assert set(named) <= targets


def test_every_package_is_on_the_page_of_the_architecture() -> None:
    tree = text_of("docs/architecture.md").split("```")[1]
    packages = [file.parent.name for file in (ROOT / "counselhub").glob("*/__init__.py")]
    assert packages
    assert not [name for name in packages if f"{name}/" not in tree]
