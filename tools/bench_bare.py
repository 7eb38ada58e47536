"""The yardstick of `bench_pages`: bare routes as anybody's first Flask application has them.

Flask-SQLAlchemy, one query each, a template of one table: no person, no permission, no layout, no
forms. The list shows the same fifty rows by one join, the entry inserts the same row.
"""

import os
from datetime import date
from typing import Any

from flask import Flask, render_template_string
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, func, select

from counselhub import schema
from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.ids import uuid7
from counselhub.places.models import Community
from counselhub.services.models import ServiceNote, ServiceRecord

TABLES = schema.MODULES  # foreign keys name each other's tables
FIRM = os.environ["BENCH_FIRM"]
FIRST = date.fromisoformat(os.environ["BENCH_FIRST"])
LAST = date.fromisoformat(os.environ["BENCH_LAST"])
SCOPE = "select set_config('app.scope_kind', 'firm', true), set_config('app.scope_key', %s, true)"
TABLE = """<!doctype html><table>{% for row in rows %}
<tr><td>{{ row.day }}</td><td>{{ row.kind }}</td>
<td>{{ row.community }}</td><td>{{ row.adviser }}</td><td>{{ row.count }}</td>
<td>{{ row.persons }}</td><td>{{ row.content }}</td><td>{{ row.number }}</td></tr>
{% endfor %}</table>"""
ROW = "<li>{{ record.kind }} {{ record.persons }} {{ record.number }}</li>"

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_APP_URL"]
db = SQLAlchemy(app)

with app.app_context():

    @event.listens_for(db.engine, "begin")
    def begin(connection: Any) -> None:
        """Without a scope the tables are empty, for a bare route too."""
        connection.exec_driver_sql(SCOPE, (FIRM,))


@app.get("/list")
def rows() -> str:
    """The fifty rows in one table."""
    query = (
        select(
            ServiceRecord.number,
            ServiceRecord.day,
            ServiceRecord.kind,
            ServiceRecord.count,
            ServiceRecord.persons,
            Community.name.label("community"),
            Adviser.name.label("adviser"),
            func.left(ServiceNote.content, 60).label("content"),
        )
        .join(ServiceRecord.community)
        .join(ServiceRecord.adviser)
        .outerjoin(ServiceRecord.note)
        .where(
            ServiceRecord.firm_id == FIRM,
            ServiceRecord.day.between(FIRST, LAST),
        )
        .order_by(ServiceRecord.day.desc(), ServiceRecord.id.desc())
        .limit(50)
    )
    return render_template_string(TABLE, rows=db.session.execute(query).all())


@app.post("/entry")
def entry() -> str:
    """One row more."""
    record = ServiceRecord(
        firm_id=FIRM,
        number=f"BARE-{uuid7()}",
        day=LAST,
        community_code=os.environ["BENCH_COMMUNITY"],
        street_code=os.environ["BENCH_COMMUNITY"][:9],
        adviser_id=os.environ["BENCH_ADVISER"],
        kind="consultation",
        persons=1,
        created_at=clock.now(),
    )
    db.session.add(record)
    db.session.flush()
    answer = render_template_string(ROW, record=record)
    db.session.commit()
    return answer
