"""Requests for cover, whom they were offered, reasons of absences, answers to reminders."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0075_cover"
down_revision = "0074_slot_outcomes"

AT = sa.DateTime(timezone=True)
STATUSES = "'asked', 'offered', 'taken', 'approved', 'withdrawn'"
TABLES = ("cover_request", "cover_offer", "absence_reason", "replacement_answer")


def _own(table: str) -> Iterator[Any]:
    yield sa.Column("firm_id", sa.UUID(), nullable=False)
    yield sa.Column("id", sa.UUID(), nullable=False)
    yield sa.PrimaryKeyConstraint("firm_id", "id", name=op.f(f"pk_{table}"))


def _to(table: str, column: str, other: str, **options: Any) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["firm_id", column],
        [f"{other}.firm_id", f"{other}.id"],
        name=op.f(f"fk_{table}_firm_id_{column}"),
        **options,
    )


def _text(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """All four stay inside the firm."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _requests()
    _offers()
    _reasons()
    _answers()
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def _requests() -> None:
    name = "cover_request"
    op.create_table(
        name,
        *_own(name),
        sa.Column("slot_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        _text("why", nullable=False),
        _text("words"),
        _text("status", nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("substitute_id", sa.UUID(), nullable=True),
        _text("ending"),
        sa.Column("told_at", AT, nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        _to(name, "slot_id", "duty_slot", ondelete="CASCADE"),
        _to(name, "adviser_id", "adviser"),
        _to(name, "substitute_id", "adviser"),
        _check(name, "why", "why IN ('court', 'ill', 'personal', 'other')"),
        _check(name, "status", f"status IN ({STATUSES})"),
        _check(name, "ending", "ending IN ('withdrawn', 'expired')"),
        _check(name, "taken", "status NOT IN ('taken', 'approved') OR substitute_id IS NOT NULL"),
        _check(name, "ending_told", "(status = 'withdrawn') = (ending IS NOT NULL)"),
    )
    op.create_index(
        "uq_cover_request_live",
        name,
        ["firm_id", "slot_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_index("ix_cover_request_adviser", name, ["firm_id", "adviser_id", "asked_at"])


def _offers() -> None:
    name = "cover_offer"
    op.create_table(
        name,
        *_own(name),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("pluses", postgresql.JSONB(), nullable=False),
        sa.Column("offered_at", AT, nullable=False),
        sa.Column("declined_at", AT, nullable=True),
        _to(name, "request_id", "cover_request", ondelete="CASCADE"),
        _to(name, "adviser_id", "adviser"),
        sa.UniqueConstraint(
            "firm_id",
            "request_id",
            "adviser_id",
            name=op.f("uq_cover_offer_firm_id_request_id_adviser_id"),
        ),
    )
    op.create_index("ix_cover_offer_adviser", name, ["firm_id", "adviser_id"])


def _reasons() -> None:
    name = "absence_reason"
    codes = "'own', 'community', 'force_majeure', 'court', 'other'"
    op.create_table(
        name,
        *_own(name),
        sa.Column("slot_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        _text("code", nullable=False),
        _text("words"),
        _text("evidence"),
        _text("status", nullable=False),
        sa.Column("given_at", AT, nullable=False),
        _text("judgement"),
        sa.Column("judged_at", AT, nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        _to(name, "slot_id", "duty_slot", ondelete="CASCADE"),
        _to(name, "adviser_id", "adviser"),
        _check(name, "code", f"code IN ({codes})"),
        _check(name, "status", "status IN ('given', 'accepted', 'refused')"),
        _check(name, "other", "code <> 'other' OR words IS NOT NULL"),
        _check(name, "judged", "(status = 'given') = (judged_at IS NULL)"),
        sa.UniqueConstraint("firm_id", "slot_id", name=op.f(f"uq_{name}_firm_id_slot_id")),
    )
    op.create_index("ix_absence_reason_adviser", name, ["firm_id", "adviser_id"])


def _answers() -> None:
    name = "replacement_answer"
    op.create_table(
        name,
        *_own(name),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("slots", postgresql.JSONB(), nullable=False),
        _text("words", nullable=False),
        sa.Column("answered_at", AT, nullable=False),
        _to(name, "adviser_id", "adviser"),
        _to(name, "contract_id", "contract"),
    )
    op.create_index("ix_replacement_answer_adviser", name, ["firm_id", "adviser_id", "contract_id"])
    op.create_index("ix_replacement_answer_contract", name, ["firm_id", "contract_id"])


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
