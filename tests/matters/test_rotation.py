"""A change of keys seals parties anew, and they are found under the new key."""

import pytest
from flask import Flask

from counselhub.core import data_keys, sealing
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.matters import conflicts, queries, rotation, seals
from counselhub.matters.kinds import PartyRole
from tests.factories import Tenant
from tests.matters.conftest import CLIENT, ID_ONE, MakeMatter, party, stored

pytestmark = pytest.mark.usefixtures("noon")
R = PartyRole


def test_parties_move_to_the_new_key(app: Flask, tenant: Tenant, make_matter: MakeMatter) -> None:
    matter_id = make_matter(party(R.CLIENT, CLIENT, identity=ID_ONE, aliases="阿有"))
    before = app.extensions["data_keys"]
    ring = sealing.parse(sealing.new_key("newer"))
    both = sealing.KeyRing({**ring.keys, **before.keys})
    asked = [party(R.OPPONENT, CLIENT).asked]
    try:
        with app.test_request_context():
            app.extensions["data_keys"] = both
            data_keys.writing_ring()
            with as_scope(tenant.scope):
                assert conflicts.check(asked, by=tenant.member()).findings, "found by the old key"
                db.session.rollback()
            resealed, needed = rotation.reseal(both)
            assert resealed >= 1
            assert needed == set()
            assert rotation.reseal(both) == (0, set()), "nothing is left to do"
            app.extensions["data_keys"] = ring
            with as_scope(tenant.scope):
                row = queries.parties_of(stored(tenant, matter_id))[0]
                assert seals.opened(row) == seals.Marks(CLIENT, "阿有", "", ID_ONE)
                assert conflicts.check(asked, by=tenant.member()).findings
                db.session.rollback()
            app.extensions["data_keys"] = sealing.KeyRing({**before.keys, **ring.keys})
            rotation.reseal(app.extensions["data_keys"])
            db.session.commit()
    finally:
        app.extensions["data_keys"] = before


def test_what_does_not_open_stays(app: Flask, tenant: Tenant, make_matter: MakeMatter) -> None:
    matter_id = make_matter()
    before = app.extensions["data_keys"]
    other = sealing.parse(sealing.new_key("other"))
    try:
        with app.test_request_context(), as_scope(tenant.scope):
            app.extensions["data_keys"] = other
            row = queries.parties_of(stored(tenant, matter_id))[0]
            assert seals.opened(row) is None
            assert seals.shown(row).is_unreadable
    finally:
        app.extensions["data_keys"] = before
