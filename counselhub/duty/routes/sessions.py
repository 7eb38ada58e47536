"""The desk's list of sessions: find, add by hand, correct, void."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.closing.queries import closed_within
from counselhub.confirmations import queries as community
from counselhub.core import clock, history, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, DomainError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.duty import (
    desk,
    evidence,
    listing,
    punch_queries,
    queries,
    session_queries,
    tapped,
    versions,
)
from counselhub.duty.forms import SessionForm, VoidForm, session_form
from counselhub.duty.kinds import CorrectionReason, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.duty.routes.blueprint import bp

FILTERS = ("community", "adviser", "status", "q")


@bp.get("/duty/sessions")
@require(Permission.FIRM_READ)
def sessions() -> ResponseReturnValue:
    """List the sessions of a month; a lawyer sees the own ones."""
    month, sort = paging.asked_month(), sorting.asked_sort(session_queries.SORTS)
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    lawyers, places = queries.advisers_and_communities()
    page = paging.paged(session_queries.session_list(month, clock.last_day(month), asked, sort))
    return htmx.show(
        "duty/sessions.html",
        page=page,
        lines=listing.lines(page.items),
        month=paging.month_links(month),
        asked=asked,
        sort=sort,
        today=clock.today(),
        advisers=lawyers,
        places=places,
    )


@bp.get("/duty/sessions/new")
@require(Permission.DUTY_MANAGE)
def new_session() -> ResponseReturnValue:
    """Ask for a missed session."""
    return htmx.show("duty/session_new.html", form=session_form())


@bp.post("/duty/sessions")
@require(Permission.DUTY_MANAGE)
def create_session() -> ResponseReturnValue:
    """Add a missed session by hand."""
    form = session_form()
    if form.validate_on_submit():
        try:
            made = _added(form)
        except (RefusedError, ConflictError) as refusal:
            return _not_added(form, refusal)
        return htmx.changed(
            "duty/_session.html",
            url_for(".session", session_id=made.id),
            toast=_("已补录一次值班"),
            **_one(made),
        )
    return htmx.invalid("duty/session_new.html", form=form)


def _added(form: SessionForm) -> DutySession:
    reason = CorrectionReason(form.reason.data)
    return desk.add(form.entry(), by=current_member(), reason=reason)


def _not_added(form: SessionForm, refusal: DomainError) -> ResponseReturnValue:
    show_refusal(form.signed_in, refusal)
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return answer("duty/session_new.html", form=form)


def _one(session: DutySession, **given: Any) -> dict[str, Any]:
    """What the page of one session shows: the form as the session now is, and the acts on it."""
    events = history.of(session)
    graded = evidence.of([session])[session.id]
    return {
        "session": session,
        "form": session_form(session, fresh=True),
        "void_form": VoidForm(prefix="void", formdata=None),
        "status": SessionStatus(session.status),
        "acts": listing.acts(events),
        "taps": tapped.shown(punch_queries.of_session(session)),
        "closed": closed_within([session.community_code], [(session.day, session.day)]),
        "own": desk.OWN if desk.must_ask(session.adviser_id, by=current_member()) else "",
        "versions": versions.shown(events),
        "graded": graded,
        "photos": graded.photos,
        "asked": community.cards([session])[session.id],
        "refusal": None,
    } | given


@bp.get("/duty/sessions/<uuid:session_id>")
@require(Permission.FIRM_READ)
def session(session_id: UUID) -> ResponseReturnValue:
    """Show one session with everything that was done to it."""
    found = fetch(DutySession, session_id)
    return htmx.show("duty/session.html", "duty/_session.html", **_one(found))


@bp.post("/duty/sessions/<uuid:session_id>")
@require(Permission.DUTY_MANAGE)
def update_session(session_id: UUID) -> ResponseReturnValue:
    """Correct a session."""
    found = fetch(DutySession, session_id, Permission.DUTY_MANAGE)
    form = session_form(found)
    if not form.validate_on_submit():
        return shown(htmx.invalid, found, form=form)
    try:
        _corrected(found, form)
    except RefusedError as refusal:
        show_refusal(form.signed_in, refusal)
        return shown(htmx.invalid, found, form=form)
    except ConflictError as refusal:
        return shown(htmx.refused, found, refusal=refusal.message)
    return _changed(found, _("已更正"))


def _corrected(found: DutySession, form: SessionForm) -> None:
    by, revision = current_member(), revision_of(form.revision)
    reason = CorrectionReason(form.reason.data)
    desk.correct(found, form.entry(), revision=revision, by=by, reason=reason)


@bp.post("/duty/sessions/<uuid:session_id>/voiding")
@require(Permission.DUTY_MANAGE)
def create_voiding(session_id: UUID) -> ResponseReturnValue:
    """Void a session, with a reason."""
    found = fetch(DutySession, session_id, Permission.DUTY_MANAGE)
    form = VoidForm(prefix="void")
    if not form.validate_on_submit():
        return shown(htmx.invalid, found, void_form=form)
    try:
        desk.void(found, by=current_member(), reason=text(form.reason))
    except RefusedError as refusal:
        return shown(htmx.invalid, found, void_form=form, refusal=refusal.message)
    except ConflictError as refusal:
        return shown(htmx.refused, found, refusal=refusal.message)
    return _changed(found, _("已作废，这次值班不再计入"))


def shown(answer: Any, found: DutySession, **given: Any) -> ResponseReturnValue:
    """Show a session by `answer` of `core.htmx`. given: a refused form, or why it was refused."""
    page: ResponseReturnValue = answer(
        "duty/session.html", "duty/_session.html", **_one(found, **given)
    )
    return page


def _changed(found: DutySession, toast: str) -> ResponseReturnValue:
    back = url_for(".session", session_id=found.id)
    return htmx.changed("duty/_session.html", back, toast=toast, **_one(found))
