"""The yardstick of `bench_pages`: bare Flask routes with one query each, and nothing around it."""

import os
from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.core.ids import uuid7

FIRM = os.environ["BENCH_FIRM"]
SCOPE = text(
    "select set_config('app.scope_kind', 'firm', true), set_config('app.scope_key', :f, true)"
)
LIST = text(
    "select r.id, r.number, r.day, r.kind, r.count, r.persons, r.outcome, c.name, a.name,"
    " left(n.content, 60) from service_record r"
    " join community c on c.code = r.community_code"
    " join adviser a on a.firm_id = r.firm_id and a.id = r.adviser_id"
    " left join service_note n on n.firm_id = r.firm_id and n.service_id = r.id"
    " where r.firm_id = :firm and r.day between :first and :last"
    " order by r.day desc, r.id desc limit 50"
)
ENTER = text(
    "insert into service_record (firm_id, id, revision, number, day, community_code, street_code,"
    " adviser_id, kind, count, persons, created_at) values (:firm, :id, 1, :number, :day,"
    " :community, :street, :adviser, 'consultation', 1, 1, now())"
)

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_APP_URL"], pool_size=8)


@app.get("/list")
def rows() -> str:
    """The fifty rows, one line each."""
    with engine.begin() as connection:
        connection.execute(SCOPE, {"f": FIRM})
        found = connection.execute(
            LIST,
            {"firm": FIRM, "first": os.environ["BENCH_FIRST"], "last": os.environ["BENCH_LAST"]},
        )
        return "\n".join(" ".join(str(value) for value in row) for row in found)


@app.post("/entry")
def entry() -> str:
    """One row more."""
    made: UUID = uuid7()
    with engine.begin() as connection:
        connection.execute(SCOPE, {"f": FIRM})
        connection.execute(
            ENTER,
            {
                "firm": FIRM,
                "id": made,
                "number": f"BARE-{made}",
                "day": os.environ["BENCH_LAST"],
                "community": os.environ["BENCH_COMMUNITY"],
                "street": os.environ["BENCH_COMMUNITY"][:9],
                "adviser": os.environ["BENCH_ADVISER"],
            },
        )
    return str(made)
