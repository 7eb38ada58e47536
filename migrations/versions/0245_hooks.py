"""Hooks: addresses that are told of acts, and what is to be told, written with the acts."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, callable_by_app, row_security

revision = "0245_hooks"
down_revision = "0242_forget_firm"

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
KINDS = {
    "statement": {
        "statement.submitted": ("submit", "resubmit"),
        "statement.queried": ("return_queried",),
        "statement.approved": ("approve",),
        "statement.sent_back": ("send_back",),
        "statement.signed": ("sign",),
        "statement.payable": ("release",),
        "statement.paid": ("pay",),
        "statement.bounced": ("bounce",),
        "statement.reconciled": ("reconcile",),
        "statement.voided": ("void",),
    },
    "contract": {
        "contract.changed": (
            *("create", "change", "send", "sign", "file", "activate", "expire", "terminate"),
        ),
    },
    "assignment": {"assignment.changed": ("assign", "end", "withdraw")},
    "duty_session": {
        "duty.started": ("sign_in",),
        "duty.finished": ("sign_out", "leave_untold"),
        "duty.changed": ("add", "correct", "merge", "ask_again", "void"),
    },
    "service_record": {
        "service.recorded": ("add",),
        "service.changed": ("change",),
        "service.removed": ("remove",),
    },
    "referral": {
        "referral.asked": ("ask",),
        "referral.offered": ("form", "offer_next"),
        "referral.accepted": ("accept",),
        "referral.concluded": ("conclude",),
        "referral.closed": ("close", "withdraw"),
    },
}


def upgrade() -> None:
    """Make the tables, and the trigger that writes deliveries in the transaction of the act."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _hooks()
    _deliveries()
    for table in ("hook", "hook_pulse", "hook_delivery", "hook_attempt"):
        for statement in row_security(table, DataClass.PLATFORM):
            op.execute(statement)
    # Only the trigger, as the owner of the tables, works under the scope of whoever acts.
    op.execute("CREATE POLICY telling ON hook FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        "CREATE POLICY telling ON hook_delivery FOR INSERT TO CURRENT_USER WITH CHECK (true)"
    )
    op.execute(
        "CREATE FUNCTION hook_kind(subject text, act text) RETURNS text LANGUAGE sql IMMUTABLE"
        f" SET search_path = pg_catalog AS $$ SELECT {_cases()} $$"
    )
    for statement in callable_by_app("hook_kind(text, text)"):
        op.execute(statement)
    _trigger()


def _hooks() -> None:
    op.create_table(
        "hook",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("chosen", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("sealed_before", sa.Text(), nullable=True),
        sa.Column("before_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('firm', 'office')", name=op.f("ck_hook_kind")),
        sa.CheckConstraint("cardinality(chosen) > 0", name=op.f("ck_hook_chosen")),
        sa.CheckConstraint(
            "(sealed_before IS NULL) = (before_until IS NULL)", name=op.f("ck_hook_before")
        ),
        sa.CheckConstraint("(state = 'paused') = (cause IS NOT NULL)", name=op.f("ck_hook_paused")),
        sa.CheckConstraint("state IN ('live', 'paused')", name=op.f("ck_hook_state")),
        sa.CheckConstraint("cause IN ('asked', 'dead', 'gone')", name=op.f("ck_hook_cause")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook")),
    )
    op.create_index("ix_hook_place", "hook", ["kind", "key", "made_at"])
    op.create_table(
        "hook_pulse",
        sa.Column("hook_id", sa.UUID(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("deaths", sa.BigInteger(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["hook.id"], name=op.f("fk_hook_pulse_hook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hook_id", name=op.f("pk_hook_pulse")),
    )


def _deliveries() -> None:
    op.create_table(
        "hook_delivery",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("hook_id", sa.UUID(), nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.UUID(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("tries_before", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'dead')", name=op.f("ck_hook_delivery_state")
        ),
        sa.CheckConstraint(
            "(subject IS NULL) = (subject_id IS NULL)", name=op.f("ck_hook_delivery_subject")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (done_at IS NULL)", name=op.f("ck_hook_delivery_done")
        ),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["hook.id"], name=op.f("fk_hook_delivery_hook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_delivery")),
    )
    op.create_index("ix_hook_delivery_hook_id", "hook_delivery", ["hook_id", "at", "id"])
    op.create_index("ix_hook_delivery_at", "hook_delivery", ["at"])
    op.create_index(
        "ix_hook_delivery_due",
        "hook_delivery",
        ["hook_id", "due_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "hook_attempt",
        sa.Column("delivery_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "fault IN ('unknown_host', 'forbidden', 'refused', 'certificate', 'slow', 'redirect',"
            " 'status')",
            name=op.f("ck_hook_attempt_fault"),
        ),
        sa.CheckConstraint("milliseconds >= 0", name=op.f("ck_hook_attempt_milliseconds")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["hook_delivery.id"],
            name=op.f("fk_hook_attempt_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_hook_attempt")),
    )


def _cases() -> str:
    """SQL that names what is told of an act, null for all else."""
    whens = (
        f"WHEN subject = '{subject}' AND act IN ({', '.join(repr(one) for one in acts)})"
        f" THEN '{kind}'"
        for subject, kinds in KINDS.items()
        for kind, acts in kinds.items()
    )
    return f"CASE {' '.join(whens)} END"


def _trigger() -> None:
    """One delivery for each hook that wants the act; a job for the worker, one a transaction.

    Who is told is who may read the record: the firm its own acts, an office those of its street.
    The job's word carries the transaction, so that two of them never wait for one another.
    """
    op.execute(
        """
        CREATE FUNCTION ask_for_hooks() RETURNS void LANGUAGE sql AS $$
            INSERT INTO jobs.procrastinate_jobs
                (queue_name, task_name, priority, queueing_lock, args)
            VALUES ('hooks', 'send_hooks', 0, 'send_hooks:' || pg_current_xact_id(),
                '{"scope_kind": "platform", "scope_key": "", "person": ""}')
            ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
        $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION tell_hooks() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
        BEGIN
            INSERT INTO hook_delivery (id, hook_id, event_id, kind, at, firm_id, subject,
                subject_id, state, due_at, tries, tries_before)
            SELECT gen_random_uuid(), hook.id, act.id, named.kind, act.at, act.firm_id,
                act.subject, act.subject_id, 'waiting', act.at, 0, 0
            FROM fresh act
            CROSS JOIN LATERAL (SELECT hook_kind(act.subject, act.act) AS kind) named
            JOIN hook ON named.kind = ANY (hook.chosen) AND (
                (hook.kind = 'firm' AND hook.key = act.firm_id::text)
                OR (hook.kind = 'office' AND hook.key = act.street_code));
            IF FOUND THEN
                PERFORM ask_for_hooks();
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for name in ("ask_for_hooks()", "tell_hooks()"):
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER tell_hooks AFTER INSERT ON event REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION tell_hooks()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER tell_hooks ON event")
    op.execute("DROP FUNCTION tell_hooks()")
    op.execute("DROP FUNCTION ask_for_hooks()")
    op.execute("DROP FUNCTION hook_kind(text, text)")
    for table in ("hook_attempt", "hook_delivery", "hook_pulse", "hook"):
        op.drop_table(table)
