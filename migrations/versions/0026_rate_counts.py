"""How often somebody asked: counters that all workers share, and a crash may lose."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0026_rate_counts"
down_revision = "0025_isolation"

FUNCTIONS = {
    "count_request(given text, seconds integer, amount integer)": """
        RETURNS integer LANGUAGE sql VOLATILE AS
            INSERT INTO rate_count AS c (key, hits, ends_at)
            VALUES (given, amount, now() + make_interval(secs => seconds))
            ON CONFLICT (key) DO UPDATE SET
                hits = CASE WHEN c.ends_at <= now() THEN excluded.hits
                    ELSE least(c.hits + excluded.hits, 1000000000) END,
                ends_at = CASE WHEN c.ends_at <= now() THEN excluded.ends_at ELSE c.ends_at END
            RETURNING hits::integer
    """,
    "requests_counted(given text, OUT hits integer, OUT ends double precision)": """
        LANGUAGE sql STABLE AS
            SELECT hits::integer, extract(epoch FROM ends_at)::double precision
            FROM rate_count WHERE key = given AND ends_at > now()
    """,
    "forget_requests(given text)": """
        RETURNS void LANGUAGE sql VOLATILE AS DELETE FROM rate_count WHERE key = given
    """,
    "sweep_requests()": """
        RETURNS void LANGUAGE sql VOLATILE AS
            DELETE FROM rate_count WHERE key IN (
                SELECT key FROM rate_count WHERE ends_at <= now()
                LIMIT 10000 FOR UPDATE SKIP LOCKED)
    """,
}


def upgrade() -> None:
    """Keep them unlogged: one upsert a request, which waits for no disk.

    The functions count past row security, for nobody has a scope yet; a key is a digest that tells
    nothing of anybody.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "rate_count",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_count")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_rate_count_ends_at", "rate_count", ["ends_at"])
    for statement in row_security("rate_count", DataClass.PLATFORM):
        op.execute(statement)
    op.execute(
        "CREATE POLICY counting ON rate_count TO CURRENT_USER USING (true) WITH CHECK (true)"
    )
    for signature, told in FUNCTIONS.items():
        head, body = told.split(" AS", 1)
        op.execute(
            f"CREATE FUNCTION {signature} {head} SECURITY DEFINER"
            f" SET search_path = pg_catalog, public AS $${body}$$"
        )
        called = _called(signature)
        op.execute(f"REVOKE ALL ON FUNCTION {called} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {called} TO counselhub_app")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {_called(signature)}")
    op.drop_table("rate_count")


def _called(signature: str) -> str:
    """Return the function's name with the types that it takes."""
    name, _, rest = signature.partition("(")
    taken = [one for one in rest.rstrip(")").split(",") if one and "OUT " not in one]
    return f"{name}({', '.join(one.split()[1] for one in taken)})"
