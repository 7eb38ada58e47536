"""What an erasure does to follow-ups and files: open months are emptied, closed ones stay."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from counselhub.clients import actions, erasure
from counselhub.clients.actions import ClientEntry
from counselhub.clients.kinds import EraseReason
from counselhub.clients.models import Client
from counselhub.closing import actions as closing
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.services import log_queries
from counselhub.services.log_models import (
    FollowUpNote,
    ServiceFile,
    ServiceFileContent,
    ServiceFollowUp,
)
from counselhub.services.models import ServiceRecord
from tests.clients.conftest import NAME, PHONE, service
from tests.factories import Tenant

SEPTEMBER, OCTOBER = date(2026, 9, 8), date(2026, 10, 8)


@pytest.fixture(autouse=True)
def inside(context: None, tenant: Tenant) -> Iterator[None]:
    """Inside the firm, on 8 October 2026."""
    noon = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
    with as_scope(tenant.scope), clock.frozen(noon):
        yield
        db.session.rollback()


def record(tenant: Tenant, day: date, content: str = "") -> ServiceRecord:
    made = service(tenant, content, day=day) if content else service(tenant, day=day)
    if not content:
        made.note = None
    db.session.add(made)
    db.session.flush()
    return made


def follow_up(of: ServiceRecord, day: date, words: str) -> ServiceFollowUp:
    step = ServiceFollowUp(
        service_id=of.id, day=day, outcome=f"已答复{NAME}",
        created_at=datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI),
        note=FollowUpNote(content=words),
    )  # fmt: skip
    db.session.add(step)
    db.session.flush()
    return step


def file(of: ServiceRecord, kind: str) -> ServiceFile:
    made = ServiceFile(
        service_id=of.id, kind=kind, name=f"{NAME}{kind}.pdf", ending=".pdf", size_bytes=3,
        digest=f"{kind}{of.id}", arrived_at=datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add(ServiceFileContent(file_id=made.id, content=b"pdf"))
    db.session.flush()
    return made


def close_september(tenant: Tenant) -> None:
    closing.close(
        tenant.firm_id, tenant.town.street_code, SEPTEMBER.replace(day=1),
        tenant.town.communities, statement_id=uuid7(), number="JS-1",
    )  # fmt: skip


def erased(client: Client, tenant: Tenant, *, blank: bool = True) -> int:
    given = {"blank": blank, "revision": None, "by": tenant.member()}
    count = erasure.erase(client, EraseReason.REQUEST, **given)
    db.session.flush()
    return count


def test_follow_ups_are_of_the_month_of_their_own_day(tenant: Tenant) -> None:
    """A record of a closed month without words still has a follow-up that can be emptied."""
    made = record(tenant, SEPTEMBER)
    client = actions.attach(made, ClientEntry(NAME, PHONE), by=tenant.member())
    early, late = follow_up(made, SEPTEMBER, "九月"), follow_up(made, OCTOBER, f"{NAME}又来")
    close_september(tenant)
    met = erasure.consequences(client)
    assert ([one.record for one in met.open], met.closed_words) == ([made], [made])
    assert met.telling == [made]
    revision = made.revision
    assert erased(client, tenant) == 1
    assert (late.note, late.outcome) == (None, "已答复**")
    assert early.note is not None
    assert (early.note.content, early.outcome) == ("九月", f"已答复{NAME}")
    assert made.revision == revision, "a record of a closed month is not written to"


def test_files_that_may_hold_client_data_go(tenant: Tenant) -> None:
    """Photos and drafts stay, and so does everything of a closed month."""
    october, september = record(tenant, OCTOBER), record(tenant, SEPTEMBER)
    client = actions.attach(october, ClientEntry(NAME, PHONE), by=tenant.member())
    actions.attach(september, ClientEntry(NAME, PHONE), by=tenant.member())
    kept = [file(october, "photo"), file(october, "draft"), file(september, "opinion")]
    gone = [file(october, "sign_in"), file(october, "other")]
    close_september(tenant)
    met = erasure.consequences(client)
    assert (met.open_files, met.closed_words) == (2, [september])
    assert erased(client, tenant) == 1
    assert [log_queries.content_of(one) for one in gone] == [None, None]
    assert [one.name for one in gone] == ["**sign_in.pdf", "**other.pdf"]
    assert [log_queries.content_of(one) for one in kept] == [b"pdf"] * 3
    last = history.of(october)[-1]
    assert (last.act, last.detail) == ("blank_words", {"files": 2})


def test_what_is_not_asked_for_stays(tenant: Tenant) -> None:
    made = record(tenant, OCTOBER, f"{NAME}来电")
    client = actions.attach(made, ClientEntry(NAME, PHONE), by=tenant.member())
    kept = file(made, "sign_in")
    assert erased(client, tenant, blank=False) == 0
    assert log_queries.content_of(kept) == b"pdf"
    assert made.note is not None
