"""Pages of lectures: the list with what is owed this quarter, one lecture and its acts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.acting import attempt
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError
from counselhub.core.forms import text as typed
from counselhub.core.permissions import Permission
from counselhub.products import lecture_actions, lecture_queries, sign_in_sheet
from counselhub.products.kinds import LECTURE_TONES, LectureKind, LectureStatus
from counselhub.products.lecture_forms import (
    CancelForm,
    DraftForm,
    HoldingForm,
    holding_form,
    lecture_form,
)
from counselhub.products.lecture_models import Lecture
from counselhub.products.routes.blueprint import bp
from counselhub.services.attachments import TYPES
from counselhub.services.kinds import FileKind

P = Permission
LIST, PAGE, FORM = (f"products/{name}.html" for name in ("lectures", "lecture", "lecture_form"))
WANTED = (FileKind.DRAFT, FileKind.SIGN_IN, FileKind.PHOTO)
"""What an inspector asks of a lecture."""


def words() -> dict[str, Any]:
    """Return what every page of lectures words its codes with."""
    return {"Kind": LectureKind, "Status": LectureStatus, "tones": LECTURE_TONES}


@bp.get("/products/lectures")
@require(P.SERVICE_LOG)
def lectures() -> ResponseReturnValue:
    """List the lectures in sight, and the communities that lack one this quarter."""
    tab, q = request.args.get("tab", "planned"), request.args.get("q", "").strip()
    sort, member = sorting.asked_sort(lecture_queries.SORTS), current_member()
    own = None if can(P.SERVICE_MANAGE) else member.adviser_id
    return htmx.show(
        LIST,
        page=paging.paged(lecture_queries.lecture_list(tab, q, sort), columns=True),
        tallies=lecture_queries.tallies(),
        owed=lecture_queries.owed(clock.today(), own),
        tab=tab if tab in lecture_queries.TABS else "all",
        q=q,
        sort=sort,
        **words(),
    )


@bp.get("/products/lectures/new")
@require(P.SERVICE_LOG)
def new_lecture() -> ResponseReturnValue:
    """Show the form of a new lecture, in the `?community=` that is asked for."""
    form = lecture_form(current_member(), community=request.args.get("community", ""))
    return htmx.show(FORM, lecture=None, form=form, refusal="")


@bp.post("/products/lectures")
@require(P.SERVICE_LOG)
def create_lecture() -> ResponseReturnValue:
    """Plan a lecture."""
    form = lecture_form(current_member())

    def act() -> ResponseReturnValue:
        made = lecture_actions.plan(form.plan(), by=current_member())
        return _back(made.id, _("已列入计划"))

    def again(refusal: str = "") -> dict[str, Any]:
        return {"lecture": None, "form": form, "refusal": refusal}

    return attempt(form, act, again, page=FORM, field=form.community_code)


def _back(lecture_id: UUID, told: str) -> ResponseReturnValue:
    flash(told, "success")
    return htmx.gone_to(url_for(".lecture", lecture_id=lecture_id))


def _found(lecture_id: UUID, act: Permission | None = None) -> Lecture:
    return fetch(Lecture, lecture_id, act, *lecture_queries.WITH_NAMES)


@bp.get("/products/lectures/<uuid:lecture_id>")
@require(P.SERVICE_LOG)
def lecture(lecture_id: UUID) -> ResponseReturnValue:
    """Show one lecture: what is to be prepared, or what it still lacks."""
    return htmx.show(PAGE, **_shown(lecture_id))


def _shown(lecture_id: UUID, **more: Any) -> dict[str, Any]:
    row = _found(lecture_id)
    held = {"revision": row.revision}
    return {
        "lecture": row,
        "may_change": can(P.SERVICE_LOG, row),
        "draft": lecture_queries.draft_of(row),
        "papers": lecture_queries.papers_of(row) if row.service_id else set(),
        "wanted": WANTED,
        "refusal": "",
        "drafting": DraftForm(formdata=None, data=held),
        "holding": holding_form(row),
        "cancelling": CancelForm(formdata=None, data=held),
        **words(),
    } | more


@bp.get("/products/lectures/<uuid:lecture_id>/sheet.pdf")
@require(P.SERVICE_LOG)
def sheet_pdf(lecture_id: UUID) -> ResponseReturnValue:
    """Show the blank sign-in sheet."""
    row = _found(lecture_id)
    made = sign_in_sheet.sheet(row, current_member().title)
    return attachment(made, f"签到表-{row.theme}.pdf", "application/pdf", is_shown=True)


@bp.get("/products/lectures/<uuid:lecture_id>/draft")
@require(P.SERVICE_LOG)
def draft(lecture_id: UUID) -> ResponseReturnValue:
    """Hand out the draft of a lecture that is to come."""
    kept = lecture_queries.draft_of(_found(lecture_id), whole=True)
    if kept is None:
        raise NotFoundError()
    return attachment(kept.content, kept.name, TYPES[kept.ending])


@bp.get("/products/lectures/<uuid:lecture_id>/edit")
@require(P.SERVICE_LOG)
def edit_lecture(lecture_id: UUID) -> ResponseReturnValue:
    """Show the form of a lecture."""
    row = _found(lecture_id, P.SERVICE_LOG)
    return htmx.show(FORM, lecture=row, form=lecture_form(current_member(), row), refusal="")


@bp.post("/products/lectures/<uuid:lecture_id>")
@require(P.SERVICE_LOG)
def change_lecture(lecture_id: UUID) -> ResponseReturnValue:
    """Plan a lecture anew."""
    row = _found(lecture_id, P.SERVICE_LOG)
    form = lecture_form(current_member(), row)

    def act() -> ResponseReturnValue:
        lecture_actions.change(row, form.plan(), revision=form.seen, by=current_member())
        return _back(lecture_id, _("已保存"))

    def again(refusal: str = "") -> dict[str, Any]:
        return {"lecture": _found(lecture_id), "form": form, "refusal": refusal}

    return attempt(form, act, again, page=FORM, field=form.community_code)


def _done(
    lecture_id: UUID, sent: Any, field: Any, act: Callable[[], ResponseReturnValue], **more: Any
) -> ResponseReturnValue:
    return attempt(
        sent, act, lambda **now: _shown(lecture_id, **now), page=PAGE, field=field, **more
    )


@bp.post("/products/lectures/<uuid:lecture_id>/draft")
@require(P.SERVICE_LOG)
def create_draft(lecture_id: UUID) -> ResponseReturnValue:
    """Keep the draft."""
    row, form = _found(lecture_id, P.SERVICE_LOG), DraftForm()

    def act() -> ResponseReturnValue:
        lecture_actions.set_draft(row, *form.sent(), by=current_member())
        return _back(lecture_id, _("讲稿已保存"))

    return _done(lecture_id, form, form.file, act, drafting=form)


@bp.post("/products/lectures/<uuid:lecture_id>/holding")
@require(P.SERVICE_LOG)
def create_holding(lecture_id: UUID) -> ResponseReturnValue:
    """Write down how a lecture was held."""
    row, form = _found(lecture_id, P.SERVICE_LOG), HoldingForm()

    def act() -> ResponseReturnValue:
        lecture_actions.hold(row, form.holding(), revision=form.seen, by=current_member())
        return _back(lecture_id, _("已记为服务；请补上签到表和现场照片"))

    return _done(lecture_id, form, form.day, act, holding=form)


@bp.post("/products/lectures/<uuid:lecture_id>/cancelling")
@require(P.SERVICE_LOG)
def create_cancelling(lecture_id: UUID) -> ResponseReturnValue:
    """Let a lecture fall."""
    row, form = _found(lecture_id, P.SERVICE_LOG), CancelForm()

    def act() -> ResponseReturnValue:
        said, by = typed(form.words), current_member()
        lecture_actions.cancel(row, said, revision=form.seen, by=by)
        return _back(lecture_id, _("已取消"))

    return _done(lecture_id, form, form.words, act, cancelling=form)
