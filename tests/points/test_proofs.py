"""What taps bring along of their place: kept once, judged, shown, and let go."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.tenancy import as_office
from counselhub.duty import evidence, punches
from counselhub.duty.grades import Graded, Proof
from counselhub.duty.kinds import DutySource
from counselhub.duty.models import DutySession
from counselhub.points import code_actions, proofs
from counselhub.points.geo import Spot
from counselhub.points.kinds import CodeVerdict, PositionVerdict
from counselhub.points.proof_models import DutyFix, DutyPosition, DutyScan
from counselhub.points.proofs import Brought
from counselhub.points.rules import Fix
from counselhub.points.sent import brought
from tests.duty.conftest import NOON
from tests.duty.tapping import at, sign_in, sign_out
from tests.factories import Tenant
from tests.points.conftest import HALL, STEP, agree, hall, screen_code, set_point

V, C = PositionVerdict, CodeVerdict
AT_HALL = Brought(Fix(HALL, 20))
AWAY = Brought(Fix(Spot(HALL.latitude + 3_000 * STEP, HALL.longitude), 20))


def graded(tenant: Tenant, adviser: Member, come: Brought, go: Brought = proofs.NOTHING) -> Graded:
    """Sign in at once and out a while later; return how well that is proven."""
    begin = sign_in(tenant, NOON - timedelta(hours=2), brought=come)
    taps = [begin, sign_out(tenant, NOON - timedelta(hours=1), begin.key, brought=go)]
    [tap, _out] = punches.take(taps, by=adviser)
    session = punches.session_of(tap)
    assert session
    return evidence.of([session])[session.id]


def test_a_position_at_the_point_lifts_the_grade(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    set_point(tenant, manager)
    agree(adviser)
    found = graded(tenant, adviser, AT_HALL, Brought(failure=V.TIMEOUT))
    assert (found.grade, found.proofs) == ("B", [Proof.POSITION])
    assert [(one.kind, one.position, one.distance_m) for one in found.placed] == [
        ("in", V.NEAR, 0),
        ("out", V.TIMEOUT, None),
    ]
    assert len(db.session.scalars(select(DutyFix)).all()) == 1


def test_a_position_elsewhere_proves_nothing_and_blocks_nothing(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    set_point(tenant, manager)
    agree(adviser)
    found = graded(tenant, adviser, AT_HALL, AWAY)
    assert (found.grade, found.proofs) == ("C", [])
    assert found.placed[1].position == V.FAR
    assert found.placed[1].distance_m == pytest.approx(3_000, abs=2)


def test_without_a_point_the_position_is_kept_and_says_nothing(
    adviser: Member, tenant: Tenant
) -> None:
    agree(adviser)
    found = graded(tenant, adviser, AT_HALL)
    assert (found.proofs, found.placed[0].position) == ([], V.NO_POINT)


def test_who_has_not_agreed_leaves_no_position(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    set_point(tenant, manager)
    found = graded(tenant, adviser, AT_HALL, Brought(failure=V.REFUSED))
    assert (found.proofs, found.placed) == ([], [])
    for model in (DutyFix, DutyPosition):
        assert db.session.scalars(select(model)).all() == []


def test_a_tap_that_is_sent_again_keeps_its_first_position(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    set_point(tenant, manager)
    agree(adviser)
    tap = sign_in(tenant, NOON, brought=AT_HALL)
    punches.take([tap], by=adviser)
    punches.take([tap], by=adviser)
    assert len(db.session.scalars(select(DutyPosition)).all()) == 1


def test_the_office_reads_what_came_of_it_but_no_coordinates(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    set_point(tenant, manager)
    agree(adviser)
    graded(tenant, adviser, AT_HALL)
    with as_office(tenant.town.street_code):
        of_firm = DutyPosition.firm_id == tenant.firm_id
        assert db.session.scalars(select(DutyPosition.verdict).where(of_firm)).all() == ["near"]
        assert db.session.scalars(select(DutyFix)).all() == []


def test_a_moving_code_signs_in_and_lifts_the_grade(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    code = screen_code(tenant, manager)
    tap = sign_in(tenant, NOON, brought=Brought(code=code))
    [punch] = punches.take([tap], by=adviser)
    session = punches.session_of(punch)
    assert session
    assert session.source == DutySource.QR
    with clock.frozen(NOON + timedelta(hours=2)):
        punches.sign_out(session, key=uuid7(), by=adviser, code=code)
    found = evidence.of([session])[session.id]
    assert [one.code for one in found.placed] == [C.CURRENT, C.OLD]
    assert (found.grade, found.proofs) == ("B", [Proof.CODE])


def test_a_code_holds_for_one_tap_of_a_lawyer_and_for_another_lawyer(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    code = Brought(code=screen_code(tenant, manager))
    punches.take([sign_in(tenant, NOON, brought=code)], by=adviser)
    punches.take([sign_in(tenant, NOON + timedelta(seconds=9), brought=code)], by=adviser)
    colleague = tenant.member(adviser.role, adviser_id=tenant.backup_id)
    punches.take([sign_in(tenant, NOON, brought=code)], by=colleague)
    found = db.session.scalars(select(DutyScan.verdict).order_by(DutyScan.id)).all()
    assert found == [C.CURRENT, C.USED, C.CURRENT]


@pytest.mark.parametrize(
    ("tapped", "verdict"),
    [
        pytest.param(at(9, 0), C.CURRENT, id="tapped without a signal when it was shown"),
        pytest.param(at(9, 2), C.OLD, id="tapped without a signal two minutes later"),
        pytest.param(at(12, 0), C.OLD, id="tapped hours later"),
    ],
)
def test_a_code_is_checked_at_the_time_of_the_tap(
    manager: Member, adviser: Member, tenant: Tenant, tapped: datetime, verdict: C
) -> None:
    with clock.frozen(at(9, 0)):
        code = screen_code(tenant, manager)
    punches.take([sign_in(tenant, tapped, brought=Brought(code=code))], by=adviser)
    assert db.session.scalar(select(DutyScan.verdict)) == verdict


@pytest.mark.parametrize("code", ["nonsense", "440306007001.t1.aaaaaaaaaaaaaaaa", "x" * 900])
def test_nonsense_for_a_code_says_so_and_blocks_nothing(
    adviser: Member, tenant: Tenant, code: str
) -> None:
    [tap] = punches.take([sign_in(tenant, NOON, brought=Brought(code=code))], by=adviser)
    session = punches.session_of(tap)
    assert session
    assert session.source == DutySource.PHONE
    assert db.session.scalar(select(DutyScan.verdict)) == C.UNKNOWN


def test_a_form_without_script_carries_the_code(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    code = screen_code(tenant, manager)
    key = uuid4()
    session = punches.sign_in(adviser, tenant.town.communities[0], key=key, code=code)
    assert isinstance(session, DutySession)
    assert session.source == DutySource.QR
    assert evidence.of([session])[session.id].placed[0].code == C.CURRENT


def test_the_sheet_names_the_place_and_proves_nothing(
    manager: Member, adviser: Member, tenant: Tenant
) -> None:
    first = code_actions.sheet_code(code_actions.renew_sheet(hall(tenant), by=manager))
    tap = sign_in(tenant, NOON, brought=Brought(code=str(first)))
    [punch] = punches.take([tap], by=adviser)
    session = punches.session_of(punch)
    assert session
    assert session.source == DutySource.QR
    assert evidence.of([session])[session.id].proofs == []
    code_actions.renew_sheet(hall(tenant), by=manager)
    assert proofs.scan(tenant.adviser_id, hall(tenant).code, str(first), NOON).verdict == C.ENDED


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({}, Brought(), id="nothing"),
        pytest.param({"position": {"lat": 1.5, "lon": 2, "accuracy": 3}},
                     Brought(Fix(Spot(1.5, 2), 3)), id="a position"),
        pytest.param({"position": {"why": "refused"}}, Brought(failure=V.REFUSED), id="refused"),
        pytest.param({"position": {"why": "near"}}, Brought(failure=V.ODD), id="no reason"),
        pytest.param({"position": {"lat": 99, "lon": 2, "accuracy": 3}}, Brought(failure=V.ODD),
                     id="no place on earth"),
        pytest.param({"position": {"lat": True, "lon": 2, "accuracy": 3}}, Brought(failure=V.ODD),
                     id="no number"),
        pytest.param({"position": "here", "code": 7}, Brought(failure=V.ODD), id="nonsense"),
        pytest.param({"code": " abc "}, Brought(code="abc"), id="a code"),
    ],
)  # fmt: skip
def test_what_a_phone_sends(given: dict[str, Any], told: Brought) -> None:
    assert brought(given) == told
