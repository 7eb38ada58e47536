"""Sessions on the server, earlier passwords, failed tries, rules of a place."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0022_accounts"
down_revision = "0021_record_of_acts"

TABLES = ("sign_in_session", "password_before", "sign_in_tries", "account_rule")


def upgrade() -> None:
    """Make them, all of the platform: no tenant reads another's sessions or tries."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("person", sa.Column("password_set_at", sa.DateTime(timezone=True)))
    _sessions()
    op.create_table(
        "password_before",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_password_before_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_before")),
    )
    op.create_index("ix_password_before_person_id", "password_before", ["person_id", "replaced_at"])
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_tries")),
    )
    op.create_index("ix_sign_in_tries_last_at", "sign_in_tries", ["last_at"])
    op.create_table(
        "account_rule",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("password_days", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "password_days BETWEEN 30 AND 730", name=op.f("ck_account_rule_password_days")
        ),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_account_rule")),
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.PLATFORM):
            op.execute(statement)


def _sessions() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_why IS NULL)", name=op.f("ck_sign_in_session_ended")
        ),
        sa.CheckConstraint(
            "ended_why IN ('sign_out', 'idle', 'age', 'owner', 'anew', 'password', 'membership')",
            name=op.f("ck_sign_in_session_ended_why"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_session_digest")),
    )
    op.create_index("ix_sign_in_session_person_id", "sign_in_session", ["person_id", "created_at"])


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("person", "password_set_at")
