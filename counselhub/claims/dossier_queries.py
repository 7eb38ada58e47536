"""What is known of dossiers: where they stand, what they hold, what they clash with."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, case, func, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import TIMESTAMP

from counselhub.claims import checklist, queries
from counselhub.claims.classing import Scale
from counselhub.claims.dossier_models import (
    ClaimDossier,
    ClaimFile,
    ClaimFileContent,
    ClaimPaper,
    ClaimScale,
    DisputeKey,
)
from counselhub.claims.kinds import Basis, ClaimStatus, Document, PaperState
from counselhub.claims.models import CaseClaim
from counselhub.claims.queries import COMPLETE
from counselhub.claims.states import WITH_OFFICE
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.places.models import Street

stage: ColumnElement[str] = case(
    (ClaimDossier.status.in_(sorted(WITH_OFFICE)), ClaimDossier.status),
    (COMPLETE, ClaimStatus.READY.value),
    else_=ClaimStatus.DRAFT.value,
)
"""Where a claim stands, outer-joined with its dossier: the facts decide before it is declared."""


STAGES = frozenset(WITH_OFFICE | {ClaimStatus.READY})


def claim_list(first: date, last: date, asked: dict[str, str], sort: str) -> Select[Any]:
    """Select the claims of a span of days with what stands beside each, as `queries` does.

    asked: its state may be one of STAGES too.
    """
    query = queries.claim_list(first, last, asked, sort)
    query = query.outerjoin(ClaimDossier, ClaimDossier.id == CaseClaim.id)
    if asked["state"] in STAGES:
        query = query.where(stage == asked["state"])
    return query.add_columns(ClaimDossier)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that a dossier holds: a file, or what was said of a document."""

    document: str
    id: UUID
    state: str
    """`photo` or `scan` of a file; `on_paper` or `not_needed` of what was said."""
    words: str
    """Who brought a file; the reason why a document is not needed."""
    size_bytes: int | None = None
    arrived_at: datetime | None = None

    @property
    def is_file(self) -> bool:
        """Whether there is a file."""
        return self.state not in set(PaperState)


@dataclass(frozen=True, slots=True)
class Holding:
    """What the dossier of one claim holds."""

    held: Sequence[Held] = ()

    def of(self, document: str) -> list[Held]:
        """Return what there is of a document."""
        return [one for one in self.held if one.document == document]

    @property
    def there(self) -> set[str]:
        """The documents that are on file or in the cabinet."""
        return {one.document for one in self.held if one.state != PaperState.NOT_NEEDED}

    @property
    def spared(self) -> set[str]:
        """The documents that are not needed."""
        return {one.document for one in self.held if one.state == PaperState.NOT_NEEDED}

    def missing(self, claim: CaseClaim) -> list[Document]:
        """Return what the claim's class still asks for (DOSSIER-1 to 5)."""
        return checklist.missing(claim.difficulty, claim.form, self.there, self.spared)

    def snapshot(self, claim: CaseClaim) -> dict[str, str]:
        """Return how each document stands: `filed`, `on_paper`, `not_needed` or `missing`."""
        lacking = set(self.missing(claim))
        found: dict[str, str] = {}
        for document in Document:
            own = self.of(document)
            if any(one.is_file for one in own):
                found[document] = "filed"
            elif own:
                found[document] = own[0].state
            elif document in lacking:
                found[document] = "missing"
        return found


def digests_of(claim_id: UUID, document: str) -> set[str]:
    """Return the digests of a document's files."""
    query = select(ClaimFile.digest).where(
        ClaimFile.claim_id == claim_id, ClaimFile.document == document
    )
    return set(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class Clash:
    """The same dispute somewhere else: by what, in which month, at which street; nothing more."""

    basis: Basis
    month: date
    street: str
    is_aid: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim of a list with its state, what it lacks and what it clashes with."""

    claim: CaseClaim
    stage: ClaimStatus
    missing: Sequence[Document]
    clashes: Sequence[Clash] = field(default_factory=tuple)
    dossier: ClaimDossier | None = None

    @property
    def is_declared_by_import(self) -> bool:
        """导入声明: somebody said that the dossier is complete, the checklist does not yet."""
        return self.claim.dossier_complete and bool(self.missing)


def stage_of(claim: CaseClaim, dossier: ClaimDossier | None) -> ClaimStatus:
    """Return where a claim stands: as stage does in the database."""
    if dossier is not None and dossier.status in WITH_OFFICE:
        return ClaimStatus.of(dossier.status)
    ready = claim.fulfilled and claim.dossier_complete
    return ClaimStatus.READY if ready else ClaimStatus.DRAFT


def dossier_of(claim_id: UUID) -> ClaimDossier | None:
    """Return what is kept beside a claim, None before anything was."""
    return db.session.scalar(visible(ClaimDossier).where(ClaimDossier.id == claim_id))


def holdings(claim_ids: Collection[UUID]) -> Mapping[UUID, Holding]:
    """Return what the dossiers of claims hold, with one statement for any number of them."""
    if not claim_ids:
        return {}
    no_time = null().cast(TIMESTAMP(timezone=True))
    said = select(
        ClaimPaper.claim_id, ClaimPaper.document, ClaimPaper.id, ClaimPaper.state,
        ClaimPaper.reason, literal(None).label("size"), no_time.label("at"),
    ).where(ClaimPaper.claim_id.in_(claim_ids))  # fmt: skip
    sent = select(
        ClaimFile.claim_id, ClaimFile.document, ClaimFile.id, ClaimFile.kind.cast(String),
        ClaimFile.arrived_by_name, ClaimFile.size_bytes, ClaimFile.arrived_at,
    ).where(ClaimFile.claim_id.in_(claim_ids))  # fmt: skip
    found: dict[UUID, list[Held]] = {one: [] for one in claim_ids}
    for claim_id, *parts in db.session.execute(union_all(sent, said)):
        found[claim_id].append(Held(*parts))
    return {one: Holding(sorted(held, key=_oldest)) for one, held in found.items()}


def _oldest(held: Held) -> tuple[str, str]:
    """Order files by their arrival; what was only said has none and stands first."""
    return held.arrived_at.isoformat() if held.arrived_at else "", str(held.id)


def holding(claim_id: UUID) -> Holding:
    """Return what one dossier holds."""
    return holdings([claim_id])[claim_id]


def clashes(claim_ids: Collection[UUID]) -> Mapping[UUID, list[Clash]]:
    """Return where else the disputes of claims stand: over statements, firms and legal aid.

    Of another firm only month and street are told (DISPUTE-1 to 3).
    """
    found: dict[UUID, list[Clash]] = {one: [] for one in claim_ids}
    if not found:
        return found
    other = func.dispute_clashes(list(claim_ids)).table_valued(
        "claim_id", "basis", "month", "street_code", "is_aid", "is_own"
    )
    query = select(other, Street.name).join(Street, Street.code == other.c.street_code)
    for claim_id, basis, month, _code, is_aid, is_own, street in db.session.execute(query):
        found[claim_id].append(Clash(Basis.of(basis), month, street, is_aid, is_own))
    return found


def shown(rows: Iterable[tuple[CaseClaim, ClaimDossier | None]]) -> list[Shown]:
    """Return claims as lists show them, with two statements for any number of them."""
    rows = list(rows)
    ids = [claim.id for claim, _dossier in rows]
    held, clashing = holdings(ids), clashes(ids)
    return [
        Shown(
            claim,
            stage_of(claim, dossier),
            held[claim.id].missing(claim),
            clashing[claim.id],
            dossier,
        )
        for claim, dossier in rows
    ]


def scale() -> tuple[Scale, int | None]:
    """Return the firm's thresholds of classes with their revision, None for the usual ones."""
    row = db.session.scalar(select(ClaimScale))
    if row is None:
        return Scale(), None
    steps: list[Any] = [tuple(one) for one in (row.persons, row.amount_fen, row.sittings)]
    return Scale(*steps), row.revision


def keys_of(claim_id: UUID) -> Mapping[str, DisputeKey]:
    """Return what identifies the dispute of a claim, by basis."""
    rows = db.session.scalars(select(DisputeKey).where(DisputeKey.claim_id == claim_id))
    return {row.basis: row for row in rows}


def aid_of(service_id: UUID) -> DisputeKey | None:
    """Return the legal-aid case number of a service record, None where there is none."""
    return db.session.scalar(select(DisputeKey).where(DisputeKey.service_id == service_id))


def content_of(file: ClaimFile) -> bytes | None:
    """Return a file's content, None once its time was over."""
    return db.session.scalar(
        select(ClaimFileContent.content).where(
            ClaimFileContent.firm_id == file.firm_id, ClaimFileContent.file_id == file.id
        )
    )


def count_lacking(first: date, last: date) -> Select[int]:
    """Select how many claims closed on these days cannot be paid as they stand (M8)."""
    query = visible(CaseClaim).with_only_columns(func.count())
    return query.where(CaseClaim.closed_on.between(first, last), ~COMPLETE)


def with_dossiers(ids: Collection[UUID]) -> list[tuple[CaseClaim, ClaimDossier | None]]:
    """Return claims with what stands beside them, by their numbers."""
    query = (
        visible(CaseClaim)
        .where(CaseClaim.id.in_(ids))
        .outerjoin(ClaimDossier, ClaimDossier.id == CaseClaim.id)
        .add_columns(ClaimDossier)
        .order_by(CaseClaim.number)
    )
    return [(claim, dossier) for claim, dossier in db.session.execute(query)]
