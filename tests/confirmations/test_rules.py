"""What a session has of its community, as a table; the database says the same in a list."""

import itertools
from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

import pytest
from flask import Flask

from counselhub.confirmations import queries
from counselhub.confirmations.kinds import Answer, RequestStatus, Standing
from counselhub.confirmations.models import ConfirmationRequest, SessionAnswer
from counselhub.confirmations.rules import AnswerFact, is_over, standing
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from tests.duty.conftest import DAY, NOON, load
from tests.factories import Tenant

YES, NO = Answer.CONFIRMED, Answer.DISPUTED
S = Standing


@pytest.mark.parametrize(
    ("last", "is_noted", "is_asked", "expected"),
    [
        pytest.param(None, False, False, S.LACKING, id="nobody was asked"),
        pytest.param(None, False, True, S.ASKED, id="a link is out"),
        pytest.param(None, True, False, S.CONFIRMED, id="EVID-7 a signature on paper"),
        pytest.param((YES, False, False), True, False, S.CONFIRMED, id="confirmed"),
        pytest.param((YES, True, False), False, False, S.OVERTAKEN, id="EVID-7 changed since"),
        pytest.param((YES, True, False), True, False, S.CONFIRMED, id="changed, then on paper"),
        pytest.param((YES, True, False), False, True, S.ASKED, id="changed, asked again"),
        pytest.param((NO, False, False), False, False, S.DISPUTED, id="disputed"),
        pytest.param((NO, False, False), True, True, S.DISPUTED, id="EVID-7 paper ends no dispute"),
        pytest.param((NO, False, True), False, False, S.SETTLED, id="dealt with"),
        pytest.param((NO, False, True), False, True, S.ASKED, id="dealt with, asked again"),
    ],
)
def test_standing(
    last: tuple[Answer, bool, bool] | None, is_noted: bool, is_asked: bool, expected: Standing
) -> None:
    fact = AnswerFact(*last) if last else None
    assert standing(fact, is_noted=is_noted, is_asked=is_asked) is expected


def test_a_link_is_over_on_the_minute() -> None:
    assert not is_over(RequestStatus.OPEN, NOON, NOON - timedelta(seconds=1))
    assert is_over(RequestStatus.OPEN, NOON, NOON)
    assert not is_over(RequestStatus.ANSWERED, NOON, NOON)


@pytest.mark.usefixtures("noon")
def test_the_list_finds_by_the_same_rule(
    app: Flask, tenant: Tenant, make_session: Callable[..., UUID]
) -> None:
    """Every case of answer, mark and link: the filter of the list agrees with the rule."""
    lasts = [None, (YES, False), (YES, True), (NO, False), (NO, True)]
    cases = list(itertools.product(lasts, (False, True), (False, True)))
    made = [
        make_session(time(0, 2 * at), time(0, 2 * at + 1), community_confirmed=noted or None)
        for at, (_last, noted, _asked) in enumerate(cases)
    ]
    with app.app_context(), as_scope(tenant.scope):
        for session_id, (last, _noted, is_asked) in zip(made, cases, strict=True):
            if last:
                _answer(tenant, session_id, *last)
            if is_asked:
                db.session.add(_request(tenant, session_id, "open"))
        db.session.flush()
        sessions = [load(one) for one in made]
        shown = {key: card.standing for key, card in queries.cards(sessions).items()}
        with app.test_request_context():
            from flask import g

            g.member = tenant.member()
            for state in Standing:
                asked = {"community": "", "state": state.value, "q": ""}
                query = queries.session_list(DAY, DAY, asked, "day")
                found = {row.id for row in db.session.scalars(query)}
                assert found == {key for key, one in shown.items() if one is state}, state
    assert set(shown.values()) == set(Standing)


def _request(tenant: Tenant, session_id: UUID, status: str) -> ConfirmationRequest:
    town = tenant.town
    return ConfirmationRequest(
        community_code=town.communities[0],
        street_code=town.street_code,
        session_id=session_id,
        status=status,
        made_at=NOON,
        made_by="测试员",
        expires_at=NOON + timedelta(hours=1),
        answered_at=NOON if status == "answered" else None,
    )


def _answer(tenant: Tenant, session_id: UUID, answer: Answer, is_over: bool) -> None:
    request = _request(tenant, session_id, "answered")
    db.session.add(request)
    db.session.flush()
    is_disputed = answer is NO
    over = NOON if is_over else None
    db.session.add(
        SessionAnswer(
            request_id=request.id,
            session_id=session_id,
            answer=answer,
            words="不符" if is_disputed else None,
            answered_at=NOON,
            overtaken_at=None if is_disputed else over,
            settled_at=over if is_disputed else None,
            settled_words="已核对" if is_disputed and is_over else None,
        )
    )
