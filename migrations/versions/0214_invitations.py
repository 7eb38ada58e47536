"""Invitations of people, offices and bureaus."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0214_invitations"
down_revision = "0213_sign_up"

AT = sa.DateTime(timezone=True)
CHECKS = {
    "status": "status IN ('proposed', 'open', 'accepted', 'refused', 'withdrawn')",
    "kind": "kind IN ('firm', 'office', 'bureau')",
    "email_lower": "email = lower(email)",
    "own_firm": "kind <> 'firm' OR (by_kind, by_key) = (kind, key)",
    "reason": "status <> 'refused' OR reason <> ''",
}
TEXTS = (
    "kind", "key", "place_name", "role", "name", "email", "by_kind", "by_key", "by_name",
    "by_title", "status", "reason",
)  # fmt: skip


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "invitation",
        sa.Column("id", sa.UUID(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("adviser_id", sa.UUID(), nullable=True),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_invitation_{name}"))
            for name, rule in CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_index("ix_invitation_by", "invitation", ["by_kind", "by_key", "made_at"])
    op.create_index("ix_invitation_place", "invitation", ["kind", "key", "email"])
    for statement in row_security("invitation", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("invitation")
