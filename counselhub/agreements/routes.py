"""Pages of contracts' texts: the library of clauses, a contract's papers and its filing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from counselhub.agreements import actions, builtin, queries, rules
from counselhub.agreements.forms import (
    ClauseForm,
    DraftForm,
    FilingForm,
    ScanForm,
    clause_form,
    draft_form,
    filing_form,
)
from counselhub.agreements.kinds import PaperKind
from counselhub.agreements.models import ContractClause, ContractPaper
from counselhub.contracts.kinds import ContractKind, PaidBy
from counselhub.contracts.models import Contract
from counselhub.core import history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.downloads import attachment
from counselhub.core.forms import given, text
from counselhub.core.permissions import Permission
from counselhub.instalments.queries import of_contract
from counselhub.pairings.scans import MIMETYPES
from counselhub.products.document_models import DocumentTemplate
from counselhub.products.word import DOCX

bp = Blueprint("agreements", __name__)
P = Permission
CLAUSES, CLAUSE, PAPERS = (f"agreements/{name}.html" for name in ("clauses", "clause", "papers"))
TYPES = {**MIMETYPES, "docx": DOCX}


@bp.get("/contract-clauses")
@require(P.CONTRACT_MANAGE)
def clauses() -> ResponseReturnValue:
    """List the clauses, with the form of a new one."""
    return htmx.show(CLAUSES, **_library())


def _library(*, refusal: str = "", form: ClauseForm | None = None) -> dict[str, Any]:
    rows = queries.clauses()
    last = max((one.position for one in rows), default=0)
    new = ClauseForm(formdata=None, data={"position": min(999, last + 10)})
    return {
        "rows": rows,
        "form": form or new,
        "refusal": refusal,
        "fields": rules.KNOWN,
        "ContractKind": ContractKind,
        "built_in": len(builtin.CLAUSES),
    }


@bp.post("/contract-clauses")
@require(P.CONTRACT_MANAGE)
def create_clause() -> ResponseReturnValue:
    """Add a clause."""
    form = ClauseForm()

    def act() -> ResponseReturnValue:
        actions.save_clause(None, form.entry(), by=current_member())
        return told(_("条款已添加"), url_for(".clauses"))

    return attempt(form, act, _library, page=CLAUSES, form=form)


@bp.post("/contract-clauses/start")
@require(P.CONTRACT_MANAGE)
def create_start() -> ResponseReturnValue:
    """Copy the clauses that every contract has into an empty library."""
    count = actions.take_builtin(by=current_member())
    words = (
        _("已放入 %(count)s 条常用条款", count=count) if count else _("条款库已有内容，没有改动")
    )
    return told(words, url_for(".clauses"))


@bp.get("/contract-clauses/<uuid:clause_id>")
@require(P.CONTRACT_MANAGE)
def clause(clause_id: UUID) -> ResponseReturnValue:
    """Show a clause to be changed."""
    return htmx.show(CLAUSE, **_one(fetch(ContractClause, clause_id)))


def _one(
    row: ContractClause, *, refusal: str = "", form: ClauseForm | None = None
) -> dict[str, Any]:
    return {
        "clause": row,
        "form": form or clause_form(row),
        "refusal": refusal,
        "fields": rules.KNOWN,
    }


@bp.post("/contract-clauses/<uuid:clause_id>")
@require(P.CONTRACT_MANAGE)
def change_clause(clause_id: UUID) -> ResponseReturnValue:
    """Change a clause."""
    row, form = fetch(ContractClause, clause_id), ClauseForm()

    def act() -> ResponseReturnValue:
        history.expect(row, form.seen)
        actions.save_clause(row, form.entry(), by=current_member())
        return told(_("条款已保存；以前生成的合同文本不变"), url_for(".clauses"))

    def look(**more: Any) -> dict[str, Any]:
        return _one(fetch(ContractClause, clause_id), **more)

    return attempt(form, act, look, page=CLAUSE, form=form)


@bp.post("/contract-clauses/<uuid:clause_id>/removal")
@require(P.CONTRACT_MANAGE)
def create_clause_removal(clause_id: UUID) -> ResponseReturnValue:
    """Delete a clause."""
    actions.remove_clause(fetch(ContractClause, clause_id), by=current_member())
    return told(_("条款已删除"), url_for(".clauses"))


@bp.get("/contracts/<uuid:contract_id>/papers")
@require(P.CONTRACT_MANAGE)
def papers(contract_id: UUID) -> ResponseReturnValue:
    """Show a contract's texts and scans, and what it lacks before it is filed."""
    return htmx.show(PAPERS, **_shown(fetch(Contract, contract_id)))


def _shown(row: Contract, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    there = queries.papers_of(row.id)
    lacking = rules.lacking(
        signed_on=row.signed_on,
        kinds=[one.kind for one in there],
        pays_by_instalments=row.paid_by != PaidBy.STATEMENT,
        has_plan=bool(of_contract(row)),
    )
    return {
        "contract": row,
        "papers": there,
        "lacking": lacking,
        "may_file": row.status in actions.AFTER_SIGNING,
        "refusal": refusal,
        "PaperKind": PaperKind,
        "draft": draft_form(row),
        "scan": ScanForm(formdata=None),
        "filing": filing_form(row),
        **forms,
    }


def _attempted(
    contract_id: UUID, form: Any, name: str, act: Callable[[Contract], None], toast: str
) -> ResponseReturnValue:
    """Do `act` on a contract and come back to its papers; name: of the form there."""

    def whole() -> ResponseReturnValue:
        act(row)
        return told(toast, url_for(".papers", contract_id=contract_id))

    def look(**more: Any) -> dict[str, Any]:
        return _shown(fetch(Contract, contract_id), **more)

    row = fetch(Contract, contract_id)
    return attempt(form, whole, look, page=PAPERS, **{name: form})


@bp.post("/contracts/<uuid:contract_id>/drafts")
@require(P.CONTRACT_MANAGE)
def create_draft(contract_id: UUID) -> ResponseReturnValue:
    """Make the text as Word file and PDF."""
    form = DraftForm().offer(fetch(Contract, contract_id))

    def act(row: Contract) -> None:
        template_id = form.template_id()
        template = (
            fetch(DocumentTemplate, template_id, None, undefer(DocumentTemplate.content)).content
            if template_id
            else None
        )
        actions.draft(row, form.chosen(), template, by=current_member())

    return _attempted(contract_id, form, "draft", act, _("合同文本已生成，可以下载"))


@bp.post("/contracts/<uuid:contract_id>/scans")
@require(P.CONTRACT_MANAGE)
def create_scan(contract_id: UUID) -> ResponseReturnValue:
    """Keep a scan of the signed contract."""
    form = ScanForm()

    def act(row: Contract) -> None:
        actions.add_scan(row, *form.sent(), by=current_member())

    return _attempted(contract_id, form, "scan", act, _("签署件已保存"))


@bp.post("/contracts/<uuid:contract_id>/filing-number")
@require(P.CONTRACT_MANAGE)
def create_filing_number(contract_id: UUID) -> ResponseReturnValue:
    """Note number and day of the filing."""
    form = FilingForm()

    def act(row: Contract) -> None:
        history.expect(row, form.seen)
        actions.note_filing(
            row, text(form.number), given(form.filed_on), form.sent(), by=current_member()
        )

    return _attempted(contract_id, form, "filing", act, _("备案信息已保存"))


@bp.get("/contract-papers/<uuid:contract_paper_id>")
@require(P.CONTRACT_MANAGE)
def paper(contract_paper_id: UUID) -> ResponseReturnValue:
    """Hand out a paper as it is kept."""
    row = fetch(ContractPaper, contract_paper_id, None, undefer(ContractPaper.content))
    return attachment(actions.content_of(row), row.name, TYPES[row.ending])
