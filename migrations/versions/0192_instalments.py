"""Instalments of contracts, invoices and payments; nothing is paid by a statement line as well."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, callable_by_app, row_security

revision = "0192_instalments"
down_revision = "0190_appropriations"

AT = sa.DateTime(timezone=True)
PAID_BY = "paid_by IN ('statement', 'both', 'instalments')"
SUBJECTS = "subject IN ('base', 'lecture', 'online', 'case', 'activity', 'performance', 'other')"
CONDITIONS = "condition IN ('day', 'signing', 'filing', 'mid_year', 'acceptance', 'assessment')"
STATUSES = "status IN ('planned', 'due', 'invoiced', 'part_paid', 'paid', 'cancelled')"
TABLES = ("instalment", "invoice", "instalment_payment", "instalment_file")
# Who writes instalments waits for who writes lines, and the other way round: each then sees both.
LOCK = "hashtextextended('paid_twice ' || NEW.firm_id::text, 0)"
REFUSE = """
    RAISE EXCEPTION 'an instalment and a statement line pay the same'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'instalment_paid_twice';
"""
FUNCTIONS = (
    f"""
    CREATE FUNCTION refuse_instalment_paid_twice() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock({LOCK});
        IF EXISTS (
            SELECT FROM statement_line l JOIN statement s
                ON s.firm_id = l.firm_id AND s.id = l.statement_id
            WHERE l.firm_id = NEW.firm_id AND l.contract_id = NEW.contract_id
                AND l.kind = NEW.subject AND l.amount_fen <> 0 AND s.status <> 'void'
        ) THEN {REFUSE} END IF;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE FUNCTION refuse_line_paid_twice() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(key) FROM (
            SELECT DISTINCT {LOCK.replace("NEW.", "")} AS key FROM new_lines
        ) AS locks;
        IF EXISTS (
            SELECT FROM new_lines l JOIN instalment i
                ON i.firm_id = l.firm_id AND i.contract_id = l.contract_id
                AND i.subject = l.kind
            WHERE l.amount_fen <> 0 AND i.status <> 'cancelled'
        ) THEN {REFUSE} END IF;
        RETURN NULL;
    END $$
    """,
)
TRIGGERS = (
    "CREATE TRIGGER refuse_instalment_paid_twice"
    " AFTER INSERT OR UPDATE OF subject, contract_id, status ON instalment"
    " FOR EACH ROW WHEN (NEW.status <> 'cancelled' AND NEW.subject <> 'other')"
    " EXECUTE FUNCTION refuse_instalment_paid_twice()",
    "CREATE TRIGGER refuse_new_line_paid_twice AFTER INSERT ON statement_line"
    " REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT"
    " EXECUTE FUNCTION refuse_line_paid_twice()",
    "CREATE TRIGGER refuse_changed_line_paid_twice AFTER UPDATE ON statement_line"
    " REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT"
    " EXECUTE FUNCTION refuse_line_paid_twice()",
)

# Row security would read every row: whoever owns the tables asks the index, for one firm.
SEARCH = (
    "CREATE POLICY search ON invoice FOR SELECT TO CURRENT_USER USING (true)",
    """
    CREATE FUNCTION invoices_matching(pattern text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        firm uuid := scope_firm();
    BEGIN
        IF length(pattern) >= 5 THEN
            RETURN QUERY SELECT i.id FROM invoice i
            WHERE i.firm_id = firm AND i.search LIKE pattern LIMIT 1000;
            RETURN;
        END IF;
        RETURN QUERY SELECT newest.id FROM (
            SELECT i.id, i.search FROM invoice i WHERE i.firm_id = firm
            ORDER BY i.issued_on DESC, i.id DESC LIMIT 20000
        ) newest WHERE newest.search LIKE pattern;
    END $$
    """,
    *callable_by_app("invoices_matching(text)"),
)


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "contract", sa.Column("paid_by", sa.Text(), nullable=False, server_default="statement")
    )
    op.create_check_constraint(op.f("ck_contract_paid_by"), "contract", PAID_BY)
    _instalments()
    _invoices()
    _payments()
    _files()
    for table in TABLES[:2]:
        for statement in row_security(table, DataClass.FIRM_SHARED):
            op.execute(statement)
    for statement in row_security("instalment_payment", DataClass.FIRM_SHARED, append_only=True):
        op.execute(statement)
    for statement in row_security("instalment_file", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in (*FUNCTIONS, *TRIGGERS, *SEARCH):
        op.execute(statement)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["firm_id", column],
        [f"{to}.firm_id", f"{to}.id"],
        name=op.f(f"fk_{table}_firm_id_{column}"),
    )


def _street(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["street_code"], ["street.code"], name=op.f(f"fk_{table}_street_code")
    )


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _instalments() -> None:
    op.create_table(
        "instalment",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_retention", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("met_words", sa.Text(), nullable=True),
        sa.Column("invoiced_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        _check("instalment", "subject", SUBJECTS),
        _check("instalment", "condition", CONDITIONS),
        _check("instalment", "status", STATUSES),
        _check("instalment", "amount", "amount_fen > 0"),
        _check("instalment", "invoiced", "invoiced_fen BETWEEN 0 AND amount_fen"),
        _check("instalment", "paid", "paid_fen BETWEEN 0 AND amount_fen"),
        _check("instalment", "settled", "(status = 'paid') = (paid_fen = amount_fen)"),
        _check("instalment", "cancelled", "status <> 'cancelled' OR invoiced_fen + paid_fen = 0"),
        _check(
            "instalment",
            "due_on",
            "due_on IS NOT NULL OR status IN ('planned', 'cancelled') AND condition <> 'day'",
        ),
        _check("instalment", "position", "position >= 1"),
        _key("instalment", "contract_id", "contract"),
        _street("instalment"),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_instalment")),
    )
    op.create_index(
        "ix_instalment_contract_id", "instalment", ["firm_id", "contract_id", "position"]
    )
    op.create_index("ix_instalment_due_on", "instalment", ["firm_id", "due_on", "id"])
    op.create_index("ix_instalment_street_code", "instalment", ["street_code", "due_on", "id"])


def _invoices() -> None:
    op.create_table(
        "invoice",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("instalment_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("tax_percent", sa.Numeric(5, 2), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("buyer_tax_number", sa.Text(), nullable=True),
        sa.Column("red_of_id", sa.UUID(), nullable=True),
        sa.Column("reversed_fen", sa.BigInteger(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("entered_at", AT, nullable=False),
        sa.Column("entered_by_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        _check("invoice", "kind", "kind IN ('electronic', 'special', 'ordinary')"),
        _check("invoice", "amount", "(red_of_id IS NULL) = (amount_fen > 0)"),
        _check("invoice", "reversed", "reversed_fen BETWEEN 0 AND greatest(amount_fen, 0)"),
        _check("invoice", "tax_percent", "tax_percent BETWEEN 0 AND 100"),
        _key("invoice", "instalment_id", "instalment"),
        _key("invoice", "red_of_id", "invoice"),
        _street("invoice"),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_invoice")),
        sa.UniqueConstraint(
            "firm_id",
            "number",
            "code",
            name=op.f("uq_invoice_firm_id_number_code"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_invoice_instalment_id", "invoice", ["firm_id", "instalment_id"])
    op.create_index("ix_invoice_red_of_id", "invoice", ["firm_id", "red_of_id"])
    op.create_index("ix_invoice_list", "invoice", ["firm_id", "issued_on", "id"])
    op.create_index("ix_invoice_street_code", "invoice", ["street_code", "issued_on", "id"])
    op.create_index(
        "ix_invoice_search",
        "invoice",
        ["search"],
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )


def _payments() -> None:
    op.create_table(
        "instalment_payment",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("instalment_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.UUID(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_at", AT, nullable=False),
        sa.Column("entered_by_name", sa.Text(), nullable=False),
        _check("instalment_payment", "amount", "(reverses_id IS NULL) = (amount_fen > 0)"),
        _check("instalment_payment", "reason", "(reverses_id IS NULL) = (reason IS NULL)"),
        _key("instalment_payment", "instalment_id", "instalment"),
        _key("instalment_payment", "reverses_id", "instalment_payment"),
        _street("instalment_payment"),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_instalment_payment")),
        sa.UniqueConstraint(
            "firm_id", "reverses_id", name=op.f("uq_instalment_payment_firm_id_reverses_id")
        ),
    )
    op.create_index(
        "ix_instalment_payment_instalment_id",
        "instalment_payment",
        ["firm_id", "instalment_id", "paid_on"],
    )
    op.create_index("ix_instalment_payment_street_code", "instalment_payment", ["street_code"])


def _files() -> None:
    op.create_table(
        "instalment_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("instalment_id", sa.UUID(), nullable=False),
        sa.Column("invoice_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("added_at", AT, nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _check("instalment_file", "kind", "kind IN ('evidence', 'invoice')"),
        _check("instalment_file", "ending", "ending IN ('pdf', 'jpg', 'png')"),
        _check("instalment_file", "invoice_id", "(kind = 'invoice') = (invoice_id IS NOT NULL)"),
        _key("instalment_file", "instalment_id", "instalment"),
        _key("instalment_file", "invoice_id", "invoice"),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_instalment_file")),
        sa.UniqueConstraint(
            "firm_id",
            "instalment_id",
            "digest",
            name=op.f("uq_instalment_file_firm_id_instalment_id_digest"),
        ),
    )
    op.create_index("ix_instalment_file_invoice_id", "instalment_file", ["firm_id", "invoice_id"])
    # What is scanned is packed already: to pack it again costs time and wins nothing.
    op.execute("ALTER TABLE instalment_file ALTER content SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for when in ("new", "changed"):
        op.execute(f"DROP TRIGGER refuse_{when}_line_paid_twice ON statement_line")
    op.execute("DROP FUNCTION refuse_line_paid_twice()")
    op.execute("DROP FUNCTION invoices_matching(text)")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_instalment_paid_twice()")
    op.drop_column("contract", "paid_by")
