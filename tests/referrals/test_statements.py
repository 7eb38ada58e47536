"""A referral's page asks few statements in every state, whoever reads it."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.referrals import actions, after_actions, handing, offering
from counselhub.referrals.after_actions import Told, Visit
from counselhub.referrals.kinds import FeedbackTo
from counselhub.referrals.models import Referral
from tests.counting import statements
from tests.referrals.conftest import Firm

MOST = 8


def test_in_every_state(firm: Firm, formed: Callable[..., UUID], as_manager: FlaskClient) -> None:
    """From its offers to its end, with a feedback, a visit and an asked change of hands."""
    referral_id = formed()
    readers = {
        "manager": as_manager,
        "manager who is a lawyer": firm.client(firm.fourth_id, Role.MANAGER),
        "asker": firm.client(firm.tenant.adviser_id),
        "receiver": firm.client(firm.tenant.backup_id),
        "leader": firm.client(firm.leader_id),
    }
    seen: dict[tuple[str, str], int] = {}
    for state in states(firm, referral_id):
        for name, reader in readers.items():
            reader.get(f"/referrals/{referral_id}")
            seen[state, name] = asked_by(reader, f"/referrals/{referral_id}")
    assert {state for state, _name in seen} >= {"formed", "accepted", "opined", "closed"}
    assert {who: count for who, count in seen.items() if count > MOST} == {}


def asked_by(reader: FlaskClient, address: str) -> int:
    """How many statements a page asks."""
    with statements() as sent:
        assert reader.get(address).status_code == 200
    return len(sent)


def test_whom_to_ask(firm: Firm, asked: Callable[..., UUID], as_manager: FlaskClient) -> None:
    """With a client to compare, which is the most that a check asks: one more than elsewhere."""
    firm.attach_client()
    address = f"/referrals/{asked()}/formation"
    assert asked_by(as_manager, address) <= MOST + 1


def states(firm: Firm, referral_id: UUID) -> Iterator[str]:
    """Take the referral from state to state; yields the one that it is in."""
    tenant = firm.tenant
    by = tenant.member(adviser_id=tenant.backup_id)
    seen = Visit(date(2026, 10, 8), "甲路一号", tenant.backup_id, "网格员", "已核对工资条")
    told = Told(FeedbackTo.BOTH, date(2026, 10, 8), "已告知")
    steps: list[Callable[[Referral], object]] = [
        lambda row: None,
        lambda row: offering.accept(row, by=by),
        lambda row: after_actions.visit(row, seen, by=by),
        lambda row: handing.ask_transfer(row, firm.fourth_id, "休假", revision=None, by=by),
        lambda row: actions.confer(row, by=by),
        lambda row: actions.conclude(row, "先申请支付令", by=by),
        lambda row: after_actions.feed_back(row, told, revision=None, by=by),
        lambda row: actions.close(row, revision=None, by=by),
    ]
    for step in steps:
        with firm.inside():
            row = db.session.get_one(Referral, (tenant.firm_id, referral_id))
            step(row)
            db.session.commit()
            state = row.status
        yield state
