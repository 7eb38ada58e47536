"""The application's role and the scope that each transaction carries."""

from alembic import op

revision = "0001_scope"
down_revision = None

SETTING = "nullif(current_setting('app.{}', true), '')"


def upgrade() -> None:
    """Make the role, the extensions and the functions that policies read the scope with."""
    for extension in ("btree_gist", "pg_trgm"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'counselhub_app') THEN
                CREATE ROLE counselhub_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
            END IF;
            IF NOT pg_has_role(current_user, 'counselhub_app', 'MEMBER')
                AND (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user)
            THEN
                EXECUTE format('GRANT counselhub_app TO %I', current_user);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    )
    op.execute("GRANT USAGE ON SCHEMA public TO counselhub_app")
    _function("scope_kind", "text", SETTING.format("scope_kind"))
    for name, kind, type_ in (
        ("scope_firm", "firm", "uuid"),
        ("scope_street", "office", "text"),
        ("scope_district", "bureau", "text"),
    ):
        key = SETTING.format("scope_key")
        _function(
            name,
            type_,
            f"CASE WHEN current_setting('app.scope_kind', true) = '{kind}' THEN {key}::{type_} END",
        )


def _function(name: str, returns: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS {returns} LANGUAGE sql STABLE PARALLEL SAFE"
        f" AS $$ SELECT {body} $$"
    )


def downgrade() -> None:
    """Undo it; the role stays, for it belongs to the whole server."""
    for name in ("scope_district", "scope_street", "scope_firm", "scope_kind"):
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("REVOKE USAGE ON SCHEMA public FROM counselhub_app")
    for extension in ("pg_trgm", "btree_gist"):
        op.execute(f"DROP EXTENSION {extension}")
