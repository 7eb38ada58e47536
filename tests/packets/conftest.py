"""Two firms of one street: the first has a referral on which a client agreed to another firm."""

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from counselhub.clients import actions as clients
from counselhub.clients.actions import ClientEntry
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.packets.models import Packet, PacketReceived
from counselhub.people.models import Firm as FirmRow
from counselhub.services.models import ServiceRecord
from tests import factories
from tests.factories import Tenant
from tests.referrals import conftest as referrals
from tests.referrals.conftest import Firm

noon, firm, asked = referrals.noon, referrals.firm, referrals.asked
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NAME, PHONE = "甄有其", "13800000001"
MASKED = "138****0001"


class Two:
    """The sender, the receiver, and what each side has."""

    def __init__(self, firm: Firm, other: Tenant, referral_id: UUID, other_name: str) -> None:
        self.firm, self.other, self.other_name = firm, other, other_name
        self.referral = f"/referrals/{referral_id}"
        self.sender = firm.client(firm.fourth_id, Role.MANAGER)
        self.receiver = factories.signed_in(firm.app, other.scope, Role.MANAGER)
        self.clerk = factories.signed_in(firm.app, other.scope, Role.CLERK)

    def form(self, **changed: Any) -> dict[str, Any]:
        """What is sent to send the words and the client, but for `changed`."""
        given = {
            "to_name": self.other_name,
            "fields": ["words", "client"],
            "consent_on": "2026-10-08",
            "consent_how": "written",
            "days": "7",
            "paper": (io.BytesIO(PDF), "同意书.pdf"),
        }
        return {name: value for name, value in (given | changed).items() if value is not None}

    def send(self, **changed: Any) -> str:
        """Send it; returns the sender's page."""
        answer = self.sender.post(f"{self.referral}/packets", data=self.form(**changed))
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def opened(self, **changed: Any) -> tuple[str, str]:
        """Send it, check it, open it; returns both pages."""
        sent = self.send(**changed)
        page = self.there(sent)
        assert self.receiver.post(f"{page}/check").status_code == 303
        assert self.receiver.post(f"{page}/opening").status_code == 303
        return sent, page

    @staticmethod
    def there(sent: str) -> str:
        """The receiver's page of the sender's."""
        return f"/packets/received/{sent.rpartition('/')[2]}"

    def rows(self, sent: str) -> tuple[Packet, PacketReceived]:
        """Both rows as they now are."""
        packet_id = UUID(sent.rpartition("/")[2])
        with self.firm.inside():
            here = db.session.get_one(Packet, (self.firm.tenant.firm_id, packet_id))
        with self.firm.app.test_request_context(), as_scope(self.other.scope):
            there = db.session.get_one(PacketReceived, (self.other.firm_id, packet_id))
        return here, there


@pytest.fixture
def named(firm: Firm) -> Callable[[str, str], None]:
    """Register the client of the service."""

    def name(who: str, phone: str) -> None:
        with firm.inside():
            record = db.session.get_one(ServiceRecord, (firm.tenant.firm_id, firm.service_id))
            clients.attach(record, ClientEntry(who, phone), by=firm.tenant.member())
            db.session.commit()

    return name


@pytest.fixture
def two(app: Flask, firm: Firm, outsider: Tenant, asked: Callable[..., UUID], named: Any) -> Two:
    """The two firms; the client is registered, both firms have names of their own."""
    named(NAME, PHONE)
    names = {
        firm.tenant.firm_id: f"某甲{firm.tenant.code}所",
        outsider.firm_id: f"某乙{outsider.code}所",
    }
    with app.test_request_context(), as_platform():
        for firm_id, name in names.items():
            db.session.execute(update(FirmRow).where(FirmRow.id == firm_id).values(name=name))
        db.session.commit()
    return Two(firm, outsider, asked(), names[outsider.firm_id])


@pytest.fixture
def office(app: Flask, two: Two) -> FlaskClient:
    """The checker of the street of both."""
    return factories.signed_in(app, two.firm.tenant.town.scope, Role.CHECKER)
