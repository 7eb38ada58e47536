"""Keep clauses, make the text of a contract, keep its scans, note its filing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.agreements import builtin, queries, rules
from counselhub.agreements.kinds import PaperKind
from counselhub.agreements.models import ContractClause, ContractPaper
from counselhub.agreements.rules import CLAUSES, Wording
from counselhub.contracts.kinds import ContractStatus
from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.downloads import safe_name
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.pairings import scans
from counselhub.products import filling, pdf, word
from counselhub.products.papers import Block, Heading, Paper, Words

SAME_TITLE = "uq_contract_clause_firm_id_title"
MOST_CLAUSES, MOST_PAPERS = 60, 60
SIGNATURES = ("甲方（盖章）：　　　　　　　　　日期：", "乙方（盖章）：　　　　　　　　　日期：")
AFTER_SIGNING = (ContractStatus.SIGNED, ContractStatus.FILED, ContractStatus.ACTIVE)
"""States of a contract whose filing is noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseEntry:
    """A clause as it is written; contract_kind None for both."""

    title: str
    body: str
    position: int
    contract_kind: str | None
    is_mandatory: bool


def save_clause(row: ContractClause | None, entry: ClauseEntry, *, by: Member) -> ContractClause:
    """Add a clause or change one; texts that were made stay as they are.

    Raises RefusedError for a title that is taken, a field that no contract knows, one too many.
    """
    if unknown := rules.unknown_fields(entry.body):
        raise RefusedError(
            _(
                "没有字段“%(names)s”，可用的字段是：%(known)s。",
                names=listed(unknown),
                known=listed(rules.KNOWN),
            ),
            at="body",
        )
    if row is None and len(queries.clauses()) >= MOST_CLAUSES:
        raise RefusedError(_("最多 %(most)d 条，请先删除不用的。", most=MOST_CLAUSES))
    clause = row or ContractClause()
    try:
        with db.session.begin_nested():
            for name in ("title", "body", "position", "contract_kind", "is_mandatory"):
                setattr(clause, name, getattr(entry, name))
            db.session.add(clause)
    except IntegrityError as error:
        if constraint_of(error) != SAME_TITLE:
            raise
        raise RefusedError(
            _("已经有一条叫“%(title)s”的条款，请修改那一条。", title=entry.title), at="title"
        ) from error
    if row is None:
        history.record(clause, "add_clause", by=by)
    else:
        history.record(clause, "change", by=by)
    return clause


def take_builtin(*, by: Member) -> int:
    """Copy the clauses that every contract has into an empty library; return how many."""
    if queries.clauses():
        return 0
    for place, (one, is_mandatory) in enumerate(builtin.CLAUSES, 1):
        entry = ClauseEntry(
            title=one.title,
            body=one.body,
            position=place * 10,
            contract_kind=None,
            is_mandatory=is_mandatory,
        )
        save_clause(None, entry, by=by)
    return len(builtin.CLAUSES)


def remove_clause(row: ContractClause, *, by: Member) -> None:
    """Delete a clause; texts that have it stay."""
    history.record(row, "remove_clause", by=by)
    db.session.delete(row)


def draft(
    contract: Contract, chosen: Sequence[ContractClause], template: bytes | None, *, by: Member
) -> list[ContractPaper]:
    """Make the text as Word file and as PDF, and keep both.

    template: the firm's own Word file, None for the plain skeleton; the PDF has the same clauses in
    the house's layout. Raises RefusedError when a mandatory clause is missing, UploadError for a
    template that cannot be filled.
    """
    _refuse_missing(contract, chosen)
    facts = queries.facts_of(contract, by.title)
    known = rules.fields_of(facts)
    articles = rules.articles([Wording(one.title, one.body) for one in chosen], known)
    paper = _paper(facts.kind, rules.filled(builtin.HEAD, known), articles)
    text = "\n".join(line for one in articles for line in (one.title, one.body))
    made = (
        word.docx(paper) if template is None else filling.filled(template, {**known, CLAUSES: text})
    )
    titles = [one.title for one in chosen]
    papers = [
        _keep(
            contract, PaperKind.DRAFT, f"合同 {contract.number}.{ending}", ending, data, by, titles
        )
        for ending, data in (("docx", made), ("pdf", pdf.pdf(paper)))
    ]
    history.record(contract, "draft_contract", by=by, sha256=papers[0].digest, count=len(articles))
    return papers


def _refuse_missing(contract: Contract, chosen: Sequence[ContractClause]) -> None:
    ids = {one.id for one in chosen}
    missing = [
        one.title
        for one in queries.clauses(contract.kind)
        if one.is_mandatory and one.id not in ids
    ]
    if missing:
        raise RefusedError(_("必备条款不能少：%(titles)s。", titles=listed(missing)), at="clauses")
    if not chosen:
        raise RefusedError(_("请至少选一条条款。"), at="clauses")


def _paper(kind: str, head: str, articles: Sequence[Wording]) -> Paper:
    blocks: list[Block] = [Words(head)]
    for one in articles:
        blocks += [Heading(one.title), Words(one.body)]
    return Paper(kind, blocks, SIGNATURES, "", clock.today())


def _keep(
    contract: Contract,
    kind: PaperKind,
    name: str,
    ending: str,
    data: bytes,
    by: Member,
    clauses: Sequence[str] = (),
) -> ContractPaper:
    """Keep a paper; the very same one again is the one that is there. Raises RefusedError."""
    digest = hashlib.sha256(data).hexdigest()
    there = queries.papers_of(contract.id)
    if same := next((one for one in there if (one.kind, one.digest) == (kind, digest)), None):
        return same
    if len(there) >= MOST_PAPERS:
        raise RefusedError(_("一份合同最多 %(most)d 个文件。", most=MOST_PAPERS))
    row = ContractPaper(
        contract_id=contract.id,
        kind=kind,
        name=safe_name(name),
        ending=ending,
        digest=digest,
        clauses=list(clauses),
        added_at=clock.now(),
        added_by_name=by.name,
        content=data,
    )
    db.session.add(row)
    db.session.flush()
    return row


def add_scan(contract: Contract, name: str, data: bytes, *, by: Member) -> ContractPaper:
    """Keep a scan of the signed contract. Raises RefusedError for what is no PDF or picture."""
    row = _keep(contract, PaperKind.SCAN, name, scans.ending_of(data), data, by)
    history.record(contract, "add_contract_scan", by=by, sha256=row.digest, name=row.name)
    return row


def note_filing(
    contract: Contract,
    number: str,
    filed_on: date,
    receipt: tuple[str, bytes] | None,
    *,
    by: Member,
) -> None:
    """Note number and day of the filing, with its receipt (name, bytes) if there is one.

    Raises RefusedError before the signature, or for a day before it or to come.
    """
    if contract.status not in AFTER_SIGNING or contract.signed_on is None:
        raise RefusedError(_("合同签订以后才能备案。"))
    if not contract.signed_on <= filed_on <= clock.today():
        raise RefusedError(
            _("备案日期应在签订日期 %(day)s 和今天之间。", day=contract.signed_on), at="filed_on"
        )
    contract.filing_number, contract.filed_on = number, filed_on
    if receipt is not None:
        name, data = receipt
        _keep(contract, PaperKind.RECEIPT, name, scans.ending_of(data), data, by)
    history.record(contract, "note_filing", by=by, number=number, filed_on=str(filed_on))


def content_of(row: ContractPaper) -> bytes:
    """Return the very bytes that were kept. Raises ConflictError when they are not those."""
    if hashlib.sha256(row.content).hexdigest() != row.digest:
        raise ConflictError(_("保存的文件与上传时的摘要不符，请联系平台运维。"))
    return row.content
