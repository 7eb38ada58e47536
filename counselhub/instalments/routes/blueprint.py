"""The blueprint of instalments, and the words that its pages share."""

from typing import Any

from flask import Blueprint

from counselhub.contracts.kinds import ContractKind, PaidBy
from counselhub.core import clock
from counselhub.instalments.kinds import (
    TONES,
    Condition,
    InstalmentStatus,
    InvoiceKind,
    Subject,
)
from counselhub.instalments.rules import bucket_of

bp = Blueprint("instalments", __name__)


def words() -> dict[str, Any]:
    """Return the classes of codes that pages word."""
    return {
        "Status": InstalmentStatus,
        "Subject": Subject,
        "Condition": Condition,
        "InvoiceKind": InvoiceKind,
        "PaidBy": PaidBy,
        "ContractKind": ContractKind,
        "tones": TONES,
        "today": clock.today(),
        "bucket_of": bucket_of,
    }
