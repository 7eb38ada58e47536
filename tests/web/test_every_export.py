"""What begins like a formula stays a text in every file that is written, and comes back so."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import Text, text

from counselhub.core import clock
from counselhub.core.db import Base, db
from counselhub.core.downloads import FORMULA, XLSX, could_compute
from counselhub.core.tenancy import FirmScoped, as_scope
from counselhub.workbook.actions import import_workbook
from counselhub.workbook.reader import BLANKS
from tests import world as worlds
from tests.test_every_route import rules
from tests.web.test_every_answer import able
from tests.web.walking import looking
from tests.workbook.firms import exported, newcomer
from tests.world import World

pytestmark = pytest.mark.long
BEGINNINGS = [*FORMULA, "\u200b=", " =", "=cmd|' /C calc'!A0 "]
FREE = {
    "adviser": {"name"},
    "adviser_contact": {"phone", "email"},
    "scheme": {"name"},
    "duty_session": {"remark"},
    "online_shift": {"remark"},
    "service_record": {"outcome"},
    "service_note": {"content"},
    "pairing": {"party_a", "party_b", "content"},
    "firm": {"name"},
    "firm_account": {"payee", "bank", "account"},
    "community": set(),
    "statement_line": {"contract_number", "quantity"},
}
"""Columns of free text that reach a file; a code, a status or a digest is none."""


def plant(here: World, beginning: str) -> int:
    """Write `beginning` in front of every free text of the firm; return how many columns."""
    done = 0
    for table in Base.metadata.sorted_tables:
        named = FREE.get(table.name, set())
        columns = [one for one in table.c if one.name in named and isinstance(one.type, Text)]
        scope = here.home.scope if "firm_id" in table.c else worlds.PLATFORM
        own = table.c.firm_id if "firm_id" in table.c else table.c.get("id")
        for column in columns:
            with here.app.app_context(), as_scope(scope):
                changed = db.session.execute(
                    table.update()
                    .where(own == here.home.firm_id, *_open(table))
                    .values({column.name: beginning + "1+1"})
                )
                db.session.commit()
                done += changed.rowcount > 0
    return done


def _open(table: Any) -> list[Any]:
    """Return what keeps out the records of a closed month, which nothing changes."""
    if "day" in table.c:
        return [table.c.day == clock.today()]
    return [table.c.starts_at > clock.now()] if "starts_at" in table.c else []


def cells(data: bytes) -> list[Any]:
    """Return every filled cell of a workbook, as a second program reads it."""
    book = load_workbook(io.BytesIO(data))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [cell for cell in found if cell.value is not None]


def texts_of(data: bytes) -> list[str]:
    """Return the cells of a workbook without blanks around them."""
    return [str(cell.value).strip(BLANKS) for cell in cells(data)]


@pytest.fixture
def here(app: Flask) -> World:
    return worlds.make(app)


def exports(app: Flask, here: World) -> list[tuple[str, FlaskClient]]:
    """Return every address that gives a file of cells, with one who may have it."""
    found = []
    for rule in looking(app):
        address = here.addresses(rule)[0]
        for client in list(able(app, here, rule).values())[:2]:
            if client.get(address).mimetype in (XLSX, "text/csv"):
                found.append((address, client))
    return found


def test_no_file_holds_a_formula(app: Flask, here: World) -> None:
    """Each export, with each beginning in every free text."""
    files, texts = exports(app, here), 0
    assert len(files) >= 3
    for beginning in BEGINNINGS:
        assert plant(here, beginning) >= 5
        for address, client in files:
            answer = client.get(address)
            if answer.mimetype == XLSX:
                found = cells(answer.data)
                assert [cell for cell in found if cell.data_type == "f"] == []
                planted = [cell for cell in found if str(cell.value).endswith("1+1")]
                assert all(cell.data_type in ("s", "inlineStr") for cell in planted)
                texts += len(planted)
            else:
                lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
                assert [one for line in lines for one in line if could_compute(one)] == []
    assert texts > 4 * len(BEGINNINGS)


def test_the_walk_knows_every_free_text(app: Flask) -> None:
    known = {one.__tablename__ for one in FirmScoped.__subclasses__()} | set(Base.metadata.tables)
    assert set(FREE) <= known
    assert len(list(rules(app))) > 80


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=ascii)
def test_export_and_import_keep_the_text(app: Flask, beginning: str) -> None:
    """The apostrophe that a CSV needs is no part of a workbook: what comes back is what was."""
    words = f"{beginning.strip()}1+1"
    firm, other = newcomer(app), newcomer(app)
    with app.test_request_context():
        with as_scope(firm.scope):
            db.session.execute(
                text(
                    "insert into adviser (firm_id, id, name, licence_number, category, pinyin,"
                    " search, specialties, revision) values (:firm, gen_random_uuid(), :name,"
                    " :licence, 'lawyer', '', '', '{}', 1)"
                ),
                {"firm": firm.firm_id, "name": words, "licence": f"L{firm.code}"},
            )
            data = exported()
        with as_scope(other.scope):
            import_workbook(data, by=other.manager)
            name = db.session.scalar(text("select name from adviser where left_on is null"))
            assert name == words.strip(BLANKS), "blanks around a text are none of it"
            again = exported()
        assert texts_of(again) == texts_of(data)
        db.session.rollback()
