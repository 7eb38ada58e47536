"""Row security by data class: what a migration calls for each new table.

The class of a table decides its policies (docs/architecture.md has the table of classes). Policies
read the transaction's scope through three SQL functions; each is null outside its kind of scope, so
that no scope means no rows.
"""

from enum import StrEnum

APP_ROLE = "counselhub_app"

FIRM = "firm_id = (select scope_firm())"
STREET = "street_code = (select scope_street())"
DISTRICT = "left(street_code, 6) = (select scope_district())"
PLATFORM = "(select scope_kind()) = 'platform'"
ANYONE = "(select scope_kind()) is not null"
OWN_DISTRICT = "district_code = (select scope_district())"
OWNER = f"CASE WHEN street_code IS NULL THEN {OWN_DISTRICT} ELSE {STREET} END"
"""A bureau's row names its district alone; one of a street office names its street too."""
FROM_ABOVE = (
    "district_code = left((select scope_street()), 6)"
    " AND (street_code IS NULL OR street_code = (select scope_street()))"
)
"""What an office reads of the bureau above it, and of its own."""


class DataClass(StrEnum):
    """Whose data a table holds; a test fails on a table in none."""

    REFERENCE = "reference"
    FIRM_PRIVATE = "firm_private"
    FIRM_SHARED = "firm_shared"
    OFFICE = "office"
    BUREAU = "bureau"
    PLATFORM = "platform"


def row_security(
    table: str,
    data_class: DataClass,
    *,
    office: str | None = STREET,
    bureau: str | None = DISTRICT,
    office_acts: tuple[str, ...] = (),
    bureau_acts: tuple[str, ...] = (),
    readers: dict[str, str] | None = None,
    append_only: bool = False,
    by_street: bool = False,
) -> list[str]:
    """Return the statements that put `table` under its class; also its grants.

    office, bureau: the condition under which they read a shared row (the street's by default;
    None where a later migration adds it). A bureau's table has both conditions of its own; firms
    read of it what `readers` say. office_acts: what else the office does to such a row
    when it reviews (INSERT, UPDATE, DELETE); bureau_acts: likewise the bureau when it decides.
    readers: further SELECT policies, name to condition. append_only: no UPDATE or DELETE at all.
    by_street: each row of a bureau's table is of one street, whose office reads it as the bureau
    does, and no other.
    """
    policies = _policies(data_class, office, bureau, office_acts)
    policies |= {f"bureau_{act.lower()}": _act(act, bureau or DISTRICT) for act in bureau_acts}
    if by_street:
        policies |= _of_owner(f"{OWN_DISTRICT} OR {STREET}", STREET)
    policies |= {name: f"FOR SELECT USING ({rule})" for name, rule in (readers or {}).items()}
    verbs = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        *(f"CREATE POLICY {name} ON {table} {rule}" for name, rule in policies.items()),
        f"GRANT {verbs} ON {table} TO {APP_ROLE}",
    ]


def reads(table: str, name: str, condition: str) -> str:
    """Return the statement that lets `name` read rows of `table` under `condition`."""
    return f"CREATE POLICY {name} ON {table} FOR SELECT USING ({condition})"


def callable_by_app(function: str) -> list[str]:
    """Return the statements that let the application, and nobody else, call `function`.

    function: name and argument types. PostgreSQL lets everybody call what a migration makes.
    """
    return [
        f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {function} TO {APP_ROLE}",
    ]


def _policies(
    data_class: DataClass, office: str | None, bureau: str | None, office_acts: tuple[str, ...]
) -> dict[str, str]:
    platform = f"USING ({PLATFORM}) WITH CHECK ({PLATFORM})"
    match data_class:
        case DataClass.REFERENCE:
            return {"anyone_reads": f"FOR SELECT USING ({ANYONE})", "platform_writes": platform}
        case DataClass.PLATFORM:
            return {"platform_writes": platform}
        case DataClass.FIRM_PRIVATE:
            return {"firm_owns": f"USING ({FIRM}) WITH CHECK ({FIRM})"}
        case DataClass.FIRM_SHARED:
            return _shared(office, bureau, office_acts)
        case DataClass.OFFICE:
            return {
                "office_owns": f"USING ({STREET}) WITH CHECK ({STREET})",
                "bureau_reads": f"FOR SELECT USING ({DISTRICT})",
            }
        case DataClass.BUREAU:
            return _of_owner(OWNER, FROM_ABOVE)


def _shared(office: str | None, bureau: str | None, office_acts: tuple[str, ...]) -> dict[str, str]:
    """The policies of a firm's table that government reads."""
    policies = {"firm_owns": f"USING ({FIRM}) WITH CHECK ({FIRM})"}
    if office:
        policies["office_reads"] = f"FOR SELECT USING ({office})"
        policies |= {f"office_{act.lower()}": _act(act, office) for act in office_acts}
    if bureau:
        policies["bureau_reads"] = f"FOR SELECT USING ({bureau})"
    return policies


def _of_owner(owner: str, office: str) -> dict[str, str]:
    """The policies of a bureau's table. office: what an office reads of it."""
    return {
        "owner_owns": f"USING ({owner}) WITH CHECK ({owner})",
        "office_reads": f"FOR SELECT USING ({office})",
        "bureau_reads": f"FOR SELECT USING ({OWN_DISTRICT})",
    }


def _act(act: str, condition: str) -> str:
    checks = {
        "INSERT": f"WITH CHECK ({condition})",
        "UPDATE": f"USING ({condition}) WITH CHECK ({condition})",
        "DELETE": f"USING ({condition})",
    }
    return f"FOR {act} {checks[act]}"
