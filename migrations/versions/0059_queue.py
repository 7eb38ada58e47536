"""The queue of jobs and its timetable, in a schema of its own: procrastinate 3.10."""

from importlib import resources

from alembic import op

from counselhub.core.row_security import APP_ROLE

revision = "0059_queue"
down_revision = "0058_lowest_grade"

FIND_THEIR_TABLES = """
DO $$
DECLARE one regprocedure;
BEGIN
  FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_catalog', one);
  END LOOP;
END $$
"""


def upgrade() -> None:
    """Make the library's tables; the application may use them, and holds no rights over them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path = jobs, pg_catalog")
    made = resources.files("procrastinate.sql").joinpath("schema.sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(made.replace("%", "%%"))
    op.execute("SET LOCAL search_path = public")
    op.execute(FIND_THEIR_TABLES)
    op.execute(f"GRANT USAGE ON SCHEMA jobs TO {APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO {APP_ROLE}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO {APP_ROLE}")


def downgrade() -> None:
    """Forget the queue with what waits in it."""
    op.execute("DROP SCHEMA jobs CASCADE")
