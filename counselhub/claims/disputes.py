"""Keep what identifies a dispute: sealed for the firm, digested for the comparison of all."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from counselhub.claims import dossier_queries as queries
from counselhub.claims import identity
from counselhub.claims.dossier_models import DisputeKey
from counselhub.claims.kinds import Basis
from counselhub.claims.models import CaseClaim
from counselhub.core import data_keys, history, personal
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.sealing import KeyRing, Place, UnsealError, key_of
from counselhub.core.tenancy import as_firm
from counselhub.people.queries import every_firm
from counselhub.services.models import ServiceRecord

EVERYBODY = UUID(int=0)
"""Whose key the digests have: one for all firms, so that equals are equal."""


def typed(row: DisputeKey | None) -> str:
    """Return the text of a key in full, "" for none and where it does not open."""
    if row is None or row.sealed is None:
        return ""
    try:
        return data_keys.ring().unseal(row.sealed, _place(row))
    except UnsealError:
        return ""


def masked(row: DisputeKey | None) -> list[str]:
    """Return the parties of a key as pages show them: 张**."""
    return [personal.masked_name(one) for one in identity.parties_of(typed(row))]


def identify(claim: CaseClaim, parties: str, aid_number: str, *, by: Member) -> None:
    """Keep the parties of a claim and its legal-aid number; blank keeps what is there.

    Raises RefusedError for fewer than two parties, too many, or one that is too long.
    """
    if parties:
        _refuse_unfit(identity.parties_of(parties))
        _keep(claim, Basis.PARTIES, parties, by)
    if aid_number:
        _keep(claim, Basis.AID, aid_number, by)


def _refuse_unfit(names: Sequence[str]) -> None:
    if len(names) < 2:
        raise RefusedError(_("纠纷至少有两方，请用分号或逗号把当事人隔开。"), at="parties")
    if len(names) > identity.MOST_PARTIES or max(map(len, names)) > identity.LONGEST_PARTY:
        raise RefusedError(
            _(
                "最多 %(most)d 方，每方不超过 %(long)d 个字。",
                most=identity.MOST_PARTIES,
                long=identity.LONGEST_PARTY,
            ),
            at="parties",
        )


def keep_up(claim: CaseClaim) -> None:
    """Digest the parties anew when kind or month of a claim changed."""
    row = queries.keys_of(claim.id).get(Basis.PARTIES)
    if row is not None and row.sealed is not None:
        _write(row, typed(row), claim)


def _keep(claim: CaseClaim, basis: Basis, text: str, by: Member) -> None:
    row = queries.keys_of(claim.id).get(basis)
    if row is None:
        row = DisputeKey(id=uuid7(), claim_id=claim.id, basis=basis)
        row.firm_id = claim.firm_id
        db.session.add(row)
    elif typed(row) == text:
        return
    _write(row, text, claim)
    history.record(claim, "identify", by=by, basis=basis.value)
    db.session.flush()


def _write(row: DisputeKey, text: str, claim: CaseClaim) -> None:
    row.month, row.street_code = claim.closed_on.replace(day=1), claim.street_code
    ring = data_keys.writing_ring()
    row.sealed = ring.seal(text, _place(row))
    row.digest = _digest(ring, row, text, claim.dispute_kind)


def _digest(ring: KeyRing, row: DisputeKey, text: str, kind: str | None) -> str:
    if row.basis == Basis.AID:
        compared = identity.number_key(text)
    else:
        compared = identity.parties_key(identity.parties_of(text), kind, row.month)
    return ring.digests(f"{row.basis} {compared}", EVERYBODY)[0]


def name_aid_case(service: ServiceRecord, number: str, *, by: Member) -> None:
    """Keep the legal-aid case number of a service, or take it off when it is blank."""
    row = queries.aid_of(service.id)
    if typed(row) == number:
        return
    if not number:
        db.session.delete(row)
    else:
        row = row or _aid_key(service)
        ring = data_keys.writing_ring()
        row.sealed = ring.seal(number, _place(row))
        row.digest = _digest(ring, row, number, None)
        db.session.add(row)
    history.record(service, "name_aid_case", by=by)
    db.session.flush()


def _aid_key(service: ServiceRecord) -> DisputeKey:
    return DisputeKey(
        id=uuid7(),
        firm_id=service.firm_id,
        service_id=service.id,
        basis=Basis.AID,
        street_code=service.street_code,
        month=service.day.replace(day=1),
    )


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal and digest every firm's keys under the writing key; return how many, and keys needed.

    One that does not open is left as it is. Commits each firm.
    """
    count, needed = 0, set()
    for firm_id, _code in every_firm():
        with as_firm(firm_id):
            query = (
                select(DisputeKey, CaseClaim.dispute_kind)
                .outerjoin(CaseClaim, CaseClaim.id == DisputeKey.claim_id)
                .where(DisputeKey.sealed.is_not(None))
                .where(func.split_part(DisputeKey.sealed, ".", 2) != ring.writing)
            )
            for row, kind in db.session.execute(query).all():
                if text := typed(row):
                    row.sealed = ring.seal(text, _place(row))
                    row.digest = _digest(ring, row, text, kind)
                    count += 1
                else:
                    needed.add(key_of(row.sealed or ""))
            db.session.commit()
    return count, needed


def _place(row: DisputeKey) -> Place:
    return Place(row.firm_id, DisputeKey.__tablename__, row.id, "sealed")
