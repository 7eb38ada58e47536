"""Acts with before and after, chained by digest; the head of each day; seals of statements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.chain import canonical
from counselhub.core.row_security import APP_ROLE, DataClass, row_security

revision = "0021_record_of_acts"
down_revision = "0020_account_events"

AT = "to_char({0}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
EVENT = (
    *("{0}.firm_id::text", "{0}.id::text", AT, "{0}.subject", "{0}.subject_id::text", "{0}.act"),
    *("{0}.from_status", "{0}.to_status", "{0}.actor_id::text", "{0}.actor_name"),
    *("{0}.actor_side", "{0}.street_code", "{0}.detail::text", "{0}.membership_id::text"),
    *("{0}.address", "{0}.changes::text"),
)
ACCOUNT = (
    *("{0}.id::text", AT, "{0}.kind", "{0}.key", "{0}.act", "{0}.outcome", "{0}.person_id::text"),
    *("{0}.membership_id::text", "{0}.name", "{0}.address", "{0}.detail::text"),
)
SOURCES = {
    "event": ("'firm:' || {0}.firm_id", EVENT),
    "account_event": ("{0}.kind || ':' || {0}.key", ACCOUNT),
}
LINE = (
    *("{0}.id::text", "{0}.position::text", "{0}.contract_number", "{0}.community_code"),
    *("{0}.kind", "to_char({0}.month, 'YYYY-MM-DD')", "{0}.quantity", "{0}.amount_fen::text"),
    *("{0}.trace::text", "{0}.warnings::text"),
)
HEAD = (
    *("{0}.id::text", "{0}.number", "{0}.street_code", "to_char({0}.month, 'YYYY-MM-DD')"),
    *("{0}.version::text", "{0}.total_fen::text", "{0}.funding::text", "{0}.payee::text"),
)
OWN = (
    "chain = (select scope_kind() || ':' ||"
    " coalesce(nullif(current_setting('app.scope_key', true), ''), ''))"
)
# The policies of `firm` show an office or a bureau the firms that serve its places.
GOVERNMENT = (
    "(select scope_kind()) IN ('office', 'bureau')"
    " AND EXISTS (SELECT FROM firm f WHERE f.id = chain_day.firm_id)"
)
FUNCTIONS = ("keep_head()", "touch_chain(text)", "append_link(text, text, uuid, bytea)")
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"


def upgrade() -> None:
    """Extend the acts, link what is there, and let triggers link what comes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("event", sa.Column("membership_id", sa.UUID(), nullable=True))
    for name, type_, empty in (
        ("address", sa.Text(), "''"),
        ("changes", postgresql.JSONB(astext_type=sa.Text()), "'{}'"),
    ):
        op.add_column(
            "event", sa.Column(name, type_, nullable=False, server_default=sa.text(empty))
        )
        op.alter_column("event", name, server_default=None)
    op.create_index("ix_event_at", "event", ["firm_id", "at", "id"])
    of_office = sa.text("actor_side = 'office'")
    columns = ["street_code", "at", "id"]
    op.create_index("ix_event_office", "event", columns, postgresql_where=of_office)
    op.drop_index("ix_account_event_tenant", table_name="account_event")
    op.create_index("ix_account_event_tenant", "account_event", ["kind", "key", "at", "id"])
    _tables()
    _functions()
    read = ("event", "account_event", "statement", "statement_line", "statement_seal")
    for table in read:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    _link_what_is_there()
    _seal_what_was_submitted()
    for table in read:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    _triggers()


def _tables() -> None:
    op.create_table(
        "event_link",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("pruned_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_event_link")),
    )
    op.create_index("ix_event_link_event_id", "event_link", ["event_id"])
    op.create_table(
        "chain_day",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "day", name=op.f("pk_chain_day")),
    )
    op.create_index("ix_chain_day_firm_id", "chain_day", ["firm_id", "day"])
    op.create_table(
        "statement_seal",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_statement_seal_firm_id_statement_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_statement_seal")),
    )
    columns = ["firm_id", "statement_id", "at"]
    op.create_index("ix_statement_seal_statement", "statement_seal", columns)
    for table, more in (("event_link", {}), ("chain_day", {"government_reads": GOVERNMENT})):
        for statement in row_security(
            table, DataClass.PLATFORM, readers={"tenant_reads": OWN} | more, append_only=True
        ):
            op.execute(statement)
        # Only the triggers write, as the owner of the tables.
        op.execute(f"REVOKE INSERT ON {table} FROM {APP_ROLE}")
        op.execute(f"CREATE POLICY links ON {table} TO CURRENT_USER USING (true)")
    for statement in row_security(
        "statement_seal", DataClass.FIRM_SHARED, office_acts=("INSERT",), append_only=True
    ):
        op.execute(statement)


def _functions() -> None:
    """Note a transaction's chains (a savepoint takes its notes back), lock in order, link."""
    op.execute(
        """
        CREATE FUNCTION append_link(name text, source text, act uuid, words bytea) RETURNS void
        LANGUAGE plpgsql AS $$
        DECLARE
            last_seq bigint;
            last_digest bytea;
        BEGIN
            SELECT link.seq, link.digest INTO last_seq, last_digest FROM event_link link
            WHERE link.chain = name ORDER BY link.seq DESC LIMIT 1;
            INSERT INTO event_link (chain, seq, source, event_id, digest) VALUES (
                name, coalesce(last_seq, 0) + 1, source, act,
                sha256(coalesce(last_digest, sha256(convert_to(name, 'UTF8'))) || words)
            );
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION touch_chain(name text) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('chain ' || name, 0));
            INSERT INTO chain_day (chain, day, firm_id, seq, digest)
            SELECT name, greatest(today, max(day)), CASE WHEN name LIKE 'firm:%' THEN
                substr(name, 6)::uuid END, 0, '' FROM chain_day WHERE chain = name
            ON CONFLICT (chain, day) DO UPDATE SET seq = excluded.seq;
        END $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION keep_head() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            UPDATE chain_day SET seq = last.seq, digest = last.digest
            FROM (SELECT seq, digest FROM event_link WHERE chain = NEW.chain
                  ORDER BY seq DESC LIMIT 1) last
            WHERE chain_day.chain = NEW.chain AND chain_day.day = NEW.day;
            RETURN NULL;
        END $$
        """
    )
    for table, (chain, fields) in SOURCES.items():
        _functions_of(table, chain.format("NEW"), canonical(fields, "NEW"))
    for name in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")


def _functions_of(table: str, chain: str, words: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION note_chain_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            noted text := coalesce(current_setting('app.chains', true), '');
        BEGIN
            IF position(({chain}) || ' ' IN noted) = 0 THEN
                PERFORM set_config('app.chains', noted || ({chain}) || ' ', true);
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION link_{table}() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
        DECLARE
            own text := {chain};
            noted text := coalesce(current_setting('app.chains', true), '');
            one text;
        BEGIN
            IF position(own || ' ' IN coalesce(current_setting('app.chains_held', true), '')) = 0
            THEN
                FOR one IN SELECT DISTINCT name FROM unnest(
                    string_to_array(noted || own || ' ', ' ')) name WHERE name <> '' ORDER BY name
                LOOP
                    PERFORM touch_chain(one);
                END LOOP;
                PERFORM set_config('app.chains_held', noted || own || ' ', true);
            END IF;
            PERFORM append_link(own, '{table}', NEW.id, {words});
            RETURN NULL;
        END $$
        """
    )


def _link_what_is_there() -> None:
    for table, (chain, fields) in SOURCES.items():
        op.execute(
            f"""
            DO $$ DECLARE act record; BEGIN
                FOR act IN SELECT * FROM {table} ORDER BY at, id LOOP
                    PERFORM append_link({chain.format("act")}, '{table}', act.id,
                        {canonical(fields, "act")});
                END LOOP;
            END $$
            """
        )
    op.execute(
        "INSERT INTO chain_day (chain, day, firm_id, seq, digest) SELECT DISTINCT ON (chain) chain,"
        " (now() AT TIME ZONE 'Asia/Shanghai')::date,"
        " CASE WHEN chain LIKE 'firm:%' THEN substr(chain, 6)::uuid END, seq, digest"
        " FROM event_link ORDER BY chain, seq DESC"
    )


def _seal_what_was_submitted() -> None:
    digest = f"sha256({canonical(LINE, 'l')})"
    op.execute(
        f"""
        INSERT INTO statement_seal (firm_id, id, statement_id, street_code, version, act, at,
            digest, lines)
        SELECT s.firm_id, gen_random_uuid(), s.id, s.street_code, s.version, 'submit', now(),
            sha256({canonical(HEAD, "s")} || coalesce(line.digests, '')),
            coalesce(line.each, '{{}}')
        FROM statement s CROSS JOIN LATERAL (
            SELECT string_agg({digest}, '' ORDER BY l.position, l.id) AS digests,
                jsonb_object_agg(l.id, encode({digest}, 'hex')) AS each
            FROM statement_line l WHERE l.firm_id = s.firm_id AND l.statement_id = s.id
        ) line
        WHERE s.submitted_at IS NOT NULL AND s.status NOT IN ('void', 'queried')
        """
    )


def _triggers() -> None:
    for table in SOURCES:
        op.execute(
            f"CREATE TRIGGER note_chain BEFORE INSERT ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION note_chain_of_{table}()"
        )
        op.execute(
            f"CREATE CONSTRAINT TRIGGER link_act AFTER INSERT ON {table}"
            f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION link_{table}()"
        )
    # Queued while the links are made, so it runs after the last of them, once for a transaction.
    op.execute(
        "CREATE CONSTRAINT TRIGGER keep_head AFTER INSERT OR UPDATE ON chain_day"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.seq = 0)"
        " EXECUTE FUNCTION keep_head()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in SOURCES:
        op.execute(f"DROP TRIGGER link_act ON {table}")
        op.execute(f"DROP TRIGGER note_chain ON {table}")
        op.execute(f"DROP FUNCTION link_{table}()")
        op.execute(f"DROP FUNCTION note_chain_of_{table}()")
    op.drop_table("statement_seal")
    op.drop_table("chain_day")
    op.drop_table("event_link")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
    op.drop_index("ix_account_event_tenant", table_name="account_event")
    op.create_index("ix_account_event_tenant", "account_event", ["kind", "key", "at"])
    op.drop_index("ix_event_office", table_name="event")
    op.drop_index("ix_event_at", table_name="event")
    for name in ("changes", "address", "membership_id"):
        op.drop_column("event", name)
