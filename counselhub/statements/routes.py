"""Pages of a firm's months and statements, and the acts on a statement."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.core import clock, history, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, NotFoundError
from counselhub.core.forms import text
from counselhub.core.freshness import fresh
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.people.models import Firm
from counselhub.services import inspecting
from counselhub.services.inspection import count_by_community
from counselhub.statements import actions, due, pages
from counselhub.statements.case_course import steps_of
from counselhub.statements.forms import AccountForm, ActForm, MakeForm, VoidForm
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.month_view import month_view
from counselhub.statements.queries import (
    account,
    live_statements,
    statement_list,
    streets_without,
)
from counselhub.statements.records import records_of
from counselhub.statements.states import STATUSES

bp = Blueprint("statements", __name__)
bp.add_app_template_global(steps_of, "case_steps_of")
"""The first page is the running month; statements stand below /statements."""


@bp.get("/month")
@require(Permission.STATEMENT_READ)
def month() -> ResponseReturnValue:
    """Show the month as it stands: required, done, missing, and the money at stake."""
    asked = paging.asked_month()
    given = {name: request.args.get(name, "") for name in ("show", "q", "sort", "direction")}
    view = month_view(
        asked,
        show=given["show"],
        words=given["q"],
        sort=given["sort"] or "gap",
        backwards=given["direction"] == "desc",
    )
    return htmx.show(
        "statements/month.html",
        view=view,
        page=pages.slice_of(view.rows),
        month=asked,
        made=live_statements(asked),
        notices=due.notices(asked),
        lacks=count_by_community(inspecting.of_month(asked)),
        today=clock.today(),
        **pages.month_links(asked),
        statuses=STATUSES,
        tones=pages.TONES,
        **given,
    )


@bp.get("/statements")
@require(Permission.STATEMENT_READ)
def statements() -> ResponseReturnValue:
    """List the firm's statements, and the streets that still lack the month's."""
    return _list_page()


def _list_page(refusal: DomainError | None = None) -> ResponseReturnValue:
    asked = pages.list_asked()
    page = paging.paged(statement_list(**asked.filters))
    due = asked.month or clock.previous_month(clock.this_month())
    show = htmx.show if refusal is None else _answer_to(refusal)
    return show(
        "statements/statements.html",
        page=page,
        asked=asked,
        due=due,
        statuses=STATUSES,
        tones=pages.TONES,
        tabs_of=pages.GROUPS,
        missing=streets_without(due),
        refusal=refusal,
    )


def _answer_to(refusal: DomainError) -> Callable[..., ResponseReturnValue]:
    """Another act came first (409), or the input breaks a rule (422)."""
    return htmx.refused if isinstance(refusal, ConflictError) else htmx.invalid


@bp.post("/statements")
@require(Permission.STATEMENT_PREPARE)
def create_statement() -> ResponseReturnValue:
    """Make a street's statement of a month, or work a draft out again."""
    form = MakeForm()
    asked = paging.month_of(form.month.data)
    if not form.validate_on_submit() or asked is None:
        raise NotFoundError()
    try:
        made = actions.compute(text(form.street_code), asked, current_member())
    except DomainError as refusal:
        db.session.rollback()
        return _list_page(refusal)
    return htmx.gone_to(url_for(".statement", statement_id=made.id))


@bp.post("/statements/batches")
@require(Permission.STATEMENT_PREPARE)
def create_batch() -> ResponseReturnValue:
    """Let the worker make every street's statement of a month."""
    asked = paging.month_of(request.form.get("month", ""))
    if asked is None:
        raise NotFoundError()
    work_id = actions.ask_batch(asked, by=current_member())
    return htmx.gone_to(url_for("work.work", work_id=work_id))


@bp.get("/statements/<uuid:statement_id>")
@require(Permission.STATEMENT_READ)
def statement(statement_id: UUID) -> ResponseReturnValue:
    """Show a statement: total, funding, lines with their traces, history, and what can be done."""
    found = fetch(Statement, statement_id, None, joinedload(Statement.street))
    return htmx.show(
        "statements/statement.html", "statements/_statement.html", **pages.statement_page(found)
    )


def _act(
    statement_id: UUID,
    permission: Permission,
    act: Callable[[Statement, Member], object],
    form: ActForm,
    toast: str,
) -> ResponseReturnValue:
    """Do `act` on a statement as the page showed it; a refusal shows it as it now is."""
    found = fetch(Statement, statement_id, permission)
    try:
        history.expect(found, form.revision.data)
        act(found, current_member())
        db.session.flush()
    except DomainError as refusal:
        db.session.rollback()
        now = fetch(Statement, statement_id)
        return _answer_to(refusal)(
            "statements/statement.html",
            "statements/_statement.html",
            **pages.statement_page(now, refusal=refusal.message),
        )
    db.session.expire_all()
    return htmx.changed(
        "statements/_statement.html",
        url_for(".statement", statement_id=statement_id),
        toast=toast,
        **pages.statement_page(found),
    )


@bp.post("/statements/<uuid:statement_id>/computation")
@require(Permission.STATEMENT_PREPARE)
def create_computation(statement_id: UUID) -> ResponseReturnValue:
    """Work a statement out again from the records of now."""
    return _act(
        statement_id,
        Permission.STATEMENT_PREPARE,
        lambda row, by: actions.compute(row.street_code, row.month, by),
        ActForm(),
        _("已按现有记录重新计算"),
    )


@bp.post("/statements/<uuid:statement_id>/certification")
@require(Permission.STATEMENT_CERTIFY)
@fresh
def create_certification(statement_id: UUID) -> ResponseReturnValue:
    """Stand for the amounts."""
    return _act(
        statement_id,
        Permission.STATEMENT_CERTIFY,
        actions.certify,
        ActForm(),
        _("已确认，可以提交司法所"),
    )


@bp.post("/statements/<uuid:statement_id>/reopening")
@require(Permission.STATEMENT_CERTIFY)
@fresh
def create_reopening(statement_id: UUID) -> ResponseReturnValue:
    """Take a certified statement back."""
    return _act(
        statement_id,
        Permission.STATEMENT_CERTIFY,
        actions.reopen,
        ActForm(),
        _("已退回编制"),
    )


@bp.post("/statements/<uuid:statement_id>/submission")
@require(Permission.STATEMENT_CERTIFY)
@fresh
def create_submission(statement_id: UUID) -> ResponseReturnValue:
    """Submit to the street's office; a queried statement is submitted again."""
    found = fetch(Statement, statement_id, Permission.STATEMENT_CERTIFY)
    act = actions.resubmit if found.version else actions.submit
    return _act(
        statement_id,
        Permission.STATEMENT_CERTIFY,
        act,
        ActForm(),
        _("已提交司法所，当月记录已封存"),
    )


@bp.post("/statements/<uuid:statement_id>/voiding")
@require(Permission.STATEMENT_CERTIFY)
@fresh
def create_voiding(statement_id: UUID) -> ResponseReturnValue:
    """Give a statement up, with the reason."""
    form = VoidForm()
    if not form.validate_on_submit():
        found = fetch(Statement, statement_id, Permission.STATEMENT_CERTIFY)
        return htmx.invalid(
            "statements/statement.html",
            "statements/_statement.html",
            **pages.statement_page(found, void_form=form),
        )
    return _act(
        statement_id,
        Permission.STATEMENT_CERTIFY,
        lambda row, by: actions.void(row, by, words=text(form.words)),
        form,
        _("已作废，当月记录已解封"),
    )


@bp.get("/statements/<uuid:statement_id>/lines/<uuid:line_id>")
@require(Permission.STATEMENT_READ)
def line(statement_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """Show the very records of a line."""
    found = fetch(Statement, statement_id)
    row = db.session.scalars(
        select(StatementLine).where(
            StatementLine.id == line_id, StatementLine.statement_id == found.id
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError()
    return htmx.show(
        "statements/line.html",
        "statements/_records.html",
        statement=found,
        line=row,
        records=records_of(row),
        **pages.words(),
    )


@bp.route("/account-for-payment", methods=["GET", "POST"])
@require(Permission.STATEMENT_PREPARE)
@fresh
def payment_account() -> ResponseReturnValue:
    """Ask for the account that the streets pay to."""
    row = account()
    form = AccountForm(obj=row)
    if form.validate_on_submit():
        actions.set_account(
            text(form.payee), text(form.bank), text(form.account), by=current_member()
        )
        return htmx.changed(
            "statements/_account.html",
            url_for(".payment_account"),
            toast=_("收款账户已保存，以后提交的结算单使用新账户"),
            form=form,
            row=account(),
        )
    if request.method != "POST" and row is None:
        form.payee.data = db.session.scalar(
            select(Firm.name).where(Firm.id == current_member().firm_id)
        )
    show = htmx.invalid if request.method == "POST" else htmx.show
    differs = actions.certifier_differs()
    return show(
        "statements/account.html", "statements/_account.html", form=form, row=row, differs=differs
    )


@bp.post("/account-for-payment/certifier")
@require(Permission.STATEMENT_CERTIFY)
@fresh
def change_certifier() -> ResponseReturnValue:
    """Ask for another person to certify than who worked the statement out, or no longer."""
    differs = request.form.get("differs") == "1"
    actions.set_certifier_differs(differs, by=current_member())
    return htmx.changed(
        "statements/_certifier.html",
        url_for(".payment_account", _anchor="certifier"),
        toast=_("已开启，须由另一人确认") if differs else _("已关闭"),
        differs=differs,
    )
