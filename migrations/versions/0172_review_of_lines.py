"""Lines: who reviewed them, and what is held back of those deferred or refused."""

import sqlalchemy as sa
from alembic import op

revision = "0172_review_of_lines"
down_revision = "0170_assessments"

OLD, NEW = (
    "('pending', 'accepted', 'queried')",
    "('pending', 'accepted', 'queried', 'deferred', 'refused')",
)
REASONS = "('not_served', 'no_evidence', 'outside', 'paid_elsewhere', 'late', 'other')"
HELD = (
    "review IN ('deferred', 'refused') AND amount_fen = 0"
    " OR review NOT IN ('deferred', 'refused') AND held_fen = 0"
)
SEALED = "OLD.review = 'accepted'"
SEALED_OR_HELD = f"({SEALED} OR OLD.review IN ('deferred', 'refused') AND NEW.review = OLD.review)"
NAMES = (
    "amount_fen, {0}.quantity, {0}.trace, {0}.kind, {0}.month, {0}.contract_number,"
    " {0}.community_code, {0}.statement_id"
)


def upgrade() -> None:
    """Let a line be deferred or refused, its amount kept beside it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (
        sa.Column("held_fen", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.UUID(), nullable=True),
        sa.Column("reviewed_by_name", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("refusal_words", sa.Text(), nullable=True),
    ):
        op.add_column("statement_line", column)
    _reviews(NEW)
    _check("held_fen", HELD)
    _check("refusal", f"refusal IN {REASONS}")
    _keep(SEALED_OR_HELD, ", {0}.held_fen")


def _check(name: str, rule: str) -> None:
    op.create_check_constraint(op.f(f"ck_statement_line_{name}"), "statement_line", rule)


def _reviews(codes: str) -> None:
    op.drop_constraint(op.f("ck_statement_line_review"), "statement_line")
    _check("review", f"review IN {codes}")


def _keep(sealed: str, more: str) -> None:
    """Replace what keeps sealed lines. more: columns that it watches beside the known ones."""
    new, old = (f"({row}.{(NAMES + more).format(row)})" for row in ("NEW", "OLD"))
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION keep_sealed_line() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.review = 'accepted' THEN
                    RAISE EXCEPTION 'sealed line' USING ERRCODE = 'CH002', DETAIL = OLD.id::text;
                END IF;
                RETURN OLD;
            END IF;
            IF {sealed} AND {new} IS DISTINCT FROM {old} THEN
                RAISE EXCEPTION 'sealed line' USING ERRCODE = 'CH002', DETAIL = OLD.id::text;
            END IF;
            RETURN NEW;
        END $$
        """
    )


def downgrade() -> None:
    """Undo it: what was held back stands as an amount that waits for review."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_statement_line_held_fen"), "statement_line")
    op.drop_constraint(op.f("ck_statement_line_refusal"), "statement_line")
    _keep(SEALED, "")
    op.execute("ALTER TABLE statement_line NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE statement_line SET review = 'pending', amount_fen = held_fen"
        " WHERE review IN ('deferred', 'refused')"
    )
    op.execute("ALTER TABLE statement_line FORCE ROW LEVEL SECURITY")
    _reviews(OLD)
    for column in (
        *("refusal_words", "refusal", "reviewed_by_name", "reviewed_by_id"),
        *("reviewed_at", "held_fen"),
    ):
        op.drop_column("statement_line", column)
