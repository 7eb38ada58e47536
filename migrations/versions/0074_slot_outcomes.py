"""What became of a slot, who covers it, and the firm's rules of judging."""

import sqlalchemy as sa
from alembic import op

revision = "0074_slot_outcomes"
down_revision = "0079_corrections"

ADVISERS = ("substitute_id", "came_id")
FIGURES = ("present_minutes", "late_minutes", "early_minutes")
RULES = {
    "tolerance_minutes": ("15", "tolerance_minutes BETWEEN 0 AND 120", "tolerance"),
    "late_minutes": ("10", "late_minutes BETWEEN 0 AND 120", "late"),
    "absence_limit": ("3", "absence_limit BETWEEN 1 AND 12", "absence_limit"),
}
SWITCHES = {"approves_cover": "true", "trainees_cover": "false"}
TWO_PLACES = "ex_duty_slot_two_places"


def upgrade() -> None:
    """Keep outcome and cover on the slot; whoever comes is in one place at a time."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in ADVISERS:
        op.add_column("duty_slot", sa.Column(column, sa.UUID(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_duty_slot_firm_id_{column}"),
            "duty_slot",
            "adviser",
            ["firm_id", column],
            ["firm_id", "id"],
        )
    for column in FIGURES:
        op.add_column("duty_slot", sa.Column(column, sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_duty_slot_substitute"), "duty_slot", "substitute_id <> adviser_id"
    )
    op.create_index(
        "ix_duty_slot_substitute",
        "duty_slot",
        ["firm_id", "substitute_id", "day"],
        postgresql_where=sa.text("substitute_id IS NOT NULL"),
    )
    _never_in_two_places("coalesce(substitute_id, adviser_id)")
    _add_rules()


def _add_rules() -> None:
    for column, (default, check, name) in RULES.items():
        given = sa.Column(column, sa.BigInteger(), nullable=False, server_default=sa.text(default))
        op.add_column("roster_rule", given)
        op.alter_column("roster_rule", column, server_default=None)
        op.create_check_constraint(op.f(f"ck_roster_rule_{name}"), "roster_rule", check)
    op.add_column("roster_rule", sa.Column("absence_months", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_roster_rule_absence_months"), "roster_rule", "absence_months BETWEEN 1 AND 36"
    )
    for column, default in SWITCHES.items():
        given = sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.text(default))
        op.add_column("roster_rule", given)
        op.alter_column("roster_rule", column, server_default=None)


def downgrade() -> None:
    """Undo it; a slot that somebody covers is its own adviser's again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (*RULES, "absence_months", *SWITCHES):
        op.drop_column("roster_rule", column)
    _never_in_two_places("adviser_id")
    op.drop_index("ix_duty_slot_substitute", "duty_slot")
    for column in (*ADVISERS, *FIGURES):
        op.drop_column("duty_slot", column)


def _never_in_two_places(who: str) -> None:
    """Ask the database anew that nobody is planned in two places at once."""
    op.drop_constraint(TWO_PLACES, "duty_slot")
    op.execute(
        f"ALTER TABLE duty_slot ADD CONSTRAINT {TWO_PLACES} EXCLUDE USING gist"
        f" (firm_id WITH =, {who} WITH =, tsrange(day + starts, day + ends) WITH &&)"
        " WHERE (status IN ('planned', 'done', 'short')) DEFERRABLE INITIALLY IMMEDIATE"
    )
