"""What an answer gives away, and what a firm's rows are, for comparing before with after."""

import io
import zipfile

from flask import Flask
from pypdf import PdfReader
from sqlalchemy import text
from werkzeug.test import TestResponse

from counselhub.core.db import db
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import as_scope
from tests.isolation.addresses import is_reference
from tests.isolation.tables import MODELS
from tests.isolation.world import Furnished


def words_of(answer: TestResponse) -> str:
    """Return everything an answer says: status line, headers, and the text of page or file."""
    return f"{answer.status}\n{answer.headers}\n{body_of(answer)}"


def body_of(answer: TestResponse) -> str:
    """Return the text of a page, a workbook, a letter or PDF; of what is none its bytes."""
    if answer.mimetype.endswith(("spreadsheetml.sheet", "wordprocessingml.document")):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            names = sorted(name for name in book.namelist() if not name.startswith("docProps"))
            return "\n".join(book.read(name).decode() for name in names)
    if answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.mimetype.startswith("image/") or answer.mimetype == "application/pdf":
        return answer.data.decode("latin-1")
    return answer.text


def given_away(answer: TestResponse, owner: Furnished, asked: str = "") -> list[str]:
    """Return what of `owner`'s rows an answer tells: token, firm, ids that were not `asked` for.

    The operator is told what each firm is called, on two pages, and nothing else of it.
    """
    said = words_of(answer)
    if answer.request.path.startswith("/console/firms"):
        said = said.replace(owner.ids["firm_name"], "")
    secrets = {owner.token, str(owner.tenant.firm_id), *owner.ids.values()}
    secrets -= {value for name, value in owner.ids.items() if is_reference(name)}
    return sorted(one for one in secrets if one in said and one not in asked)


def state_of(app: Flask, owner: Furnished) -> list[tuple[str, str]]:
    """Return a digest of each table of what a firm has, and of the colleague it invited.

    Signing in changes accounts, so the other tables of the platform are left out.
    """
    query = " union all ".join(
        f"select '{name}', md5(string_agg(t::text, ',' order by t::text)) from {name} t"
        for name in sorted(MODELS)
        if MODELS[name].data_class is not DataClass.PLATFORM
    )
    colleague = text(
        "select 'membership', md5(m::text || p::text) from membership m"
        " join person p on p.id = m.person_id where m.id = :id"
    )
    with app.app_context(), as_scope(owner.scope), db.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
        invited = connection.execute(colleague, {"id": owner.ids["membership_id"]})
        return rows + [tuple(row) for row in invited]
