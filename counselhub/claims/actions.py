"""Add and change case claims (以案定补)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.claims import disputes, dossier_actions, dossier_queries, queries
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.claims.models import CaseClaim
from counselhub.clients import cases
from counselhub.clients.cases import NOBODY, Party
from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.services.kinds import DisputeKind

SAME_NUMBER = "uq_case_claim_firm_id_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A claim as it is written."""

    number: str
    accepted_on: date
    closed_on: date
    community_code: str
    adviser_id: UUID
    dispute_kind: DisputeKind | None
    difficulty: Difficulty
    form: AgreementForm
    fulfilled: bool


def add(entry: Entry, party: Party = NOBODY, *, by: Member) -> CaseClaim:
    """Add a claim; party: the client whom it names.

    Raises RefusedError for impossible days, ConflictError naming the claim that has the number,
    FrozenError in a closed month.
    """
    _refuse_impossible(entry)
    claim = CaseClaim(**_columns(entry))
    present = cases.judge(claim, party)
    with _written(entry):
        db.session.add(claim)
    history.record(claim, "add", by=by, street_code=claim.street_code)
    cases.name_client(claim, party, present, by=by)
    return claim


def change(
    claim: CaseClaim, entry: Entry, party: Party, *, revision: int | None, by: Member
) -> None:
    """Change a claim and whom it names. Raises as `add` does, ConflictError for a stale page.

    Whether the dossier is complete follows the class that it now has. The client may still be named
    when the month is closed: no figure rests on it.
    """
    history.expect(claim, revision)
    _refuse_impossible(entry)
    present = cases.judge(claim, party)
    was_complete = not dossier_queries.holding(claim.id).missing(claim)
    if _change_columns(claim, entry, by):
        dossier_actions.settle(claim, was_complete=was_complete, by=by)
        disputes.keep_up(claim)
    cases.name_client(claim, party, present, by=by)


def _change_columns(claim: CaseClaim, entry: Entry, by: Member) -> bool:
    wanted = _columns(entry)
    before = {name: str(old) for name in wanted if (old := getattr(claim, name)) != wanted[name]}
    if not before:
        return False
    with _written(entry):
        for name, value in wanted.items():
            setattr(claim, name, value)
        history.record(claim, "change", by=by, street_code=claim.street_code, before=before)
    return True


def _columns(entry: Entry) -> dict[str, Any]:
    return asdict(entry) | {"street_code": entry.community_code[:9]}


def _refuse_impossible(entry: Entry) -> None:
    if entry.closed_on < entry.accepted_on:
        raise RefusedError(_("结案日期不能早于受理日期。"), at="closed_on")
    if entry.closed_on > clock.today():
        raise RefusedError(_("结案日期不能晚于今天。"), at="closed_on")


@contextmanager
def _written(entry: Entry) -> Iterator[None]:
    """Write a claim inside; a taken number is told with the claim that has it."""
    try:
        with guarded():
            yield
    except IntegrityError as error:
        if constraint_of(error) != SAME_NUMBER:
            raise
        raise ConflictError(_taken(entry.number, queries.by_number(entry.number))) from error


def _taken(number: str, other: CaseClaim | None) -> str:
    if other is None:
        return str(_("案件编号 %(number)s 刚刚被登记，请刷新后再看。", number=number))
    return str(
        _(
            "案件编号 %(number)s 已经登记过（%(place)s，%(day)s 结案）。一案只补一次，不能重复。",
            number=number,
            place=other.community.short_name,
            day=other.closed_on,
        )
    )
