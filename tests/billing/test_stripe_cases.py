"""Each case of paying by card, by the very functions that `make test-stripe` runs at Stripe."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import time
from typing import Literal

import pytest
from flask import Flask

from counselhub.core import clock
from tests.billing.conftest import PAID
from tests.factories import Tenant
from tests.stripe.cases import CASES, Scene
from tests.stripe.desk import Desk
from tests.stripe.mode import HOW, KEY, NOT_TEST, STRIPES, VARIABLE, WHERE, AtStripe
from tests.stripe.own import SECRET, OwnStripe
from tests.stripe.server import served

BEGINS = clock.instant(PAID, time(12))
"""Noon, so that a day is the same one for Stripe and in Shanghai."""


@pytest.fixture
def address(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Iterator[str]:
    """Where Stripe is: our own on the loopback, or with a key its test mode."""
    if KEY in request.config.stash:
        record_property(WHERE, STRIPES)
        yield STRIPES
        return
    with served(OwnStripe(BEGINS)) as own:
        record_property(WHERE, own)
        yield own


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    app: Flask,
    paying: Tenant,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Scene]:
    """A firm that may buy, and its customer."""
    key = request.config.stash.get(KEY, "sk_test_our_own")
    monkeypatch.setitem(app.config, "STRIPE_KEY", key)
    monkeypatch.setitem(app.config, "STRIPE_WEBHOOK_SECRET", SECRET)
    monkeypatch.setitem(app.config, "STRIPE_API", address)
    desk = Desk(key, address, BEGINS)
    yield Scene(app, paying, desk)
    desk.close()


@pytest.mark.parametrize("name", CASES)
def test_case(scene: Scene, name: str) -> None:
    CASES[name](scene)


def test_the_six_cases_are_there() -> None:
    assert set(CASES) == {
        "upgrade",
        "downgrade",
        "failure",
        "cancellation",
        "refund",
        "dispute",
    }


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("", HOW, id="none"),
        pytest.param("sk_live_0000", NOT_TEST, id="a live one"),
        pytest.param("rk_live_0000", NOT_TEST, id="a restricted live one"),
        pytest.param("whsec_sk_test_0000", NOT_TEST, id="something else"),
    ],
)
def test_the_command_refuses(key: str, said: str) -> None:
    """It ends with an error, says why and never says the key."""
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    asked = [sys.executable, "-m", "tests.stripe"]
    done = subprocess.run(
        asked, env=environment | {VARIABLE: key}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == said.strip()
    assert not key or key not in done.stderr


@pytest.mark.parametrize(
    ("where", "outcome", "held"),
    [
        pytest.param(STRIPES, "passed", 1, id="held at Stripe"),
        pytest.param(STRIPES, "skipped", 0, id="skipped"),
        pytest.param("http://127.0.0.1:21200", "passed", 0, id="held at our own server"),
    ],
)
def test_only_what_held_at_stripe_counts(
    where: str, outcome: Literal["passed", "skipped"], held: int
) -> None:
    plugin = AtStripe("sk_test_0000")
    plugin.pytest_runtest_logreport(
        pytest.TestReport(
            "test_case", ("", 0, ""), {}, outcome, None, "call", user_properties=[(WHERE, where)]
        )
    )
    assert plugin.held == held
