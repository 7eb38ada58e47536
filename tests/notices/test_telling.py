"""Whom something is told, once, in the transaction of what happened."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.notices import texts
from counselhub.notices.actions import MAIL, Note, page, tell, tell_all
from counselhub.notices.kinds import Kind, Mode
from counselhub.notices.models import Delivery, Notice, NoticeChoice
from counselhub.notices.texts import ABOUT, UnfitFactError
from counselhub.people import actions as people
from counselhub.people.models import Membership
from tests import counting, factories
from tests.factories import Tenant, Town

OCTOBER = date(2026, 10, 1)
RETURNED = {"street": "南湾街道", "month": OCTOBER, "count": 2}
PLAIN = {"firm": "南湾一所", "month": OCTOBER}


def _join(tenant: Tenant | Town, role: Role, **more: Any) -> Membership:
    serial = factories.number()
    with as_scope(tenant.scope):
        return people.join(f"told-{serial}@firm.example", "测试员", tenant.scope, role, **more)


def _told(kind: Kind, key: str) -> list[UUID]:
    query = select(Notice.membership_id).where(Notice.kind == kind, Notice.key == key)
    with as_platform():
        return list(db.session.scalars(query.order_by(Notice.membership_id)))


def _mails(key: str) -> int:
    counted = select(func.count()).where(Delivery.channel == MAIL, Delivery.key == key)
    with as_platform():
        return db.session.scalar(counted) or 0


def _return(tenant: Tenant, key: str, **more: Any) -> int:
    return tell(
        Kind.STATEMENT_RETURNED, tenant.scope, key=key, path="/statements", **RETURNED, **more
    )


@pytest.mark.usefixtures("context")
def test_whoever_holds_the_permission_is_told_once(tenant: Tenant, outsider: Tenant) -> None:
    told = [_join(tenant, role).id for role in (Role.CLERK, Role.FINANCE)]
    _join(tenant, Role.ADVISER)
    _join(outsider, Role.CLERK)
    key = str(uuid4())
    assert _return(tenant, key) == 2
    assert _told(Kind.STATEMENT_RETURNED, key) == sorted(told)
    assert _mails(key) == 2
    assert _return(tenant, key) == 0
    assert (len(_told(Kind.STATEMENT_RETURNED, key)), _mails(key)) == (2, 2)


@pytest.mark.usefixtures("context")
def test_an_office_is_told_from_the_scope_of_a_firm(tenant: Tenant) -> None:
    checker = _join(tenant.town, Role.CHECKER)
    _join(tenant.town, Role.APPROVER)
    with as_scope(tenant.scope):
        tell(Kind.STATEMENT_SUBMITTED, tenant.town.scope, key="one", path="/review", **PLAIN)
    assert _told(Kind.STATEMENT_SUBMITTED, "one") == [checker.id]


@pytest.mark.usefixtures("context")
def test_who_did_it_is_not_told_and_who_left_neither(tenant: Tenant) -> None:
    doer, left = _join(tenant, Role.CLERK), _join(tenant, Role.CLERK)
    with as_platform():
        left.ended_at = left.created_at
        db.session.flush()
    assert _return(tenant, str(uuid4()), but=doer.person_id) == 0


@pytest.mark.usefixtures("context")
def test_people_are_told_by_name(tenant: Tenant) -> None:
    one = _join(tenant, Role.ADVISER, adviser_id=tenant.adviser_id)
    _join(tenant, Role.ADVISER, adviser_id=tenant.backup_id)
    key = str(uuid4())
    days = {"day": OCTOBER, "until": OCTOBER}
    tell(
        Kind.LEAVE_DECIDED,
        tenant.scope,
        key=key,
        path="/leave",
        advisers=[tenant.adviser_id],
        persons=[one.person_id],
        **days,
    )
    assert _told(Kind.LEAVE_DECIDED, key) == [one.id]


@pytest.mark.parametrize(
    ("mode", "kept", "mailed"),
    [
        pytest.param(Mode.OFF, 0, 0, id="off: nothing at all"),
        pytest.param(Mode.INBOX, 1, 0, id="in the app only"),
        pytest.param(Mode.DIGEST, 1, 1, id="in the day's mail"),
        pytest.param(Mode.MAIL, 1, 1, id="by mail at once"),
    ],
)
@pytest.mark.usefixtures("context")
def test_everybody_chooses_by_kind(tenant: Tenant, mode: Mode, kept: int, mailed: int) -> None:
    clerk, key = _join(tenant, Role.CLERK), str(uuid4())
    with as_platform():
        db.session.add(
            NoticeChoice(person_id=clerk.person_id, kind=Kind.STATEMENT_SIGNED, mode=mode)
        )
        db.session.flush()
    tell(
        Kind.STATEMENT_SIGNED,
        tenant.scope,
        key=key,
        path="/statements",
        street="南湾街道",
        month=OCTOBER,
    )
    assert len(_told(Kind.STATEMENT_SIGNED, key)) == kept
    assert _mails(key) == mailed


@pytest.mark.usefixtures("context")
def test_what_may_not_be_off_stays_in_the_app(tenant: Tenant) -> None:
    clerk, key = _join(tenant, Role.CLERK), str(uuid4())
    with as_platform():
        db.session.add(
            NoticeChoice(person_id=clerk.person_id, kind=Kind.STATEMENT_RETURNED, mode=Mode.OFF)
        )
        db.session.flush()
    _return(tenant, key)
    assert (_told(Kind.STATEMENT_RETURNED, key), _mails(key)) == ([clerk.id], 0)


@pytest.mark.usefixtures("context")
def test_a_rollback_leaves_nothing(tenant: Tenant) -> None:
    _join(tenant, Role.CLERK)
    db.session.commit()
    key = str(uuid4())
    assert _return(tenant, key) == 1
    db.session.rollback()
    assert (_told(Kind.STATEMENT_RETURNED, key), _mails(key)) == ([], 0)


def test_repeating_changes_nothing(app: Flask, tenant: Tenant) -> None:
    """Any order and any number of the same tellings leaves one notice for each key."""

    @given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
    def repeat(keys: list[str]) -> None:
        with app.test_request_context():
            _join(tenant, Role.CLERK)
            told = [_return(tenant, key) for key in keys]
            more = tell_all(
                [
                    Note(
                        kind=Kind.STATEMENT_RETURNED,
                        scope=tenant.scope,
                        key=key,
                        path="/statements",
                        facts=RETURNED,
                    )
                    for key in keys
                ]
            )
            assert (sum(told), more) == (len(set(keys)), 0)
            assert sum(_mails(key) for key in set(keys)) == len(set(keys))

    repeat()


@pytest.mark.usefixtures("context")
def test_many_are_told_with_as_many_statements_as_one(tenant: Tenant, outsider: Tenant) -> None:
    for firm in (tenant, outsider):
        _join(firm, Role.CLERK)
    notes = [
        Note(
            kind=Kind.STATEMENT_RETURNED,
            scope=firm.scope,
            key=f"{month}",
            path="/statements",
            facts=RETURNED,
        )
        for firm in (tenant, outsider)
        for month in range(10)
    ]
    with counting.statements() as one:
        tell_all(notes[:1])
    with counting.statements() as many:
        assert tell_all(notes) == 19
    assert len(many) == len(one)


UNFIT = [
    pytest.param({"street": "南湾街道", "month": OCTOBER}, id="a field is missing"),
    pytest.param({**RETURNED, "client": "王某"}, id="a client has no field"),
    pytest.param({**RETURNED, "month": "2026-10"}, id="a month is a date"),
    pytest.param({**RETURNED, "count": True}, id="a number is no truth"),
]


@pytest.mark.parametrize("facts", UNFIT)
def test_what_has_no_field_is_not_told(facts: dict[str, Any]) -> None:
    with pytest.raises(UnfitFactError):
        texts.checked(Kind.STATEMENT_RETURNED, facts)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("南湾街道", "南湾街道", id="as it is"),
        pytest.param("电话13800000000", "电话…", id="a phone"),
        pytest.param("电话138-0000-0000", "电话…", id="a phone with hyphens"),
        pytest.param("南湾\n街道", "南湾 街道", id="one line"),
        pytest.param("长" * 61, "长" * 59 + "…", id="a short one"),
    ],
)
def test_a_name_is_cleaned_and_never_holds_up_an_act(name: str, told: str) -> None:
    assert texts.checked(Kind.STATEMENT_RETURNED, {**RETURNED, "street": name})["street"] == told


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_only_what_has_a_field(kind: Kind) -> None:
    about = ABOUT[kind]
    assert about.fields <= set(texts.FIELDS)
    assert not (about.to_groups and about.fields & texts.OF_PEOPLE)
    assert about.permission or not about.to_groups


@pytest.mark.usefixtures("context")
def test_a_page_has_its_address_outside_a_request() -> None:
    assert page("people.sign_in") == "/sign-in"


@pytest.mark.usefixtures("context")
def test_only_pages_of_the_app_are_led_to(tenant: Tenant) -> None:
    _join(tenant, Role.CLERK)
    with pytest.raises(Exception, match="ck_notice_path"):
        tell(
            Kind.STATEMENT_RETURNED,
            tenant.scope,
            key="x",
            path="//elsewhere.example",
            **RETURNED,
        )
    db.session.rollback()
