"""The database grades a session as `duty.evidence` does, whatever speaks for it."""

import itertools
from collections import Counter
from datetime import date, time, timedelta

import pytest
from flask import g
from sqlalchemy import select, true

from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.duty import evidence
from counselhub.duty.grades import TABLE, Proof, Record
from counselhub.duty.kinds import PunchTiming
from counselhub.duty.models import DutyPunch, DutySession, PunchMatch
from counselhub.photos.models import SessionPhoto
from counselhub.points.kinds import CodeVerdict, PositionVerdict
from counselhub.points.proof_models import DutyPosition, DutyScan
from counselhub.reports.proof import PROOFS, grade_by, taps_since
from counselhub.services.models import ServiceRecord
from tests.factories import Tenant, number
from tests.statements import work

PHOTOS = {"photo within": timedelta(minutes=9), "photo outside": timedelta(hours=9)}
MATCHES = {"match": (0, True), "match without proof": (0, False), "match outdated": (1, True)}
PROOFS_OF_OTHERS = ("", "near", "far", "vague", "current", *PHOTOS, *MATCHES)
TAPS = [(), *((one,) for one in PunchTiming), (PunchTiming.AT_ONCE, PunchTiming.LATE)]


def _tap(session: DutySession, timing: str, *, fits: bool) -> None:
    db.session.add(
        DutyPunch(
            adviser_id=session.adviser_id,
            key=uuid7(),
            kind="in",
            community_code=session.community_code,
            street_code=session.street_code,
            tapped_at=session.signed_in_at,
            claimed_at=session.signed_in_at,
            arrived_at=session.signed_in_at,
            counts_at=session.signed_in_at,
            day=session.day,
            timing=timing,
            verdict="counted",
            session_id=session.id,
            session_revision=session.revision + (not fits),
        )
    )


def _served(session: DutySession) -> None:
    db.session.add(
        ServiceRecord(
            number=f"FW-{number()}",
            day=session.day,
            kind="consultation",
            community_code=session.community_code,
            street_code=session.street_code,
            adviser_id=session.adviser_id,
            created_at=session.signed_in_at + timedelta(minutes=5),
        )
    )


def _vouch(session: DutySession, what: str) -> None:
    """Let a place, a code or a picture speak for a session, or fail to."""
    street = {"street_code": session.street_code}
    here = street | {"adviser_id": session.adviser_id}
    tap = db.session.scalar(select(DutyPunch.id).where(DutyPunch.session_id == session.id))
    if tap and what in set(PositionVerdict):
        db.session.add(DutyPosition(punch_id=tap, verdict=what, accuracy_m=20, **street))
    if tap and what in set(CodeVerdict):
        code = {"community_code": session.community_code, "step": None}
        db.session.add(DutyScan(punch_id=tap, verdict=what, **code, **here))
    if what.startswith("photo"):
        taken = session.signed_in_at + PHOTOS[what]
        picture = {"digest": f"{number()}", "width": 1, "height": 1}
        picture |= {"session_id": session.id, "adviser_id": session.adviser_id}
        db.session.add(SessionPhoto(taken_at=taken, arrived_at=taken, **picture))
    if what in MATCHES:
        off, proves = MATCHES[what]
        held = {"session_id": session.id, "session_revision": session.revision + off}
        held |= {"compared_at": session.signed_in_at, "verdict": "agrees", "is_proof": proves}
        db.session.add(PunchMatch(**held, **street))


def _every_kind(tenant: Tenant) -> list[DutySession]:
    """One session of every kind of record and of every set of proofs."""
    made = []
    kinds = itertools.product(
        ("phone", "dingtalk"), TAPS, (True, False), (True, None), (True, False), (30, None)
    )
    for place, (source, taps, fits, confirmed, is_served, minutes) in enumerate(kinds):
        day, at = divmod(place, 14)
        session = work.session(
            tenant,
            date(2026, 3, 1) + timedelta(days=day),
            minutes,
            at=time(6 + at),
            source=source,
            community_confirmed=confirmed,
        )
        db.session.flush()
        for timing in taps:
            _tap(session, timing, fits=fits)
        if is_served:
            _served(session)
        _vouch(session, PROOFS_OF_OTHERS[place % len(PROOFS_OF_OTHERS)])
        made.append(session)
    db.session.flush()
    return made


@pytest.mark.usefixtures("context")
def test_both_grade_alike(tenant: Tenant) -> None:
    with as_scope(tenant.scope):
        sessions = _every_kind(tenant)
        expected = {one: graded.grade for one, graded in evidence.of(sessions).items()}
        g.member = tenant.member()
        taps = taps_since()
        query = visible(DutySession).with_only_columns(DutySession.id, grade_by(taps))
        found = dict(db.session.execute(query.join(taps, true())).all())
    assert set(Counter(expected.values())) == set("ABCD")
    assert found == expected


def test_every_proof_is_found_and_every_record_has_its_letters() -> None:
    assert set(PROOFS) == set(Proof)
    assert set(TABLE) == set(Record)
    assert len({len(row) for row in TABLE.values()}) == 1
