"""Write, sign, begin, renew and end agreements between party organisations."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.pairings import queries, scans
from counselhub.pairings.kinds import OPEN, PAIRING_FLOW, WORKING, PairingStatus
from counselhub.pairings.models import Pairing, PairingRule
from counselhub.pairings.scans import Sent
from counselhub.places.models import Community

SAME_DAY = "uq_pairing_firm_id_community_code_signed_on"
RENEWED = "uq_pairing_firm_id_renews_id"
TERM_OVER = "协议期满"
"""Why an agreement ended whose last day has passed; kept as it is written here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An agreement as it is written; valid_until None: no end. topics: codes of `Topic`."""

    community_code: str
    party_a: str
    party_b: str
    valid_until: date | None
    topics: Sequence[str] = ()
    content: str | None = None
    principles: str | None = None


def add(entry: Entry, *, by: Member, renews: Pairing | None = None) -> Pairing:
    """Write a draft; renews: the agreement that it continues.

    Raises ConflictError when that one has a successor already, naming its community.
    """
    if renews is not None and renews.status == PairingStatus.DRAFT:
        raise IllegalMoveError(_("草稿还没有签订，请直接修改它。"), row=renews)
    pairing = Pairing(
        street_code=entry.community_code[:9],
        renews_id=renews.id if renews else None,
        **_columns(entry),
    )
    with _written(pairing):
        db.session.add(pairing)
    history.record(pairing, "add", by=by)
    if renews is not None:
        history.record(renews, "renew_pairing", by=by, street_code=renews.street_code)
    return pairing


def change(
    pairing: Pairing, entry: Entry, *, signed_on: date | None, revision: int | None, by: Member
) -> None:
    """Change an agreement that has not ended; signed_on: of a signed one, which keeps its place.

    Raises RefusedError for impossible days, ConflictError for a stale page or the day taken.
    """
    history.expect(pairing, revision)
    if pairing.status not in OPEN:
        raise IllegalMoveError(_("协议已经结束，不能再修改；要继续共建，请续签新的协议。"))
    is_draft = pairing.status == PairingStatus.DRAFT
    if not is_draft:
        _judge_days(signed_on or pairing.signed_on, entry.valid_until)
        if entry.community_code != pairing.community_code:
            raise RefusedError(
                _("协议已经签订，社区不能更换；另签的请新登记一份。"), at="community_code"
            )
    with _written(pairing):
        for name, value in _columns(entry).items():
            setattr(pairing, name, value)
        pairing.street_code = entry.community_code[:9]
        if not is_draft:
            pairing.signed_on = signed_on or pairing.signed_on
        history.record(pairing, "change", by=by, street_code=_told(pairing))


def _columns(entry: Entry) -> dict[str, Any]:
    return asdict(entry) | {"topics": list(entry.topics)}


def _told(pairing: Pairing) -> str | None:
    """Return the street whose office may know of an act: none as long as it is a draft."""
    return None if pairing.status == PairingStatus.DRAFT else pairing.street_code


def _judge_days(signed_on: date | None, valid_until: date | None) -> None:
    if signed_on and signed_on > clock.today():
        raise RefusedError(_("签订日期不能晚于今天。"), at="signed_on")
    if signed_on and valid_until and valid_until < signed_on:
        raise RefusedError(_("有效期不能早于签订日期。"), at="valid_until")


def drop(pairing: Pairing, *, revision: int | None, by: Member) -> None:
    """Delete a draft with what was prepared for it. Raises IllegalMoveError once it is signed."""
    history.expect(pairing, revision)
    if pairing.status != PairingStatus.DRAFT:
        raise IllegalMoveError(_("协议已经签订，不能删除，只能结束。"), row=pairing)
    history.record(pairing, "drop_draft", by=by, community=pairing.community_code)
    db.session.flush()
    db.session.delete(pairing)


def sign(
    pairing: Pairing, signed_on: date, sent: Sequence[Sent], *, revision: int | None, by: Member
) -> None:
    """Record that both sides have signed, with the scan.

    Raises RefusedError without any scan or for impossible days, ConflictError for a stale page or
    when an agreement of this community and day is there.
    """
    history.expect(pairing, revision)
    if pairing.status != PairingStatus.DRAFT:
        raise IllegalMoveError(_("这份协议已经签订过了，请看最新内容。"), row=pairing)
    _judge_days(signed_on, pairing.valid_until)
    if not sent and not queries.scans_of(pairing.id):
        raise RefusedError(_("请上传双方签字盖章的协议扫描件（PDF 或照片）。"), at="scans")
    for one in sent:
        scans.add(pairing, one, by=by)
    with _written(pairing, signed_on):
        pairing.signed_on = signed_on
        history.advance(
            pairing, PAIRING_FLOW, "sign_pairing", by=by, street_code=pairing.street_code
        )


def activate(pairing: Pairing, *, revision: int | None, by: Member) -> None:
    """Begin to work under it. Raises RefusedError when its last day has passed."""
    history.expect(pairing, revision)
    if pairing.valid_until and pairing.valid_until < clock.today():
        raise RefusedError(
            _("协议到 %(day)s 已经到期，请改有效期或续签新的协议。", day=pairing.valid_until)
        )
    history.advance(
        pairing, PAIRING_FLOW, "activate_pairing", by=by, street_code=pairing.street_code
    )


def end(pairing: Pairing, ended_on: date, reason: str, *, revision: int | None, by: Member) -> None:
    """End it with a reason. Raises RefusedError for a day before the signature or after today."""
    history.expect(pairing, revision)
    first = pairing.signed_on or ended_on
    if not first <= ended_on <= clock.today():
        raise RefusedError(_("结束日期应在签订日期 %(day)s 和今天之间。", day=first))
    _end(pairing, ended_on, reason, by)


def _end(pairing: Pairing, ended_on: date, reason: str, by: Member) -> None:
    pairing.ended_on, pairing.end_reason = ended_on, reason
    history.advance(
        pairing, PAIRING_FLOW, "end_pairing", by=by, street_code=pairing.street_code, reason=reason
    )


def expire(*, by: Member) -> int:
    """End the firm's agreements whose last day has passed; return how many."""
    query = select(Pairing).where(Pairing.status.in_(WORKING), Pairing.valid_until < clock.today())
    found = db.session.scalars(query.with_for_update()).all()
    for pairing in found:
        if pairing.valid_until is not None:
            _end(pairing, pairing.valid_until, TERM_OVER, by)
    return len(found)


def set_notice(days: int, *, by: Member) -> None:
    """Settle how many days before its last day an agreement asks for renewal, 1 to 365."""
    rule = queries.rule()
    if rule is None:
        rule = PairingRule(notice_days=days)
        db.session.add(rule)
    rule.notice_days = days
    db.session.flush()
    history.record(rule, "change", by=by, days=days)


@contextmanager
def _written(pairing: Pairing, signed_on: date | None = None) -> Iterator[None]:
    """Write inside; what is in the way is named. signed_on: the day that is being written."""
    code, day, renews_id = pairing.community_code, signed_on, pairing.renews_id
    try:
        with db.session.begin_nested():
            yield
            day = pairing.signed_on
            code = pairing.community_code
            db.session.flush()
    except IntegrityError as error:
        match constraint_of(error):
            case name if name == SAME_DAY:
                raise ConflictError(_same_day(code, day)) from error
            case name if name == RENEWED and renews_id is not None:
                raise ConflictError(
                    _("这份协议已经续签过了，请打开列表里续签的那一份。")
                ) from error
        raise


def _same_day(code: str, day: date | None) -> str:
    place = db.session.get(Community, code)
    name = place.short_name if place else code
    return str(_("%(place)s %(day)s 已经登记过一份结对协议，请修改那一份。", place=name, day=day))
