"""What is done under a pairing: lists, projects, a plan, activities with their photos."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DISTRICT, STREET, DataClass, row_security

revision = "0131_pairing_work"
down_revision = "0130_pairing_machine"

GOVERNMENT = "(select scope_kind()) IN ('office', 'bureau') AND ({})"
OF_PAIRING = (
    "EXISTS (SELECT FROM pairing p WHERE p.firm_id = {0}.firm_id AND p.id = {0}.pairing_id)"
)
OF_ACTIVITY = (
    "EXISTS (SELECT FROM pairing_activity a"
    " WHERE a.firm_id = {0}.firm_id AND a.id = {0}.activity_id)"
)
SEEN = {
    "pairing_item": OF_PAIRING,
    "pairing_project": OF_PAIRING,
    "planned_activity": OF_PAIRING,
    "activity_adviser": OF_ACTIVITY,
    "activity_photo": OF_ACTIVITY,
}
SHARED = "{} AND shared_at IS NOT NULL"


def upgrade() -> None:
    """Make the tables; the office reads lists and plan with the pairing, activities once shared."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _lists()
    _activities()
    # JPEG is packed already: to pack it again costs time and wins nothing.
    op.execute("ALTER TABLE activity_photo ALTER picture SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE activity_photo ALTER thumb SET STORAGE EXTERNAL")
    statements = row_security(
        "pairing_activity",
        DataClass.FIRM_SHARED,
        office=SHARED.format(STREET),
        bureau=SHARED.format(DISTRICT),
    )
    statements += row_security("activity_note", DataClass.FIRM_PRIVATE)
    for table, seen in SEEN.items():
        readers = {"government_reads": GOVERNMENT.format(seen.format(table))}
        statements += row_security(
            table, DataClass.FIRM_SHARED, office=None, bureau=None, readers=readers
        )
    for statement in statements:
        op.execute(statement)


def _lists() -> None:
    op.create_table(
        "pairing_item",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pairing_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('resource', 'need')", name=op.f("ck_pairing_item_kind")),
        sa.CheckConstraint("party IN ('firm', 'community')", name=op.f("ck_pairing_item_party")),
        sa.CheckConstraint(
            "status IN ('offered', 'matched', 'done')", name=op.f("ck_pairing_item_status")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "pairing_id"],
            ["pairing.firm_id", "pairing.id"],
            name=op.f("fk_pairing_item_firm_id_pairing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_pairing_item")),
    )
    op.create_index(
        "ix_pairing_item_pairing_id", "pairing_item", ["firm_id", "pairing_id"], unique=False
    )
    op.create_table(
        "pairing_project",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pairing_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("need_id", sa.UUID(), nullable=False),
        sa.Column("resource_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('running', 'done', 'dropped')", name=op.f("ck_pairing_project_status")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "need_id"],
            ["pairing_item.firm_id", "pairing_item.id"],
            name=op.f("fk_pairing_project_firm_id_need_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "pairing_id"],
            ["pairing.firm_id", "pairing.id"],
            name=op.f("fk_pairing_project_firm_id_pairing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "resource_id"],
            ["pairing_item.firm_id", "pairing_item.id"],
            name=op.f("fk_pairing_project_firm_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_pairing_project")),
    )
    op.create_index(
        "ix_pairing_project_pairing_id", "pairing_project", ["firm_id", "pairing_id"], unique=False
    )
    op.create_index(
        "ix_pairing_project_resource_id",
        "pairing_project",
        ["firm_id", "resource_id"],
        unique=False,
    )
    op.create_index(
        "uq_pairing_project_need",
        "pairing_project",
        ["firm_id", "need_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'dropped'"),
    )
    op.create_table(
        "planned_activity",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pairing_id", sa.UUID(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.BigInteger(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 60000", name=op.f("ck_planned_activity_minutes")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_planned_activity_month")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2099", name=op.f("ck_planned_activity_year")),
        sa.ForeignKeyConstraint(
            ["firm_id", "pairing_id"],
            ["pairing.firm_id", "pairing.id"],
            name=op.f("fk_planned_activity_firm_id_pairing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_planned_activity")),
    )
    op.create_index(
        "ix_planned_activity_pairing_id",
        "planned_activity",
        ["firm_id", "pairing_id", "year"],
        unique=False,
    )


def _activities() -> None:
    op.create_table(
        "pairing_activity",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pairing_id", sa.UUID(), nullable=False),
        sa.Column("plan_id", sa.UUID(), nullable=True),
        sa.Column("project_id", sa.UUID(), nullable=True),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("firm_count", sa.BigInteger(), nullable=False),
        sa.Column("community_count", sa.BigInteger(), nullable=False),
        sa.Column("residents_count", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "least(firm_count, community_count, residents_count) >= 0 AND firm_count + community_count + residents_count > 0",
            name=op.f("ck_pairing_activity_attendance"),
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_pairing_activity_minutes")),
        sa.ForeignKeyConstraint(
            ["firm_id", "pairing_id"],
            ["pairing.firm_id", "pairing.id"],
            name=op.f("fk_pairing_activity_firm_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "plan_id"],
            ["planned_activity.firm_id", "planned_activity.id"],
            name=op.f("fk_pairing_activity_firm_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "project_id"],
            ["pairing_project.firm_id", "pairing_project.id"],
            name=op.f("fk_pairing_activity_firm_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_pairing_activity_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_pairing_activity")),
    )
    op.create_index(
        "ix_pairing_activity_pairing_id",
        "pairing_activity",
        ["firm_id", "pairing_id", "day"],
        unique=False,
    )
    op.create_index(
        "ix_pairing_activity_plan_id", "pairing_activity", ["firm_id", "plan_id"], unique=False
    )
    op.create_index(
        "ix_pairing_activity_project_id",
        "pairing_activity",
        ["firm_id", "project_id"],
        unique=False,
    )
    op.create_table(
        "activity_note",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("activity_id", sa.UUID(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "activity_id"],
            ["pairing_activity.firm_id", "pairing_activity.id"],
            name=op.f("fk_activity_note_firm_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "activity_id", name=op.f("pk_activity_note")),
    )
    op.create_table(
        "activity_adviser",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("activity_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "activity_id"],
            ["pairing_activity.firm_id", "pairing_activity.id"],
            name=op.f("fk_activity_adviser_firm_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_activity_adviser_firm_id_adviser_id"),
        ),
        sa.PrimaryKeyConstraint(
            "firm_id", "activity_id", "adviser_id", name=op.f("pk_activity_adviser")
        ),
    )
    op.create_index(
        "ix_activity_adviser_adviser_id",
        "activity_adviser",
        ["firm_id", "adviser_id"],
        unique=False,
    )
    op.create_table(
        "activity_photo",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("activity_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("thumb", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(picture IS NULL) = (thumb IS NULL)", name=op.f("ck_activity_photo_picture")
        ),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_activity_photo_size")),
        sa.ForeignKeyConstraint(
            ["firm_id", "activity_id"],
            ["pairing_activity.firm_id", "pairing_activity.id"],
            name=op.f("fk_activity_photo_firm_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_activity_photo")),
        sa.UniqueConstraint(
            "firm_id",
            "activity_id",
            "digest",
            name=op.f("uq_activity_photo_firm_id_activity_id_digest"),
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("activity_photo")
    op.drop_table("activity_adviser")
    op.drop_table("activity_note")
    op.drop_table("pairing_activity")
    op.drop_table("planned_activity")
    op.drop_table("pairing_project")
    op.drop_table("pairing_item")
