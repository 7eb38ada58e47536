"""An entry in one statement: the record with its number, its words, its act, the names shown.

Lawyers enter services on phones all day, each on the way to the next: one trip to the database
stands for the four that a session of the ORM would make.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Insert, Table, bindparam, func, insert, select, true
from sqlalchemy.engine import Row
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from counselhub.core.db import Base, db
from counselhub.core.history import Event
from counselhub.services.models import ServiceNote, ServiceRecord
from counselhub.services.queries import NAMES

_record, _note, _event = (
    Base.metadata.tables[one.__tablename__] for one in (ServiceRecord, ServiceNote, Event)
)


def _insert(table: Table, source: Any, *only_if: Any, **instead: ColumnElement[Any]) -> Insert:
    """Insert one row where `source` has one: the parameters named table_column, or `instead`."""
    values = {
        column.name: instead.get(
            column.name, bindparam(f"{table.name}_{column.name}", type_=column.type)
        )
        for column in table.columns
    }
    rows = select(*values.values()).select_from(source).where(*only_if)
    return insert(table).from_select(list(values), rows, include_defaults=False)


_place = NAMES.cte("place")
_day = bindparam("service_record_day", type_=_record.c.day.type)
_written = (
    _insert(_record, _place, number=func.next_service_number(_day))
    .returning(_record.c.number)
    .cte("written")
)
_content = bindparam("service_note_content", type_=_note.c.content.type)
WRITE = (
    select(_place.c.name.label("community"), _place.c.adviser, _written.c.number)
    .join_from(_place, _written, true())
    .add_cte(_insert(_note, _written, _content != "").cte("words"))
    .add_cte(_insert(_event, _written).cte("act"))
)
"""Nothing is written where the firm does not serve the community, or the lawyer is another's.

The database gives the number while it writes the record, so that nobody else gets it.
"""


def write(record: ServiceRecord, act: Mapping[str, Any]) -> Row[*tuple[Any, ...]] | None:
    """Write a new record, its words and `act` on it; None where the firm does not serve there.

    record: complete but for its number, which it is given, and in no session. Who goes on to change
    it adds it to one, as a row that is there already. Returns the names of community and adviser.
    Raises sqlalchemy.exc.DBAPIError for what the database refuses.
    """
    note = record.note or ServiceNote(content="")
    note.firm_id, note.service_id = record.firm_id, record.id
    values = {
        f"{table.name}_{column.name}": getattr(row, column.name)
        for table, row in ((_record, record), (_note, note))
        for column in table.columns
        if column.name != "number"
    }
    values |= {f"{_event.name}_{name}": value for name, value in act.items()}
    values |= {
        "community": record.community_code,
        "adviser": record.adviser_id,
        "firm": record.firm_id,
    }
    found = db.session.connection().execute(WRITE, values).one_or_none()
    if found is not None:
        set_committed_value(record, "number", found.number)
        for stored in filter(None, (record, record.note)):
            make_transient_to_detached(stored)
    return found
