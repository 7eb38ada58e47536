"""A rehearsal that meets a fault waits for the next run; all others are done."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from counselhub.core.db import db
from counselhub.core.job_faults import SomeFailedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_scope
from counselhub.packs import rehearsing
from counselhub.packs.models import PackRehearsal
from tests import factories
from tests.packs import make


def test_a_rehearsal_that_cannot_be_done_holds_up_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[UUID, Scope] = {}
    for owner in (make.bureau_of(factories.town(app)) for _each in range(2)):
        with app.test_request_context(), as_scope(owner):
            version = make.pack(owner, make.draft()).versions[0]
            by = make.member(owner, Role.ASSESSOR)
            asked[rehearsing.ask(version, 1, by=by).id] = owner
            db.session.commit()
    first, last = sorted(asked, key=lambda one: asked[one].key)
    rehearse = rehearsing._rehearse

    def meet_a_fault(rehearsal_id: UUID, owner: Scope) -> None:
        if rehearsal_id == first:
            db.session.execute(text("select 1 / 0"))
        rehearse(rehearsal_id, owner)

    monkeypatch.setattr(rehearsing, "_rehearse", meet_a_fault)
    with app.test_request_context(), pytest.raises(SomeFailedError) as failed:
        rehearsing.run()
    assert [one.whose for one in failed.value.faults] == [
        f"bureau:{asked[first].key} rehearsal:{first}"
    ]
    assert [status(app, asked[one], one) for one in (first, last)] == ["queued", "done"]
    monkeypatch.undo()
    for _minute in range(2):
        with app.test_request_context():
            rehearsing.run()
    assert [status(app, asked[one], one) for one in (first, last)] == ["done", "done"]


def status(app: Flask, owner: Scope, rehearsal_id: UUID) -> str:
    with app.test_request_context(), as_scope(owner):
        query = select(PackRehearsal.status).where(PackRehearsal.id == rehearsal_id)
        return db.session.scalars(query).one()
