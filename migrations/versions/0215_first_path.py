"""A firm's first path: chosen streets, steps left out, and what streets are found by."""

import sqlalchemy as sa
from alembic import op

from counselhub.core import pinyin
from counselhub.core.row_security import DataClass, row_security

revision = "0215_first_path"
down_revision = "0214_invitations"

AT = sa.DateTime(timezone=True)
FILL = sa.text("UPDATE street SET search = :search WHERE code = :code")


def upgrade() -> None:
    """Make the tables, and give streets the text that communities have."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "street", sa.Column("search", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    _fill()
    op.alter_column("street", "search", server_default=None)
    op.create_table(
        "chosen_street",
        *_key("chosen_street"),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("chosen_at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_chosen_street_street_code")
        ),
        sa.UniqueConstraint(
            "firm_id", "street_code", name=op.f("uq_chosen_street_firm_id_street_code")
        ),
    )
    op.create_table(
        "skipped_step",
        *_key("skipped_step"),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("skipped_at", AT, nullable=False),
        sa.CheckConstraint(
            "step IN ('streets', 'workbook', 'people')", name=op.f("ck_skipped_step_step")
        ),
        sa.UniqueConstraint("firm_id", "step", name=op.f("uq_skipped_step_firm_id_step")),
    )
    for table in ("chosen_street", "skipped_step"):
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def _fill() -> None:
    """The owner is held by row security too: it fills as the platform."""
    connection = op.get_bind()
    connection.execute(sa.text("SELECT set_config('app.scope_kind', 'platform', true)"))
    streets = connection.execute(sa.text("SELECT code, name FROM street")).all()
    rows = [{"code": code, "search": pinyin.searchable(name, code)} for code, name in streets]
    if rows:
        connection.execute(FILL, rows)


def _key(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f(f"fk_{table}_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("skipped_step")
    op.drop_table("chosen_street")
    op.drop_column("street", "search")
