"""What a firm does with its statements, a file to each verb."""

from counselhub.statements.actions.account import set_account
from counselhub.statements.actions.author import certifier_differs, set_certifier_differs
from counselhub.statements.actions.batch import Outcome, run
from counselhub.statements.actions.compute import compute
from counselhub.statements.actions.months import ask_batch
from counselhub.statements.actions.passing import certify, reopen, resubmit, submit, void

__all__ = [
    "Outcome",
    "ask_batch",
    "certifier_differs",
    "certify",
    "compute",
    "reopen",
    "resubmit",
    "run",
    "set_account",
    "set_certifier_differs",
    "submit",
    "void",
]
