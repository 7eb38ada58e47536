"""Acts of firm, office and job in any order: what must hold of the money whatever happened."""

import os
from collections.abc import Callable
from datetime import date
from functools import partial

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from tests.money.firm import SOME_MONTH, FirmActs
from tests.money.kept import Kept
from tests.money.street import OfficeActs
from tests.money.world import MONTHS, World

DECEMBER = date(2026, 12, 1)
STAGES = st.integers(0, 3)
DEEP = os.environ.get("COUNSELHUB_DEEP") == "1"
DEPTH = settings(
    max_examples=200 if DEEP else 6,
    stateful_step_count=60 if DEEP else 20,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # to shrink what takes seconds takes hours
    print_blob=True,
)


class Money(FirmActs, OfficeActs, Kept):
    """One firm, one street, four months that are over, and everything that is done to them."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.world = World(app)
        self.sealed = {}
        self.usual: list[Callable[[date], None]] = [
            self.hand_in,
            self.pass_on,
            self.pay,
        ]

    @initialize(stages=st.tuples(*[STAGES] * len(MONTHS)))
    def begin(self, stages: tuple[int, ...]) -> None:
        """Begin with months that have come some way."""
        for month, stage in zip(MONTHS, stages, strict=True):
            self.go_on(month, stage)

    @rule(month=SOME_MONTH, stages=STAGES)
    def go_on(self, month: date, stages: int) -> None:
        """Do what usually comes next, so many times."""
        for act in self.usual[:stages]:
            act(month)

    @rule()
    def reckon_up(self) -> None:
        """Work out anew what is still open, and the month that follows: nothing may be lost."""
        for month in (*MONTHS, DECEMBER):
            self.reopen(month)
            self.compute(month)
        self.rests_are_handed_on_once()

    def teardown(self) -> None:
        """Whatever happened, it adds up in the end."""
        try:
            self.reckon_up()
            self.everything_holds()
        finally:
            self.world.close()


def test_whatever_happens_in_whatever_order(app: Flask) -> None:
    run_state_machine_as_test(partial(Money, app), settings=DEPTH)
