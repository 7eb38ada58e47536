"""What communities are asked of sessions, and what they answered."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0066_confirmations"
down_revision = "0065_session_photos"

AT = sa.DateTime(timezone=True)
SEEN_SESSION = (
    "(select scope_kind()) IN ('office', 'bureau') AND (EXISTS (SELECT FROM duty_session d"
    " WHERE d.firm_id = session_answer.firm_id AND d.id = session_answer.session_id))"
)


def upgrade() -> None:
    """Keep requests, answers, and the links that open a request."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _requests()
    _answers()
    _links()
    for statement in row_security("confirmation_request", DataClass.FIRM_SHARED):
        op.execute(statement)
    readers = {"government_reads": SEEN_SESSION}
    for statement in row_security(
        "session_answer", DataClass.FIRM_SHARED, office=None, bureau=None, readers=readers
    ):
        op.execute(statement)
    for statement in row_security("confirmation_link", DataClass.PLATFORM):
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER keep_closed BEFORE INSERT OR DELETE ON session_answer"
        " FOR EACH ROW EXECUTE FUNCTION keep_closed_session()"
    )
    _lose_what_was_changed()


def _lose_what_was_changed() -> None:
    """Take the community's confirmation off a session that becomes another, whoever changes it."""
    op.execute(
        """
        CREATE FUNCTION lose_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE session_answer SET overtaken_at = now()
            WHERE firm_id = OLD.firm_id AND session_id = OLD.id
            AND answer = 'confirmed' AND overtaken_at IS NULL;
            IF FOUND THEN
                NEW.community_confirmed := NULL;
            END IF;
            RETURN NEW;
        END $$
        """
    )
    columns = "adviser_id, community_code, signed_in_at, signed_out_at"
    before, after = (
        ", ".join(f"{row}.{column.strip()}" for column in columns.split(","))
        for row in ("OLD", "NEW")
    )
    op.execute(
        f"CREATE TRIGGER lose_confirmation BEFORE UPDATE OF {columns} ON duty_session FOR EACH ROW"
        f" WHEN (OLD.community_confirmed AND ({before}) IS DISTINCT FROM ({after}))"
        " EXECUTE FUNCTION lose_confirmation()"
    )


def _requests() -> None:
    table = "confirmation_request"
    op.create_table(
        table,
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=True),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("name_sealed", sa.Text(), nullable=True),
        sa.Column("address_digest", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f(f"fk_{table}_firm_id")),
        sa.ForeignKeyConstraint(
            ["firm_id", "session_id"],
            ["duty_session.firm_id", "duty_session.id"],
            name=op.f(f"fk_{table}_firm_id_session_id"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.code"], name=op.f(f"fk_{table}_{column}"))
            for column, to in (("community_code", "community"), ("street_code", "street"))
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
            for name, rule in (
                ("status", "status IN ('open', 'answered', 'revoked')"),
                ("office", "office IN ('head', 'staff', 'grid', 'other')"),
                ("subject", "(session_id IS NULL) <> (month IS NULL)"),
                ("month", "extract(day from month) = 1"),
                ("answered", "(status = 'answered') = (answered_at IS NOT NULL)"),
            )
        ),
    )
    is_open = {"unique": True, "postgresql_where": sa.text("status = 'open'")}
    op.create_index("uq_confirmation_request_session", table, ["firm_id", "session_id"], **is_open)
    op.create_index(
        "uq_confirmation_request_month", table, ["firm_id", "community_code", "month"], **is_open
    )
    op.create_index("ix_confirmation_request_street", table, ["street_code", "made_at"])


def _answers() -> None:
    table = "session_answer"
    op.create_table(
        table,
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answered_at", AT, nullable=False),
        sa.Column("overtaken_at", AT, nullable=True),
        sa.Column("settled_at", AT, nullable=True),
        sa.Column("settled_words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{to}.firm_id", f"{to}.id"],
                name=op.f(f"fk_{table}_firm_id_{column}"),
            )
            for to, column in (
                ("confirmation_request", "request_id"),
                ("duty_session", "session_id"),
            )
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
            for name, rule in (
                ("answer", "answer IN ('confirmed', 'disputed')"),
                ("words", "answer <> 'disputed' OR words IS NOT NULL"),
                ("settled", "(settled_at IS NULL) = (settled_words IS NULL)"),
            )
        ),
    )
    columns = ["firm_id", "session_id", "answered_at"]
    op.create_index("ix_session_answer_session", table, columns)
    op.create_index("ix_session_answer_request", table, ["firm_id", "request_id"])


def _links() -> None:
    op.create_table(
        "confirmation_link",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("request_id", sa.UUID(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_confirmation_link")),
        sa.ForeignKeyConstraint(
            ["firm_id", "request_id"],
            ["confirmation_request.firm_id", "confirmation_request.id"],
            name=op.f("fk_confirmation_link_firm_id_request_id"),
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER lose_confirmation ON duty_session")
    op.execute("DROP FUNCTION lose_confirmation()")
    op.drop_table("confirmation_link")
    op.drop_table("session_answer")
    op.drop_table("confirmation_request")
