"""Pages of two-way choice: rounds, wishes of both sides, proposals, settling."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.choosing import actions, pages, queries, settling
from counselhub.choosing.forms import ProposalsForm, round_form, wish_form
from counselhub.choosing.kinds import TONES, RoundStatus
from counselhub.choosing.models import ChoiceRound
from counselhub.core import clock, htmx, paging
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.db import db
from counselhub.core.errors import ForbiddenError, RefusedError
from counselhub.core.forms import Form, RevisionForm, show_refusal
from counselhub.core.permissions import Permission
from counselhub.handovers.reassigning import ObstaclesError

P = Permission
PAGE, NEW = "choosing/choice.html", "choosing/new.html"
bp = Blueprint("choosing", __name__)


@bp.get("/choices")
@require(P.CHOICE_WISH)
def choices() -> ResponseReturnValue:
    """List the rounds, the latest first."""
    return htmx.show(
        "choosing/choices.html",
        page=paging.paged(queries.rounds()),
        counted=queries.counted(),
        Status=RoundStatus,
        tones=TONES,
        today=clock.today(),
    )


@bp.get("/choices/new")
@require(P.ASSIGN)
def new_choice() -> ResponseReturnValue:
    """Ask for the days of a round."""
    today = clock.today()
    form = round_form(
        queries.streets(),
        closes_on=today + timedelta(days=14),
        starts_on=clock.next_month(today + timedelta(days=20)),
        name=_("%(year)s年双向选择", year=today.year),
    )
    return htmx.show(NEW, form=form)


@bp.post("/choices")
@require(P.ASSIGN)
def create_choice() -> ResponseReturnValue:
    """Open a round."""
    form = round_form(queries.streets())
    if not form.validate_on_submit():
        return htmx.invalid(NEW, form=form)
    try:
        row = actions.begin(form.entry(), by=current_member())
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.starts_on, refusal)
        return htmx.invalid(NEW, form=form)
    flash(_("双向选择已开始，请通知律师填报"), "success")
    return htmx.gone_to(url_for(".choice", round_id=row.id))


@bp.get("/choices/<uuid:round_id>")
@require(P.CHOICE_WISH)
def choice(round_id: UUID) -> ResponseReturnValue:
    """Show a round: to the desk everything, to a lawyer the own wishes."""
    return htmx.show(PAGE, **pages.shown(fetch(ChoiceRound, round_id)))


@bp.post("/choices/<uuid:round_id>/wishes")
@require(P.CHOICE_WISH)
def create_wishes(round_id: UUID) -> ResponseReturnValue:
    """Keep what a lawyer wishes; the desk does it for anybody."""
    row, me, is_desk = fetch(ChoiceRound, round_id), current_member(), can(P.ASSIGN)
    known = pages.offered(row)
    mine = [(str(me.adviser_id), me.name)] if me.adviser_id else []
    form = wish_form(known.lawyers if is_desk else mine, known.codes)
    if not (is_desk or mine):
        raise ForbiddenError()

    def act() -> str:
        actions.wish(row, UUID(form.whose.data), form.wished, by=me, late=is_desk)
        return str(_("意愿已保存，截止前可以再改"))

    own = str(me.adviser_id) == form.whose.data
    return _done(round_id, form, act, **({"own": form} if own else {"for_lawyer": form}))


@bp.post("/choices/<uuid:round_id>/community-wishes")
@require(P.ASSIGN)
def create_community_wishes(round_id: UUID) -> ResponseReturnValue:
    """Write down whom a community wishes."""
    row = fetch(ChoiceRound, round_id)
    known = pages.offered(row)
    form = wish_form(known.codes, known.lawyers)

    def act() -> str:
        ids = [UUID(one) for one in form.wished]
        actions.wish_for(row, form.whose.data, ids, by=current_member())
        return str(_("社区意愿已记下"))

    return _done(round_id, form, act, for_community=form)


@bp.post("/choices/<uuid:round_id>/matching")
@require(P.ASSIGN)
def create_matching(round_id: UUID) -> ResponseReturnValue:
    """Propose a lead for each community."""
    row, form = fetch(ChoiceRound, round_id), RevisionForm()

    def act() -> str:
        empty = actions.match(row, by=current_member(), revision=form.seen)
        if empty:
            return str(_("已匹配，%(count)s个社区没有人选，请手工选或放宽每人上限", count=empty))
        return str(_("已匹配，请核对方案"))

    return _done(round_id, form, act)


@bp.post("/choices/<uuid:round_id>/proposals")
@require(P.ASSIGN)
def change_proposals(round_id: UUID) -> ResponseReturnValue:
    """Let the manager choose otherwise."""
    row, form = fetch(ChoiceRound, round_id), ProposalsForm()

    def act() -> str:
        chosen = form.chosen(queries.proposals(row))
        changed = actions.edit(row, chosen, by=current_member(), revision=form.seen)
        return str(_("已改%(count)s处", count=changed))

    return _done(round_id, form, act)


@bp.post("/choices/<uuid:round_id>/settlement")
@require(P.ASSIGN)
def create_settlement(round_id: UUID) -> ResponseReturnValue:
    """Assign everybody as proposed, or nobody and say what is in the way."""
    row, form = fetch(ChoiceRound, round_id), RevisionForm()

    def act() -> str:
        changed = settling.settle(row, by=current_member(), revision=form.seen)
        return str(_("方案已确定，%(count)s个社区更换了主责，交接清单已生成", count=changed))

    return _done(round_id, form, act)


@bp.post("/choices/<uuid:round_id>/reopening")
@require(P.ASSIGN)
def create_reopening(round_id: UUID) -> ResponseReturnValue:
    """Take wishes again."""
    row, form = fetch(ChoiceRound, round_id), RevisionForm()

    def act() -> str:
        actions.reopen(row, by=current_member(), revision=form.seen)
        return str(_("已退回填报，原方案作废"))

    return _done(round_id, form, act)


@bp.post("/choices/<uuid:round_id>/dropping")
@require(P.ASSIGN)
def create_dropping(round_id: UUID) -> ResponseReturnValue:
    """Give a round up."""
    row, form = fetch(ChoiceRound, round_id), RevisionForm()

    def act() -> str:
        actions.drop(row, by=current_member(), revision=form.seen)
        return str(_("这一轮已作废，没有改动任何指派"))

    return _done(round_id, form, act)


def _done(round_id: UUID, form: Form, act: Callable[[], str], **kept: Any) -> ResponseReturnValue:
    """Do it to the round as the page showed it; each obstacle of a plan is named."""

    def look(**changes: Any) -> dict[str, Any]:
        return pages.shown(fetch(ChoiceRound, round_id), **kept, **changes)

    def settled() -> ResponseReturnValue:
        try:
            return told(act(), url_for(".choice", round_id=round_id))
        except ObstaclesError as found:
            kept["trial"] = found.trial
            raise

    return attempt(form, settled, look, page=PAGE)
