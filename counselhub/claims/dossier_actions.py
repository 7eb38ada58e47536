"""Fill a dossier: the case in numbers, its papers, the return visit; say when it is complete."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from counselhub.claims import checklist, course, disputes
from counselhub.claims import dossier_queries as queries
from counselhub.claims.classing import Scale
from counselhub.claims.dossier_models import (
    ClaimDossier,
    ClaimFile,
    ClaimFileContent,
    ClaimPaper,
    ClaimScale,
)
from counselhub.claims.kinds import ClaimStatus, Document, PaperState, VisitResult, VisitWay
from counselhub.claims.models import CaseClaim
from counselhub.claims.papers import MOST_FILES, Sheet
from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, FrozenError, IllegalMoveError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.members import Member

OPEN = frozenset({ClaimStatus.DRAFT, ClaimStatus.READY})


@dataclass(frozen=True, slots=True)
class Numbers:
    """A case in numbers, None what is not known; amount_fen: at stake, whole fen."""

    persons: int | None
    amount_fen: int | None
    sittings: int | None
    is_group: bool
    is_violent: bool


def describe(
    claim: CaseClaim,
    numbers: Numbers,
    parties: str,
    aid_number: str,
    *,
    revision: int | None,
    by: Member,
) -> None:
    """Keep a case in numbers and whose it is.

    Raises RefusedError for unfit parties, ConflictError for a stale page, IllegalMoveError once the
    claim was declared.
    """
    dossier = _open(claim, revision)
    disputes.identify(claim, parties, aid_number, by=by)
    for name, value in asdict(numbers).items():
        setattr(dossier, name, value)
    # The first save begins the dossier, even when nothing is known yet.
    if db.session.is_modified(dossier) or dossier.revision == 1:
        history.record(dossier, "describe_case", by=by)
    db.session.flush()


def _open(claim: CaseClaim, revision: int | None) -> ClaimDossier:
    dossier = course.opened([claim])[0]
    history.expect(dossier, revision)
    if dossier.status not in OPEN:
        raise IllegalMoveError(
            _(
                "案件现在是“%(status)s”，卷宗已随申报封存；要改动请先撤回申报。",
                status=ClaimStatus.of(dossier.status).label,
            ),
            row=dossier,
        )
    return dossier


def add_files(claim: CaseClaim, document: Document, sheets: Sequence[Sheet], *, by: Member) -> str:
    """Put files to a document; the same one twice is one. Return a sentence, "" for nothing to say.

    Raises RefusedError for too many, IllegalMoveError once the claim was declared.
    """
    _open(claim, None)
    before = queries.holding(claim.id)
    files = [one for one in before.of(document) if one.is_file]
    if len(files) + len(sheets) > MOST_FILES:
        raise RefusedError(_("每样文书最多 %(most)d 个文件。", most=MOST_FILES))
    there = queries.digests_of(claim.id, document)
    new = {sheet.digest: sheet for sheet in sheets if sheet.digest not in there}
    kept = [digest for sheet in new.values() if (digest := _keep(claim, document, sheet, by))]
    if not kept:
        return ""
    _unsay(claim, document)
    history.record(claim, "add_papers", by=by, document=document.value, sha256=kept)
    return settle(claim, was_complete=not before.missing(claim), by=by)


def _keep(claim: CaseClaim, document: Document, sheet: Sheet, by: Member) -> str:
    file = ClaimFile(
        claim_id=claim.id,
        document=document,
        kind=sheet.kind,
        digest=sheet.digest,
        size_bytes=len(sheet.content),
        arrived_at=clock.now(),
        arrived_by_name=by.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(file)
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != "uq_claim_file_firm_id_claim_id_document_digest":
            raise
        return ""
    db.session.add(ClaimFileContent(file_id=file.id, content=sheet.content))
    return sheet.digest


def _unsay(claim: CaseClaim, document: str) -> None:
    db.session.execute(
        delete(ClaimPaper).where(
            ClaimPaper.firm_id == claim.firm_id,
            ClaimPaper.claim_id == claim.id,
            ClaimPaper.document == document,
        ),
        execution_options={"synchronize_session": False},
    )


def say(
    claim: CaseClaim, document: Document, state: PaperState | None, reason: str, *, by: Member
) -> str:
    """Say that a document lies in the cabinet or is not needed; state None takes that back.

    Return a sentence, "" for nothing to say. Raises RefusedError without a reason, or for one of
    the main documents (DOSSIER-5), IllegalMoveError once the claim was declared.
    """
    _open(claim, None)
    if state is PaperState.NOT_NEEDED:
        if not checklist.may_be_spared(document, claim.form):
            raise RefusedError(_("“%(name)s”是主要文书，不能省略。", name=document.label))
        if not reason:
            raise RefusedError(_("请写明为什么不需要，复核时会看到。"))
    was_complete = not queries.holding(claim.id).missing(claim)
    _unsay(claim, document)
    if state is not None:
        row = ClaimPaper(claim_id=claim.id, document=document, state=state)
        row.reason = reason if state is PaperState.NOT_NEEDED else ""
        db.session.add(row)
    db.session.flush()
    told = state.value if state else ""
    history.record(claim, "say_paper", by=by, document=document.value, state=told)
    return settle(claim, was_complete=was_complete, by=by)


def remove_file(claim: CaseClaim, file: ClaimFile, *, by: Member) -> str:
    """Take a file out of the dossier. Raises IllegalMoveError once the claim was declared."""
    _open(claim, None)
    was_complete = not queries.holding(claim.id).missing(claim)
    history.record(claim, "remove_paper", by=by, document=file.document, sha256=file.digest)
    db.session.delete(file)
    db.session.flush()
    return settle(claim, was_complete=was_complete, by=by)


def settle(claim: CaseClaim, *, was_complete: bool, by: Member) -> str:
    """Turn the claim's word over when its checklist did; a declaration of an import stands.

    Return the sentence of the closed month that keeps the word as it was, "" otherwise.
    """
    complete = not queries.holding(claim.id).missing(claim)
    if complete == claim.dossier_complete or complete == was_complete:
        return ""
    try:
        with guarded():
            claim.dossier_complete = complete
            history.record(claim, "change", by=by, street_code=claim.street_code)
    except FrozenError as frozen:
        db.session.refresh(claim)
        return frozen.message
    return ""


def by_checklist(claim: CaseClaim, *, by: Member) -> None:
    """Let the checklist decide instead of what an import declared. Raises FrozenError."""
    _open(claim, None)
    complete = not queries.holding(claim.id).missing(claim)
    if claim.dossier_complete == complete:
        raise ConflictError(_("这件案件已经按清单核对。"), row=claim)
    with guarded():
        claim.dossier_complete = complete
        history.record(claim, "change", by=by, street_code=claim.street_code)


def visit(
    claim: CaseClaim,
    on: date,
    way: VisitWay,
    result: VisitResult,
    *,
    revision: int | None,
    by: Member,
) -> None:
    """Record that the parties were asked afterwards; also once the claim was declared.

    Raises RefusedError for a day before the settlement or in the future, ConflictError.
    """
    dossier = course.opened([claim])[0]
    history.expect(dossier, revision)
    if not claim.closed_on <= on <= clock.today():
        raise RefusedError(_("回访日期须在结案之后、今天以前。"))
    dossier.visit_on, dossier.visit_way, dossier.visit_result = on, way, result
    dossier.visited_by_name = by.name
    history.record(dossier, "visit_parties", by=by)
    db.session.flush()


def set_scale(scale: Scale, *, revision: int | None, by: Member) -> None:
    """Keep the firm's thresholds. Raises RefusedError unless each step is higher than the last."""
    if not scale.is_rising():
        raise RefusedError(_("三档要一档比一档高，而且都大于 0。"))
    values = {name: list(steps) for name, steps in asdict(scale).items()}
    first = insert(ClaimScale).values(firm_id=by.firm_id, id=uuid7(), revision=1, **values)
    made = db.session.execute(first.on_conflict_do_nothing().returning(ClaimScale.firm_id)).first()
    row = db.session.scalars(select(ClaimScale)).one()
    if not made:
        history.expect(row, -1 if revision is None else revision)
        for name, steps in values.items():
            setattr(row, name, steps)
    history.record(row, "set_scale", by=by)
    db.session.flush()
