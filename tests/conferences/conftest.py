"""The firm of the referrals' tests with a referral that its second lawyer handles."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from counselhub.conferences import queries
from counselhub.conferences.models import Conference, ConferenceSeat
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.referrals import offering
from counselhub.referrals.models import Referral
from tests.referrals import conftest as referrals
from tests.referrals.conftest import Firm

noon, firm, asked, formed = (
    referrals.noon,
    referrals.firm,
    referrals.asked,
    referrals.formed,
)
PLAN = {
    "title": "九人欠薪如何追索",
    "day": "2026-10-08",
    "starts": "15:00",
    "ends": "16:30",
    "mode": "on_site",
    "place": "所里二楼会议室",
    "agenda": "一、听取承办律师介绍\n2. 讨论",
    "disputes": "包工头还是总包付\n\n能否先行申请支付令",
    "guests": "社区调解主任",
}


@pytest.fixture
def handled(firm: Firm, formed: Callable[..., UUID]) -> UUID:
    """A referral that the second lawyer has taken."""
    referral_id = formed()
    with firm.inside():
        row = db.session.get_one(Referral, (firm.tenant.firm_id, referral_id))
        offering.accept(row, by=firm.tenant.member(adviser_id=firm.tenant.backup_id))
        db.session.commit()
    return referral_id


class Room:
    """One conference, and those who come to it."""

    def __init__(self, firm: Firm, page: str) -> None:
        self.firm, self.page = firm, page
        self.id = UUID(page.rpartition("/")[2])
        self.chair = firm.client(firm.tenant.backup_id)
        self.first = firm.client(firm.tenant.adviser_id)
        self.manager = firm.client(firm.fourth_id, Role.MANAGER)

    @property
    def row(self) -> Conference:
        """The conference as it now is."""
        with self.firm.inside():
            return db.session.get_one(Conference, (self.firm.tenant.firm_id, self.id))

    def seats(self) -> dict[UUID, ConferenceSeat]:
        """Who was called, by lawyer."""
        with self.firm.inside():
            query = db.select(ConferenceSeat).where(ConferenceSeat.conference_id == self.id)
            return {seat.adviser_id: seat for seat in db.session.scalars(query)}

    def here(self, **changed: str) -> dict[str, str]:
        """A form of attendance in which everybody came, but for `changed`."""
        marks = {f"came_{place}": "came" for place in range(len(self.seats()))}
        return marks | changed

    def place(self, adviser_id: UUID) -> int:
        """Where on the form of attendance a lawyer stands."""
        with self.firm.inside():
            return [one.adviser_id for one in queries.seats(self.id)].index(adviser_id)

    def hold(self) -> None:
        """Note that everybody came."""
        assert self.chair.post(f"{self.page}/holding", data=self.here()).status_code == 303

    def conclude(self, **given: Any) -> None:
        """Hold it, write its record, give it its conclusion."""
        self.hold()
        record = {"disputes": "谁付", "summary": "意见一致", "conclusion": "先行申请支付令"}
        assert self.chair.post(f"{self.page}/record", data=record | given).status_code == 303
        end = self.chair.post(f"{self.page}/conclusion", data={"settles": "1"})
        assert end.status_code == 303


@pytest.fixture
def room(firm: Firm, handled: UUID) -> Room:
    """A conference today at three, chaired by the second lawyer; the first is called too."""
    chair = firm.client(firm.tenant.backup_id)
    people = {"chair_id": str(firm.tenant.backup_id), "called": [str(firm.tenant.adviser_id)]}
    answer = chair.post(f"/referrals/{handled}/conferences", data=PLAN | people)
    assert answer.status_code == 303
    return Room(firm, answer.location)
