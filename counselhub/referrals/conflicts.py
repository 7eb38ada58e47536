"""Conflicts of interest of a referral: matters know the parties and say who may not take it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.advisers.models import Adviser
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.labels import Labelled
from counselhub.core.members import Member
from counselhub.matters.interests import interests
from counselhub.matters.kinds import ConflictCode
from counselhub.referrals.kinds import Conflict
from counselhub.referrals.models import Referral


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says of a referral, and of each lawyer who may not take it."""

    verdict: Conflict = Conflict.UNKNOWN
    codes: tuple[ConflictCode, ...] = ()
    matter_id: UUID | None = None
    barred: Mapping[UUID, tuple[Labelled, ...]] = field(default_factory=dict)

    def of(self, adviser_id: UUID) -> Conflict:
        """Return what is known of one lawyer: a conflict of the firm need not be his."""
        if adviser_id in self.barred:
            return Conflict.POSSIBLE
        return Conflict.UNKNOWN if self.verdict is Conflict.UNKNOWN else Conflict.NONE

    def why(self, adviser_id: UUID) -> str:
        """Return why a lawyer may not take it, in words that tell of no other matter."""
        return str(_("、")).join(one.label for one in self.barred.get(adviser_id, ()))


def found(referral: Referral, matter_id: UUID | None = None) -> Found:
    """Check a referral for the matter it is tied to, or is to be; two statements at most."""
    of_it = matter_id or referral.matter_id
    known = interests(referral.firm_id, referral.service_id, of_it)
    if not known.is_known:
        return Found()
    verdict = Conflict.POSSIBLE if known.codes else Conflict.NONE
    return Found(verdict, known.codes, known.matter_id, known.barred)


def note(referral: Referral, what: Found, *, by: Member) -> None:
    """Write what a check says, and record that it was made."""
    referral.conflict = what.verdict
    referral.conflict_codes = [one.value for one in what.codes]
    referral.conflict_matter_id = what.matter_id if what.codes else None
    codes = referral.conflict_codes
    history.record(referral, "check_conflict", by=by, conflict=what.verdict.value, codes=codes)


def refuse(what: Found, adviser_ids: Iterable[UUID]) -> None:
    """Raise RefusedError naming the first lawyer who may not take part, and why."""
    ids = [one for one in adviser_ids if one in what.barred]
    if not ids:
        return
    query = select(Adviser.id, Adviser.name).where(Adviser.id.in_(ids))
    row = db.session.execute(query.order_by(Adviser.pinyin, Adviser.id)).first()
    if row is not None:
        raise RefusedError(_("%(name)s不能参与：%(why)s。", name=row.name, why=what.why(row.id)))


def reasons(codes: Iterable[str]) -> str:
    """Return the reasons that codes stand for, as one line."""
    return str(_("、")).join(ConflictCode.of(code).label for code in codes)
