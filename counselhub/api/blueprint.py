"""The interface as one piece: its operations, and what it says of itself."""

from importlib import import_module

from counselhub.api.operations import OPERATIONS, bp

RESOURCES = (
    "places",
    "advisers",
    "contracts",
    "assignments",
    "duty",
    "shifts",
    "services",
    "referrals",
    "handovers",
    "statements",
    "ledgers",
    "ledger_imports",
    "describing",
)
for name in RESOURCES:
    import_module(f"counselhub.api.{name}")

__all__ = ["OPERATIONS", "bp"]
