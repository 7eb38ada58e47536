"""What is kept of a party is sealed, and opens again."""

import pytest
from flask import Flask
from sqlalchemy import text

from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.matters import queries, seals
from counselhub.matters.kinds import PartyRole
from tests.factories import Tenant
from tests.matters.conftest import (
    CLIENT,
    ID_ONE,
    MakeMatter,
    party,
    stored,
)

pytestmark = pytest.mark.usefixtures("noon")
PHONE, CODE = "13800000027", "91350100M000100Y43"


def test_marks_are_sealed_and_open_again(
    app: Flask, tenant: Tenant, make_matter: MakeMatter
) -> None:
    matter_id = make_matter(
        party(PartyRole.CLIENT, CLIENT, phone=PHONE, identity=ID_ONE, aliases="阿有\n小甄"),
        party(PartyRole.OPPONENT, "某某物业有限公司", org=True, identity=CODE),
    )
    with app.test_request_context(), as_scope(tenant.scope):
        whole = (
            db.session.execute(
                text(
                    "select to_jsonb(p)::text from matter_party p"
                    " union all select to_jsonb(k)::text from party_key k"
                )
            )
            .scalars()
            .all()
        )
        for secret in (CLIENT, PHONE, ID_ONE, "阿有", CODE, "有限公司"):
            assert not [row for row in whole if secret in row], secret
        person, company = queries.parties_of(stored(tenant, matter_id))
        assert seals.opened(person) == seals.Marks(CLIENT, "阿有\n小甄", PHONE, ID_ONE)
        shown = seals.shown(person)
        assert (shown.name, shown.phone) == ("甄**", "138****0027")
        assert shown.identity == "4403**********0010"
        assert shown.aliases == "阿**、小**"
        assert seals.shown(company).name == "某某物业有限公司"
        assert (person.near, company.near) == (None, "某某物业")
