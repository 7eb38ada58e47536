"""Whose a row is, said in Python from design.md: the tests hold the database against it.

It knows every row, the policies do not: what a scope is shown must be what this page grants.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import Scope, ScopeKind
from tests.isolation import oracle_packs as packs
from tests.isolation.tables import MODELS

Row = dict[str, Any]
GOVERNMENT = (ScopeKind.OFFICE, ScopeKind.BUREAU)
OFFICE_ACTS = {
    "balance": {"INSERT", "UPDATE"},
    "balance_dispute": {"INSERT", "UPDATE"},
    "adjustment": {"INSERT", "UPDATE"},
    "assessment_release": {"INSERT"},
    "claim_dossier": {"UPDATE"},
    "clawback": {"INSERT", "UPDATE"},
    "closed_month": {"INSERT", "DELETE"},
    "event": {"INSERT"},
    "line_query": {"INSERT", "UPDATE"},
    "line_entry": {"INSERT"},
    "line_file": {"INSERT"},
    "line_file_content": {"INSERT"},
    "overdue_month": {"UPDATE"},
    "premises_report": {"UPDATE"},
    "statement": {"UPDATE"},
    "statement_line": {"UPDATE"},
    "statement_seal": {"INSERT"},
}
"""What an office does to a firm's rows of its street when it reviews."""
BUREAU_ACTS = {"event": {"INSERT"}, "line_appeal": {"UPDATE"}}
"""What a bureau does to a firm's rows of its district when it decides."""
FIRMS_OWN = {
    "pairing": ("draft",),
    "claim_dossier": ("draft", "ready"),
    "late_entry": ("asked", "refused", "withdrawn"),
    "session_correction": ("asked", "refused", "withdrawn"),
    "write_off": ("asked", "refused"),
}
"""States of rows that only the firm reads, until it has agreed to them."""
SHARED_SINCE = {"pairing_activity": "shared_at", "statement": "submitted_at"}
"""Columns that say since when government is shown a row."""
APPEND_ONLY = {
    "acceptance",
    "account_event",
    "event",
    "instalment_payment",
    "line_entry",
    "line_file",
    "paper_code",
    "premises_step",
    "receipt_allocation",
    "spot_draw",
    "statement_freeze",
    "statement_seal",
}
WITH = {
    "correction_file": ("session_correction", "correction_id"),
    "correction_file_content": ("correction_file", "file_id"),
    "activity_adviser": ("pairing_activity", "activity_id"),
    "activity_photo": ("pairing_activity", "activity_id"),
    "pairing_item": ("pairing", "pairing_id"),
    "pairing_project": ("pairing", "pairing_id"),
    "planned_activity": ("pairing", "pairing_id"),
    "late_file": ("late_entry", "entry_id"),
    "photo_content": ("session_photo", "photo_id"),
    "session_answer": ("duty_session", "session_id"),
    "service_file": ("service_record", "service_id"),
    "service_file_content": ("service_file", "file_id"),
    "service_follow_up": ("service_record", "service_id"),
    "session_photo": ("duty_session", "session_id"),
    "statement_line": ("statement", "statement_id"),
}
"""Tables whose rows are seen with the row that a column names."""
BY_TRIGGERS = {"chain_day", "event_link"}
"""Tables that only the triggers of the database write."""


@dataclass
class Oracle:
    """Every row of the database, by table."""

    rows: dict[str, list[Row]]

    def sees(self, scope: Scope | None, table: str, row: Row) -> bool:
        """Whether `scope` is to be shown a row."""
        if scope is None:
            return False
        match MODELS[table].data_class:
            case DataClass.REFERENCE:
                return True
            case DataClass.PLATFORM:
                return scope.kind is ScopeKind.PLATFORM or self._sees_account(scope, table, row)
            case DataClass.FIRM_PRIVATE:
                return owns(scope, row)
            case DataClass.FIRM_SHARED:
                return owns(scope, row) or (
                    scope.kind in GOVERNMENT and self._is_shared(scope, table, row)
                )
            case DataClass.OFFICE:
                return (
                    (scope.kind in GOVERNMENT and is_of(scope, row))
                    or (owns(scope, row) and self._is_published(table, row))
                    or self._is_rule_of(scope, table, row)
                    or self._is_premises_of(scope, table, row)
                    or (table == "review_rule" and scope.kind is ScopeKind.FIRM)
                )
            case DataClass.BUREAU:
                return packs.sees(scope, table, row)
            case _:
                raise LookupError(f"the oracle must know the class of {table}")

    def writes(self, scope: Scope | None, table: str, row: Row, verb: str) -> bool:
        """Whether `scope` may INSERT, UPDATE or DELETE a row."""
        if table in BY_TRIGGERS:
            return False
        if scope is None or (table in APPEND_ONLY and verb != "INSERT"):
            return False
        if MODELS[table].data_class in (DataClass.REFERENCE, DataClass.PLATFORM):
            own_account = table == "membership" and owns(scope, row)
            return scope.kind is ScopeKind.PLATFORM or own_account
        if MODELS[table].data_class is DataClass.BUREAU:
            return packs.owns(scope, table, row)
        if MODELS[table].data_class is DataClass.OFFICE:
            is_own = scope.kind is ScopeKind.OFFICE and is_of(scope, row)
            return is_own or (owns(scope, row) and self._answers(table, row, verb))
        return owns(scope, row) or self._acts_on(scope, table, row, verb)

    def _acts_on(self, scope: Scope, table: str, row: Row, verb: str) -> bool:
        """Whether government reviews or decides that way on a firm's row."""
        if scope.kind is ScopeKind.BUREAU:
            decides = verb in BUREAU_ACTS.get(table, ())
            return decides and is_of(scope, row) and self.sees(scope, table, row)
        if scope.kind is not ScopeKind.OFFICE or verb not in OFFICE_ACTS.get(table, ()):
            return False
        return row.get("street_code") == scope.key and self.sees(scope, table, row)

    def _is_premises_of(self, scope: Scope, table: str, row: Row) -> bool:
        """Whether it is a room, its photo or an issue where a firm has agreed to serve."""
        if table == "premises_file":
            rooms = [one for one in self.rows["premises"] if one["id"] == row["premises_id"]]
            return any(self._is_premises_of(scope, "premises", room) for room in rooms)
        if scope.kind is not ScopeKind.FIRM or table not in ("premises", "premises_issue"):
            return False
        agreed = ("signed", "filed", "active", "expired", "terminated")
        contracts = {
            one["id"]
            for one in self.rows["contract"]
            if owns(scope, one) and one["status"] in agreed
        }
        return any(
            one["contract_id"] in contracts and one["community_code"] == row["community_code"]
            for one in self.rows["contract_community"]
        )

    def _is_rule_of(self, scope: Scope, table: str, row: Row) -> bool:
        """Whether it is the rule of a street that the firm has a contract in."""
        return table == "settlement_rule" and any(
            owns(scope, one) and one["street_code"] == row["street_code"]
            for one in self.rows["contract_community"]
        )

    def _is_published(self, table: str, row: Row) -> bool:
        """Whether the firm that an office's row is about is to see it."""
        if table == "performance_mark":
            return True
        if table == "spot_photo":
            return self._check_of(row)["published_at"] is not None
        return row.get("published_at") is not None

    def _answers(self, table: str, row: Row, verb: str) -> bool:
        """Whether a firm may do this to an office's row: answer what is published, show why."""
        if table == "spot_photo":
            is_open = self._check_of(row)["status"] == "published"
            return verb == "INSERT" and row["side"] == "firm" and is_open
        if table == "ledger_line":
            is_shown = row["published_at"] is not None and row["status"] != "clear"
            return verb == "UPDATE" and is_shown
        if table == "ledger_sheet":
            return verb == "UPDATE" and row["status"] == "frozen"
        return verb == "UPDATE" and row.get("status") == "published"

    def _check_of(self, photo: Row) -> Row:
        return next(one for one in self.rows["spot_check"] if one["id"] == photo["check_id"])

    def _is_shared(self, scope: Scope, table: str, row: Row) -> bool:
        if table in WITH:
            whole, column = WITH[table]
            return bool(row.get("is_shared", True)) and self._any(scope, whole, row, id=column)
        match table:
            case "statement" | "pairing_activity":
                return is_of(scope, row) and row[SHARED_SINCE[table]] is not None
            case "duty_term":
                return self._any(scope, "contract_community", row, contract_id="contract_id")
            case "contract":
                return self._any(scope, "contract_community", row, contract_id="id")
            case "scheme":
                return self._any(scope, "contract", row, scheme_id="id")
            case "scheme_version":
                return self._any(scope, "contract", row, scheme_id="scheme_id")
            case "adviser":
                places = ("assignment", "duty_session")
                return any(self._any(scope, place, row, adviser_id="id") for place in places)
            case _:
                return is_of(scope, row) and row.get("status") not in FIRMS_OWN.get(table, ())

    def _sees_account(self, scope: Scope, table: str, row: Row) -> bool:
        match table:
            case "firm" | "departure":
                firm_id = row.get("firm_id", row["id"])
                mine = scope.kind is ScopeKind.FIRM and scope.key == firm_id
                shared = scope.kind in GOVERNMENT and any(
                    one["firm_id"] == firm_id and is_of(scope, one)
                    for one in self.rows["contract_community"]
                )
                return mine or shared
            case "membership":
                return owns(scope, row) or (
                    scope.kind is ScopeKind.OFFICE and scope.key == row["street_code"]
                )
            case "person":
                return any(
                    one["person_id"] == row["id"] and self._sees_account(scope, "membership", one)
                    for one in self.rows["membership"]
                )
            case "account_event" | "factor_rule" | "admin_duty" | "long_work":
                return (row["kind"], row["key"]) == (scope.kind.value, scope.key)
            case "event_link":
                return bool(row["chain"] == f"{scope.kind.value}:{scope.key}")
            case "chain_day":
                firm = {"id": row["firm_id"]}
                served = scope.kind in GOVERNMENT and self._sees_account(scope, "firm", firm)
                return served or row["chain"] == f"{scope.kind.value}:{scope.key}"
            case _:
                return table in PAYING and owns(scope, row)

    def _any(self, scope: Scope, table: str, row: Row, **names: str) -> bool:
        """Whether `scope` sees a row of `table` of the same firm that refers to `row`."""
        return any(
            one["firm_id"] == row["firm_id"]
            and all(one[theirs] == row[ours] for theirs, ours in names.items())
            and self.sees(scope, table, one)
            for one in self.rows[table]
        )


PAYING = ("subscription", "bill", "bill_payment", "invoice_request")
"""What a firm reads of how it pays; the platform writes it."""


def owns(scope: Scope, row: Row) -> bool:
    """Whether a row is of the firm in scope."""
    return scope.kind is ScopeKind.FIRM and row.get("firm_id") == scope.key


def is_of(scope: Scope, row: Row) -> bool:
    """Whether a row is of the office's street or the bureau's district."""
    street = row["street_code"] or ""
    return bool(street == scope.key if scope.kind is ScopeKind.OFFICE else street[:6] == scope.key)


def everything(owner: Connection, firms: set[str]) -> Oracle:
    """Read every table past row security, in a transaction that is undone at once.

    firms: only their rows and the rows of no firm, for other tests make firms of their own.
    """
    rows: dict[str, list[Row]] = {}
    with owner.begin() as transaction:
        owner.execute(text("set local lock_timeout = '10s'"))
        for name in MODELS:
            owner.execute(text(f"alter table {name} no force row level security"))
        for name in MODELS:
            every = owner.scalars(text(f"select to_jsonb(t) from {name} t")).all()
            key = "id" if name == "firm" else "firm_id"
            rows[name] = [row for row in every if str(row.get(key)) in firms | {"None"}]
        transaction.rollback()
    return Oracle(rows)
