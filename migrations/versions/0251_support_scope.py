"""What a visit of the operator sees: scopes of their own kinds, to which few policies answer.

A visit tells `support_firm` or `support_office` where its host would tell `firm` or `office`, so
that none of the policies of those answers to it. Whatever is not named here stays hidden, the
tables of later migrations too.
"""

from alembic import op

from counselhub.core.row_security import callable_by_app

revision = "0251_support_scope"
down_revision = "0250_support"

KEY = "nullif(current_setting('app.scope_key', true), '')"
SCOPES = (("support_firm", "uuid"), ("support_street", "text"))
KINDS = {"support_firm": "support_firm", "support_street": "support_office"}
FIRM = "firm_id = (select support_firm())"
STREET = "street_code = (select support_street())"
OF_FIRM = (
    "adviser",
    "assignment",
    "chosen_street",
    "contract",
    "contract_community",
    "duty_slot",
    "duty_term",
    "membership",
    "roster_month",
    "roster_rule",
    "scheme",
    "scheme_version",
    "skipped_step",
)
READS = {
    "firm": "id = (select support_firm()) OR ((select support_street()) IS NOT NULL"
    " AND EXISTS (SELECT FROM contract_community c WHERE c.firm_id = firm.id))",
    **dict.fromkeys(OF_FIRM, FIRM),
    "assignment": f"{FIRM} OR {STREET}",
    "contract_community": f"{FIRM} OR {STREET}",
    "duty_slot": f"{FIRM} OR {STREET}",
    "membership": f"{FIRM} OR {STREET}",
    "adviser": f"{FIRM} OR ((select support_street()) IS NOT NULL AND EXISTS (SELECT"
    " FROM assignment a WHERE a.firm_id = adviser.firm_id AND a.adviser_id = adviser.id))",
}
"""Standing data and plans. No evidence, service, client, case, amount or record of acts."""
WRITES = {"assignment": ("INSERT", "UPDATE"), "event": ("INSERT",)}
CHECKS = {"INSERT": "WITH CHECK ({0})", "UPDATE": "USING ({0}) WITH CHECK ({0})"}


def upgrade() -> None:
    """Make the functions and the policies."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, type_ in SCOPES:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS {type_} LANGUAGE sql STABLE PARALLEL SAFE AS $$"
            f" SELECT CASE WHEN current_setting('app.scope_kind', true) = '{KINDS[name]}'"
            f" THEN {KEY}::{type_} END $$"
        )
        for statement in callable_by_app(f"{name}()"):
            op.execute(statement)
    for table, condition in READS.items():
        op.execute(f"CREATE POLICY support_reads ON {table} FOR SELECT USING ({condition})")
    for table, acts in WRITES.items():
        for act in acts:
            check = CHECKS[act].format(FIRM)
            op.execute(f"CREATE POLICY support_{act.lower()} ON {table} FOR {act} {check}")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, acts in WRITES.items():
        for act in acts:
            op.execute(f"DROP POLICY support_{act.lower()} ON {table}")
    for table in READS:
        op.execute(f"DROP POLICY support_reads ON {table}")
    for name, _type in SCOPES:
        op.execute(f"DROP FUNCTION {name}()")
