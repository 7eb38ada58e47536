"""Second factors, the places that ask for them, and the three administrators' duties."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0023_factors"
down_revision = "0022_accounts"

KEY = "(select nullif(current_setting('app.scope_key', true), ''))"
OWN = f"kind = (select scope_kind()) AND key = {KEY}"
OF_PERSONS = ("totp", "recovery_code", "passkey", "passkey_challenge", "factor_tries")
OF_TENANTS = ("factor_rule", "admin_duty")


def upgrade() -> None:
    """A person's secrets are the platform's alone; what a place decided, it may read."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _factors()
    _passkeys()
    _tenants()
    for table in OF_PERSONS:
        for statement in row_security(table, DataClass.PLATFORM):
            op.execute(statement)
    for table in OF_TENANTS:
        for statement in row_security(table, DataClass.PLATFORM, readers={"tenant_reads": OWN}):
            op.execute(statement)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _person(table: str, *, nullable: bool = False) -> tuple[sa.Column[object], sa.Constraint]:
    key = sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id")
    return sa.Column("person_id", sa.UUID(), nullable=nullable), key


def _factors() -> None:
    op.create_table(
        "totp",
        *_person("totp"),
        sa.Column("sealed", sa.Text(), nullable=False),
        _instant("created_at"),
        _instant("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_totp"),
    )
    op.create_table(
        "recovery_code",
        *_person("recovery_code"),
        sa.Column("digest", sa.Text(), nullable=False),
        _instant("created_at"),
        _instant("used_at", nullable=True),
        sa.PrimaryKeyConstraint("person_id", "digest", name="pk_recovery_code"),
    )
    op.create_table(
        "factor_tries",
        *_person("factor_tries"),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        _instant("locked_until", nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_factor_tries"),
    )


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.UUID(), nullable=False),
        *_person("passkey"),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.Text()), nullable=False),
        _instant("created_at"),
        _instant("last_used_at", nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_sign_count")),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_person_id", "passkey", ["person_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.UUID(), nullable=False),
        *_person("passkey_challenge", nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey_challenge"),
    )
    op.create_index("ix_passkey_challenge_expires_at", "passkey_challenge", ["expires_at"])


def _tenants() -> None:
    place = "kind IN ('firm', 'office')"
    op.create_table(
        "factor_rule",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        _instant("since"),
        sa.Column("grace_days", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(place, name=op.f("ck_factor_rule_kind")),
        sa.CheckConstraint("grace_days BETWEEN 0 AND 90", name=op.f("ck_factor_rule_grace_days")),
        sa.PrimaryKeyConstraint("kind", "key", "role", name="pk_factor_rule"),
    )
    op.create_table(
        "admin_duty",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        *_person("admin_duty"),
        _instant("since"),
        _instant("ended_at", nullable=True),
        sa.CheckConstraint(
            "duty IN ('system', 'security', 'audit')", name=op.f("ck_admin_duty_duty")
        ),
        sa.CheckConstraint(place, name=op.f("ck_admin_duty_kind")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_admin_duty_membership_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_admin_duty"),
    )
    live = {"unique": True, "postgresql_where": sa.text("ended_at IS NULL")}
    op.create_index("ix_admin_duty_one_holder", "admin_duty", ["kind", "key", "duty"], **live)
    op.create_index("ix_admin_duty_one_duty", "admin_duty", ["kind", "key", "person_id"], **live)
    op.create_index("ix_admin_duty_membership_id", "admin_duty", ["membership_id"])


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in (*OF_TENANTS, *OF_PERSONS):
        op.drop_table(table)
