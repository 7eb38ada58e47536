"""Conditions that the options of tables are made of: SQL, {} a part of the table's own."""

GOVERNMENT = "(select scope_kind()) IN ('office', 'bureau') AND ({})"
COVERED = "EXISTS (SELECT FROM contract_community c WHERE c.firm_id = {})"
SEEN_STATEMENT = (
    "EXISTS (SELECT FROM statement s"
    " WHERE s.firm_id = statement_line.firm_id AND s.id = statement_line.statement_id)"
)
SIGNED = "{} AND status <> 'draft'"
SHARED = "{} AND shared_at IS NOT NULL"
DECLARED = "{} AND status NOT IN ('draft', 'ready')"
AGREED = "{} AND status IN ('applied', 'to_adjust', 'adjusted')"
ACTIVATED = "(select scope_kind()) = 'firm' AND {} IS NOT NULL"
SEEN_CHECK = (
    "EXISTS (SELECT FROM spot_check c"
    " WHERE c.firm_id = spot_photo.firm_id AND c.id = spot_photo.check_id{})"
)
LET_GO = "{} AND status NOT IN ('asked', 'refused')"
SUBMITTED = "{} AND submitted_at IS NOT NULL"
KEY = "nullif(current_setting('app.scope_key', true), '')"
OWN_PLACE = f"kind = (select scope_kind()) AND key = (select {KEY})"
OWN_CHAIN = f"chain = (select scope_kind() || ':' || coalesce({KEY}, ''))"
SERVED = (
    "EXISTS (SELECT FROM contract_community c JOIN contract k"
    " ON k.firm_id = c.firm_id AND k.id = c.contract_id"
    " WHERE c.firm_id = (select scope_firm()) AND c.community_code = {}.community_code"
    " AND k.status IN ('signed', 'filed', 'active', 'expired', 'terminated'))"
)
SHOWN_ROOM = (
    "kind = 'room' AND (select scope_firm()) IS NOT NULL"
    " AND EXISTS (SELECT FROM premises p WHERE p.id = premises_file.premises_id)"
)
