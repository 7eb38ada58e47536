"""`make test-stripe`: the cases of paying by card, against Stripe's own test mode.

It takes a key of the test mode alone, so that nobody's money moves, and ends with 0 only when every
case has run there, not at our own server, and held.
"""

import os
import re
import sys
from collections.abc import Mapping

import pytest

from tests.stripe.cases import CASES

VARIABLE = "STRIPE_TEST_SECRET_KEY"
STRIPES = "https://api.stripe.com"
WHERE = "stripe"
"""The property of a test's report that says where the case was run."""
TESTS = "tests/billing/test_stripe_cases.py::test_case"
KEY = pytest.StashKey[str]()
HOW = f"""\
{VARIABLE} is not set: nothing was run.
Copy a secret key of the test mode (sk_test_…) from https://dashboard.stripe.com/test/apikeys, then
  {VARIABLE}=sk_test_… make test-stripe
"""
NOT_TEST = f"""\
{VARIABLE} is no key of Stripe's test mode: nothing was run.
It has to begin with sk_test_ or rk_test_; a live key is never used here.
"""


class AtStripe:
    """Lets the tests run against Stripe, and counts the cases that held."""

    def __init__(self, key: str) -> None:
        """Take the key."""
        self.key = key
        self.held = 0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Tell the tests the key."""
        config.stash[KEY] = self.key

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what was done at Stripe itself."""
        was_there = (WHERE, STRIPES) in report.user_properties
        self.held += report.when == "call" and report.passed and was_there


def key_of(environment: Mapping[str, str]) -> str:
    """Return the key. Raises SystemExit, in words, without one or with one of another mode."""
    key = environment.get(VARIABLE, "").strip()
    if not key:
        raise SystemExit(HOW)
    if not re.fullmatch(r"(sk|rk)_test_\w+", key):
        raise SystemExit(NOT_TEST)
    return key


def main() -> int:
    """Run every case; return 0 when all of them held."""
    plugin = AtStripe(key_of(os.environ))
    status = int(pytest.main([TESTS, "-n", "0", "-v"], plugins=[plugin]))
    if not status and plugin.held != len(CASES):
        print(f"{plugin.held} of {len(CASES)} cases have run at Stripe", file=sys.stderr)
        return 1
    return status
