"""What streets have paid and the firm has not received; write-offs and their limit."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import RevisionForm, text
from counselhub.core.freshness import fresh
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission
from counselhub.receipts import pages, queries, writing_off
from counselhub.receipts.forms import WordsForm, WriteOffForm, YuanForm
from counselhub.receipts.models import WriteOff
from counselhub.receipts.routes.blueprint import bp
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

P = Permission
LIST, ONE = "receipts/receivables.html", "receipts/receivable.html"


@bp.get("/receivables")
@require(P.RECEIPT_MANAGE)
def receivables() -> ResponseReturnValue:
    """List what streets have paid, with what of it arrived."""
    return htmx.show(LIST, **_listed())


def _listed(*, refusal: str = "", limit_form: YuanForm | None = None) -> dict[str, Any]:
    q, tab = request.args.get("q", "").strip(), request.args.get("tab", "")
    rule, limit_fen = queries.rule(), queries.limit_fen()
    revision = rule.revision if rule else ""
    return {
        "page": paging.paged(queries.receivables(q, is_open=tab != "all")),
        "waiting": queries.waiting_write_offs(),
        "asked": {"q": q, "tab": tab},
        "Status": StatementStatus,
        "limit_fen": limit_fen,
        "limit_form": limit_form
        or YuanForm(formdata=None, revision=revision, amount=format_yuan(limit_fen)),
        "refusal": refusal,
        **pages.words(),
    }


@bp.post("/receivables/limit")
@require(P.RECEIPT_MANAGE)
@fresh
def create_limit() -> ResponseReturnValue:
    """Set up to which amount one person lets a difference go."""
    form = YuanForm()

    def act() -> ResponseReturnValue:
        writing_off.set_limit(form.amount_fen, by=current_member(), revision=form.seen)
        return told(_("限额已保存"), url_for(".receivables"))

    return attempt(form, act, _listed, page=LIST, field=form.amount, limit_form=form)


@bp.get("/receivables/<uuid:statement_id>")
@require(P.RECEIPT_MANAGE)
def receivable(statement_id: UUID) -> ResponseReturnValue:
    """Show what arrived for one statement, from which receipts, and what was let go."""
    return htmx.show(ONE, **_shown(statement_id))


def _shown(statement_id: UUID, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    found = fetch(Statement, statement_id, None, joinedload(Statement.street))
    received, written = queries.balance(statement_id)
    due = (found.paid_fen or 0) - received - written
    return {
        "statement": found,
        "received": received,
        "written": written,
        "due": due,
        "receipts": queries.receipts_of(statement_id),
        "write_offs": queries.write_offs(statement_id),
        "limit_fen": queries.limit_fen(),
        "form": WriteOffForm(formdata=None, amount=format_yuan(due)),
        "undo_form": WordsForm(formdata=None),
        "undone": None,
        "Status": StatementStatus,
        "refusal": refusal,
        **pages.words(),
        **forms,
    }


def _page(statement_id: UUID) -> str:
    return url_for(".receivable", statement_id=statement_id)


@bp.post("/receivables/<uuid:statement_id>/write-offs")
@require(P.RECEIPT_MANAGE)
def create_write_off(statement_id: UUID) -> ResponseReturnValue:
    """Let a difference go, or ask another person to."""
    found, form = fetch(Statement, statement_id), WriteOffForm()

    def act() -> ResponseReturnValue:
        row = writing_off.ask(found, form.amount_fen, text(form.words), by=current_member())
        sentence = _("超过限额，已提请另一人核准") if row.is_over_limit else _("已核销")
        return told(sentence, _page(statement_id))

    return attempt(form, act, partial(_shown, statement_id), page=ONE, form=form)


@bp.post("/write-offs/<uuid:write_off_id>/approval")
@require(P.RECEIPT_MANAGE)
@fresh
def create_write_off_approval(write_off_id: UUID) -> ResponseReturnValue:
    """Agree to a write-off above the limit."""
    return _decided(write_off_id, writing_off.approve, _("已核准核销"))


@bp.post("/write-offs/<uuid:write_off_id>/refusal")
@require(P.RECEIPT_MANAGE)
@fresh
def create_write_off_refusal(write_off_id: UUID) -> ResponseReturnValue:
    """Do not agree to a write-off."""
    return _decided(write_off_id, writing_off.refuse, _("未核准，差额仍待处理"))


def _decided(write_off_id: UUID, decide: Callable[..., None], sentence: str) -> ResponseReturnValue:
    row, form = fetch(WriteOff, write_off_id), RevisionForm()
    statement_id = row.statement_id

    def act() -> ResponseReturnValue:
        decide(row, by=current_member(), revision=form.seen)
        return told(sentence, _page(statement_id))

    return attempt(form, act, partial(_shown, statement_id), page=ONE)


@bp.post("/write-offs/<uuid:write_off_id>/undoing")
@require(P.RECEIPT_MANAGE)
@fresh
def create_write_off_undoing(write_off_id: UUID) -> ResponseReturnValue:
    """Take a write-off back."""
    row, form = fetch(WriteOff, write_off_id), WordsForm()
    statement_id = row.statement_id

    def act() -> ResponseReturnValue:
        writing_off.undo(row, text(form.words), by=current_member(), revision=form.seen)
        return told(_("已撤销核销"), _page(statement_id))

    look, kept = partial(_shown, statement_id), {"undo_form": form, "undone": write_off_id}
    return attempt(form, act, look, page=ONE, field=form.words, **kept)
