"""The page of a community about who comes, and what the community said of a cover."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0092_change_pages"
down_revision = "0091_blanked_words"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Note what was agreed and is known; keep the digests of the communities' links."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("agreed_at", "known_at"):
        op.add_column("cover_request", sa.Column(name, AT, nullable=True))
    op.execute("ALTER TABLE cover_request NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE cover_request SET agreed_at = coalesce(told_at, asked_at) WHERE status = 'approved'"
    )
    op.execute("ALTER TABLE cover_request FORCE ROW LEVEL SECURITY")
    op.create_table(
        "change_page",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_change_page_firm_id")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_change_page_community_code")
        ),
        sa.CheckConstraint("made_at < expires_at", name=op.f("ck_change_page_order")),
        sa.PrimaryKeyConstraint("firm_id", "community_code", name=op.f("pk_change_page")),
        sa.UniqueConstraint("digest", name=op.f("uq_change_page_digest")),
    )
    for statement in row_security("change_page", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("change_page")
    for name in ("agreed_at", "known_at"):
        op.drop_column("cover_request", name)
