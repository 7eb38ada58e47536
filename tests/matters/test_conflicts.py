"""What a check finds in a real database, what it leaves, and how fast it is."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text

from counselhub.advisers.models import AdviserContact
from counselhub.clients import actions as clients
from counselhub.clients.actions import ClientEntry
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.tenancy import as_firm, as_scope
from counselhub.matters import actions, conflicts, queries
from counselhub.matters.actions import PartyEntry
from counselhub.matters.kinds import MatterStatus, Occasion, PartyRole, Verdict
from counselhub.matters.models import ConflictCheck, MatterConflict
from counselhub.matters.sight import is_held
from tests.counting import statements
from tests.factories import Tenant
from tests.matters.conftest import (
    CLIENT,
    ID_ONE,
    ID_TWO,
    NOON,
    OPPONENT,
    MakeMatter,
    entry,
    party,
    stored,
)

pytestmark = pytest.mark.usefixtures("noon")
R = PartyRole
PHONE, CODE = "13800000027", "91350100M000100Y43"


def asked(tenant: Tenant, *parties: PartyEntry) -> conflicts.Answer:
    return conflicts.check([one.asked for one in parties], by=tenant.member())


CASES = [
    pytest.param(party(R.CLIENT, "買有其"), party(R.OPPONENT, "买 有其"), "adverse", id="name"),
    pytest.param(
        party(R.CLIENT, "某甲", aliases="阿有"), party(R.OPPONENT, "阿有"), "adverse", id="alias"
    ),
    pytest.param(
        party(R.CLIENT, "某甲", phone=PHONE),
        party(R.OPPONENT, "某乙", phone=PHONE),
        "same_phone",
        id="phone alone",
    ),
    pytest.param(
        party(R.CLIENT, "某甲", identity=ID_ONE),
        party(R.OPPONENT, "某乙", identity=ID_ONE),
        "adverse",
        id="identity number",
    ),
    pytest.param(
        party(R.CLIENT, "某甲", identity=ID_ONE),
        party(R.OPPONENT, "某甲", identity=ID_TWO),
        None,
        id="two people of one name",
    ),
    pytest.param(
        party(R.CLIENT, "某某物业有限责任公司", org=True),
        party(R.OPPONENT, "某某物业有限公司", org=True),
        "adverse",
        id="organisation",
    ),
    pytest.param(
        party(R.CLIENT, "甲公司", org=True, identity=CODE),
        party(R.OPPONENT, "乙公司", org=True, identity=CODE),
        "adverse",
        id="credit code",
    ),
    pytest.param(
        party(R.CLIENT, "广东某某建设工程有限公司", org=True),
        party(R.OPPONENT, "广东某某建筑工程有限公司", org=True),
        None,
        id="unlike enough",
    ),
    pytest.param(
        party(R.CLIENT, "广东某某某建设工程有限公司", org=True),
        party(R.OPPONENT, "广东某某某建设工程集团有限公司", org=True),
        "similar",
        id="nearly the same name",
    ),
    pytest.param(party(R.CLIENT, "某甲"), party(R.CLIENT, "某甲"), None, id="on the same side"),
    pytest.param(party(R.OTHER, "某甲"), party(R.OPPONENT, "某甲"), None, id="of no side"),
]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("before", "now", "code"), CASES)
def test_what_a_check_finds(
    tenant: Tenant,
    make_matter: MakeMatter,
    before: PartyEntry,
    now: PartyEntry,
    code: str | None,
) -> None:
    matter_id = make_matter(before, party(R.CLIENT, "旁人甲"))
    with as_scope(tenant.scope):
        answer = asked(tenant, now, party(R.CLIENT, "旁人乙"))
        assert [one.code.value for one in answer.findings] == ([code] if code else [])
        assert answer.row.codes == ([code] if code else [])
        if code:
            assert answer.verdict is Verdict.POSSIBLE
            assert answer.findings[0].matter_id == matter_id
            assert answer.findings[0].team == {tenant.adviser_id}


@pytest.mark.usefixtures("context")
def test_a_check_is_on_record_and_names_nobody(tenant: Tenant, make_matter: MakeMatter) -> None:
    make_matter()
    with as_scope(tenant.scope):
        with statements() as sent:
            answer = asked(tenant, party(R.OPPONENT, CLIENT, phone=PHONE))
        gathering = [one for one in sent if "matter_candidates" in one]
        assert len(gathering) == 1
        assert len(sent) <= 3, "it asks once, and writes the check and its act"
        db.session.flush()
        row = db.session.get_one(ConflictCheck, (tenant.firm_id, answer.row.id))
        kept = str([getattr(row, column.name) for column in ConflictCheck.__table__.columns])
        acts = history.of(row)
        assert [act.act for act in acts] == ["check_conflict"]
        assert acts[0].detail == {"reason": "asked", "verdict": "possible"}
    assert CLIENT not in kept
    assert PHONE not in kept
    assert len(row.digests) == 2


@pytest.mark.usefixtures("context")
def test_the_committee_that_engages_us_is_a_party(tenant: Tenant) -> None:
    theirs = party(R.OPPONENT, "某街道甲社区居民委员会", org=True)
    with as_scope(tenant.scope):
        assert [one.code for one in asked(tenant, theirs).findings] == ["committee"]
        assert not asked(tenant, party(R.CLIENT, "甲社区居委会", org=True)).findings
        assert not asked(tenant, party(R.OPPONENT, "丁社区居委会", org=True)).findings, (
            "nobody engages us there"
        )
    with as_scope(tenant.scope), clock.frozen(NOON.replace(year=2027)):
        assert not asked(tenant, theirs).findings, "the contract is over"


@pytest.mark.usefixtures("context")
def test_a_lawyer_of_the_firm_is_a_party(tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        db.session.add(AdviserContact(adviser_id=tenant.backup_id, phone=PHONE))
        db.session.flush()
        by_name = asked(tenant, party(R.CLIENT, "张三丰"))
        assert [(one.code, one.team) for one in by_name.findings] == [
            ("member", {tenant.adviser_id})
        ]
        by_phone = asked(tenant, party(R.OPPONENT, "某甲", phone=PHONE))
        assert [(one.code, one.team) for one in by_phone.findings] == [
            ("member", {tenant.backup_id})
        ]


@pytest.mark.usefixtures("context")
def test_who_was_served_before(tenant: Tenant, make_matter: MakeMatter) -> None:
    matter_id = make_matter()
    with as_scope(tenant.scope):
        matter = stored(tenant, matter_id)
        actions.close(matter, "已经调解", revision=None, by=tenant.member())
        clients.known_or_new(ClientEntry("某甲", PHONE), by=tenant.member())
        db.session.flush()
        found = asked(tenant, party(R.OPPONENT, CLIENT), party(R.OPPONENT, "某乙", phone=PHONE))
        assert [(one.code, one.matter_id) for one in found.findings] == [
            ("former", matter_id),
            ("former", None),
        ]


@pytest.mark.usefixtures("context")
def test_another_firm_and_a_declined_matter_find_nothing(
    tenant: Tenant, outsider: Tenant, make_matter: MakeMatter
) -> None:
    matter_id = make_matter()
    theirs = party(R.OPPONENT, CLIENT)
    with as_firm(outsider.firm_id):
        assert not asked(outsider, theirs).findings
    with as_scope(tenant.scope):
        assert asked(tenant, theirs).findings
        actions.decline(
            stored(tenant, matter_id),
            actions.DeclineReason.CAPACITY,
            "",
            "",
            revision=None,
            by=tenant.member(),
        )
        db.session.flush()
        assert not asked(tenant, theirs).findings


@pytest.mark.usefixtures("context")
def test_without_a_scope_the_owners_functions_tell_nothing(make_matter: MakeMatter) -> None:
    make_matter()
    for call in ("matters_matching('%%', '')", "matter_candidates('{}', '{漏水}', null)"):
        assert db.session.execute(text(f"select * from {call}")).all() == []
    assert db.session.scalar(text("select walled_matters()")) == []


@pytest.mark.usefixtures("context")
def test_a_clean_matter_opens_and_a_doubtful_one_is_frozen(
    tenant: Tenant, make_matter: MakeMatter
) -> None:
    first = make_matter()
    second = make_matter(party(R.CLIENT, OPPONENT), adviser_id=tenant.backup_id)
    with as_scope(tenant.scope):
        assert stored(tenant, first).status == MatterStatus.OPEN
        assert stored(tenant, second).status == MatterStatus.FROZEN
        assert [stored(tenant, one).number for one in (first, second)] == [
            "SX2026-0001",
            "SX2026-0002",
        ]
        conflict = db.session.scalars(select(MatterConflict)).one()
        assert (conflict.matter_id, conflict.other_id, conflict.concerned) == (second, first, [])
        check = db.session.get_one(ConflictCheck, (tenant.firm_id, conflict.check_id))
        assert (check.matter_id, check.occasion) == (second, Occasion.OPENING)


@pytest.mark.usefixtures("context")
def test_a_conflict_found_later_freezes_for_who_is_on_both_sides(
    tenant: Tenant, make_matter: MakeMatter
) -> None:
    first = make_matter()
    second = make_matter(party(R.CLIENT, "某甲"), members=frozenset({tenant.backup_id}))
    with as_scope(tenant.scope):
        matter = stored(tenant, second)
        answer = actions.add_party(
            matter, party(R.OPPONENT, CLIENT), revision=matter.revision, by=tenant.member()
        )
        assert answer.verdict is Verdict.POSSIBLE
        assert matter.status == MatterStatus.FROZEN
        conflict = db.session.scalars(select(MatterConflict)).one()
        assert conflict.concerned == [str(tenant.adviser_id)]
        lawyer = tenant.member(adviser_id=tenant.adviser_id)
        other = tenant.member(adviser_id=tenant.backup_id)
        for one in (first, second):
            assert is_held(stored(tenant, one), lawyer)
            assert not is_held(stored(tenant, one), other)
        with pytest.raises(IllegalMoveError, match="已冻结"):
            actions.add_party(matter, party(R.THIRD, "某乙"), revision=None, by=tenant.member())
        assert [act.act for act in history.of(matter)] == ["open_matter", "add_party", "freeze"]


@pytest.mark.usefixtures("context")
def test_what_opening_and_adding_refuse(tenant: Tenant, outsider: Tenant) -> None:
    by = tenant.member()
    with as_scope(tenant.scope):
        with pytest.raises(RefusedError, match="委托人"):
            actions.open_matter(entry(tenant), [party(R.OPPONENT, "某甲")], by=by)
        with pytest.raises(RefusedError, match="律师名单"):
            actions.open_matter(
                entry(tenant, adviser_id=outsider.adviser_id), [party(R.CLIENT, "某甲")], by=by
            )
        matter, _answer = actions.open_matter(entry(tenant), [party(R.CLIENT, "某甲")], by=by)
        only = queries.parties_of(matter)[0]
        with pytest.raises(RefusedError, match="唯一的委托人"):
            actions.remove_party(matter, only, revision=None, by=by)


def test_two_who_open_at_once_find_one_another(app: Flask, tenant: Tenant) -> None:
    ready, found = threading.Barrier(2), []

    def open_one(*parties: PartyEntry) -> None:
        with app.test_request_context(), as_scope(tenant.scope):
            ready.wait(10)
            matter, answer = actions.open_matter(entry(tenant), parties, by=tenant.member())
            found.append((matter.number, answer.verdict))
            db.session.commit()

    pair = [
        threading.Thread(
            target=open_one, args=(party(R.CLIENT, "某甲"), party(R.OPPONENT, "某乙"))
        ),
        threading.Thread(
            target=open_one, args=(party(R.CLIENT, "某乙"), party(R.OPPONENT, "某甲"))
        ),
    ]
    for one in pair:
        one.start()
    for one in pair:
        one.join(20)
    assert sorted(verdict for _number, verdict in found) == [Verdict.NONE, Verdict.POSSIBLE]
    assert len({number for number, _verdict in found}) == 2
