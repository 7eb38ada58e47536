"""An attempt that meets a fault of ours: the others go on, and what came of them is noted."""

from collections.abc import Mapping

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.job_faults import SomeFailedError
from counselhub.core.members import Member
from counselhub.hooks import posting, sending
from tests.factories import Tenant
from tests.hooks.conftest import Made, act, deliveries, make_hook, send
from tests.hooks.receiver import Receiver, receiving


def test_an_attempt_that_meets_a_fault_holds_up_no_other(
    app: Flask,
    tenant: Tenant,
    manager: Member,
    hook: Made,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the others answered is noted all the same: nothing is sent to them a second time."""
    with receiving() as elsewhere:
        other = make_hook(app, manager, elsewhere.address)
        act(app, tenant, manager)
        post = posting.post

        def meet_a_fault(
            address: str, body: bytes, headers: Mapping[str, str], *, inside: bool
        ) -> posting.Outcome:
            if address == receiver.address:
                raise LookupError
            return post(address, body, headers, inside=inside)

        monkeypatch.setattr(posting, "post", meet_a_fault)
        with pytest.raises(SomeFailedError) as failed:
            send(app)
        (waits,) = deliveries(app, hook)
        assert [one.whose for one in failed.value.faults] == [f"delivery:{waits.id}"]
        assert waits.state == "waiting"
        assert [one.state for one in deliveries(app, other)] == ["sent"]
        monkeypatch.undo()
        with clock.frozen(clock.now() + sending.CLAIM):
            assert send(app) == 1
        assert (len(receiver.ids), len(elsewhere.ids)) == (1, 1)
