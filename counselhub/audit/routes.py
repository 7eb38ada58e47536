"""Pages of the record: search, export, the record of one thing, and the heads of days."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from counselhub.audit import export, queries
from counselhub.audit.filters import Asked, Cursor, asked, cursor
from counselhub.audit.queries import PER_PAGE, Act, DayHead
from counselhub.audit.telling import tell
from counselhub.audit.things import THINGS, opened
from counselhub.audit.wording import ACTS, SUBJECTS, act_word, subject_word
from counselhub.core import clock, downloads, history, htmx, paging
from counselhub.core.access import can, current_member, require
from counselhub.core.freshness import fresh
from counselhub.core.history import Event, Outcome
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind

bp = Blueprint("audit", __name__)
OF_OFFICE = ("statement", "statement_line", "account")


@bp.get("/audit")
@require(Permission.AUDIT_READ)
def acts() -> ResponseReturnValue:
    """Search the acts of the own tenant."""
    search = asked(request.args)
    found = queries.acts(
        current_member(), search, cursor(request.args.get("after")), limit=PER_PAGE + 1
    )
    shown = found[:PER_PAGE]
    more = Cursor(shown[-1].at, shown[-1].id) if len(found) > PER_PAGE else None
    return htmx.show(
        "audit/acts.html",
        rows=tell(shown),
        asked=search,
        more=str(more) if more else None,
        is_first=request.args.get("after") is None,
        kinds=_kinds(),
        things=THINGS,
        days=current_app.config["AUDIT_DAYS"],
    )


def _kinds() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the choices of the filter: of each thing its code, its word and its acts."""
    is_firm = current_member().scope.kind is ScopeKind.FIRM
    return [
        (subject, subject_word(subject), [(f"{subject}.{a}", act_word(subject, a)) for a in words])
        for subject, words in ACTS.items()
        if subject in SUBJECTS and (is_firm or subject in OF_OFFICE)
    ]


@bp.get("/audit/export.csv")
@require(Permission.AUDIT_READ)
@fresh
def export_acts() -> ResponseReturnValue:
    """Give a search as a file; that it was taken is an act too, kept before the first line goes."""
    search, member = asked(request.args), current_member()
    if request.method == "GET":  # who asks for the head alone takes nothing
        history.note("export_audit", scope=member.scope, by=member, filters=_filters(search))
    name = f"audit-{clock.today():%Y%m%d}.csv"
    return downloads.streamed(export.lines(member, search), name, downloads.CSV)


def _filters(search: Asked) -> str:
    return "，".join(f"{name}={value}" for name, value in search.words().items())


@bp.get("/audit/things/<subject>/<uuid:thing_id>")
@require(Permission.FIRM_READ, Permission.REVIEW_READ, Permission.AUDIT_READ)
def thing(subject: str, thing_id: UUID) -> ResponseReturnValue:
    """Show everything that was done to one thing."""
    found = opened(subject, thing_id)
    return htmx.show(
        "audit/thing.html",
        subject=subject,
        word=subject_word(subject),
        title=found.title,
        page=found.page,
        is_gone=found.is_gone,
        rows=tell([_act(event) for event in found.events]),
        addresses=can(Permission.AUDIT_READ),
    )


def _act(event: Event) -> Act:
    return Act(
        id=event.id,
        at=event.at,
        subject=event.subject,
        subject_id=event.subject_id,
        act=event.act,
        outcome=Outcome.DONE.value,
        who=event.actor_name,
        side=event.actor_side,
        address=event.address,
        from_status=event.from_status,
        to_status=event.to_status,
        detail=event.detail,
        changes=event.changes,
    )


@bp.get("/audit/heads")
@require(Permission.REVIEW_READ, Permission.AUDIT_READ)
def heads() -> ResponseReturnValue:
    """Show the last link of each day, for a second pair of eyes to keep."""
    firms = queries.firms_in_sight()
    chosen = request.args.get("firm", type=UUID)
    page: Any = paging.paged(queries.day_heads(chosen))
    return htmx.show(
        "audit/heads.html",
        page=page,
        heads=[DayHead(*row) for row in page.items],
        firms=firms,
        chosen=chosen,
    )
