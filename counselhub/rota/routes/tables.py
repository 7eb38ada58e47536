"""Rotas: the list, one with its turns and shares, its rule, making turns for weeks ahead."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.rota import actions, making, queries, rules
from counselhub.rota.forms import WEEKS_AHEAD, MakingForm, RevisionForm, rota_form
from counselhub.rota.kinds import TurnLength, TurnStatus
from counselhub.rota.models import OnlineTurn, Rota
from counselhub.rota.queries import WHOLE, span_of
from counselhub.rota.routes.blueprint import bp

FORM, PAGE, MAKING = "rota/form.html", "rota/table.html", "rota/making.html"


def _fetch(rota_id: UUID) -> Rota:
    return fetch(Rota, rota_id, None, *WHOLE)


@bp.get("/rota/tables")
@require(Permission.FIRM_READ)
def tables() -> ResponseReturnValue:
    """List the rotas."""
    words, sort = request.args.get("q", "").strip(), sorting.asked_sort(queries.SORTS)
    page = paging.paged(queries.rota_list(words, sort))
    return htmx.show(
        "rota/tables.html",
        page=page,
        words=words,
        sort=sort,
        lengths=TurnLength,
        today=clock.today(),
    )


@bp.get("/rota/tables/new")
@require(Permission.DUTY_MANAGE)
def new_table() -> ResponseReturnValue:
    """Show an empty rota."""
    return htmx.show(FORM, rota=None, form=rota_form(fresh=True), refusal="")


@bp.post("/rota/tables")
@require(Permission.DUTY_MANAGE)
def create_table() -> ResponseReturnValue:
    """Make a rota and go on to its turns."""
    form = rota_form()
    if not form.validate_on_submit():
        return htmx.invalid(FORM, rota=None, form=form, refusal="")
    try:
        rota = actions.add(form.entry, by=current_member())
    except RefusedError as refusal:
        show_refusal(form["name"], refusal)
        return htmx.invalid(FORM, rota=None, form=form, refusal="")
    flash(_("轮值表已保存，下面是照它排出来的班次"), "success")
    return htmx.gone_to(url_for(".making_page", rota_id=rota.id))


@bp.get("/rota/tables/<uuid:rota_id>")
@require(Permission.FIRM_READ)
def table(rota_id: UUID) -> ResponseReturnValue:
    """Show a month of a rota's turns, and what share each lawyer has."""
    return htmx.show(PAGE, **_month(_fetch(rota_id)))


def _month(rota: Rota, refusal: str = "") -> dict[str, Any]:
    first = paging.asked_month()
    closes = queries.midnight(clock.next_month(first))
    turns = queries.turns_between(queries.midnight(first), closes, rota_id=rota.id)
    return {
        "rota": rota,
        "turns": turns,
        "month": paging.month_links(first),
        "shares": _shares([one for one in turns if clock.local(one.starts_at).date() >= first]),
        "statuses": TurnStatus,
        "lengths": TurnLength,
        "now": clock.now(),
        "refusal": refusal,
    }


def _shares(turns: Sequence[OnlineTurn]) -> list[tuple[str, int, int]]:
    """Return (name, turns, minutes) of each lawyer, who has most first."""
    names = {one.adviser_id: one.adviser.name for one in turns}
    found = rules.shares((one.adviser_id, span_of(one)) for one in turns)
    return sorted(((names[one], *share) for one, share in found.items()), key=lambda row: -row[2])


@bp.get("/rota/tables/<uuid:rota_id>/terms")
@require(Permission.DUTY_MANAGE)
def terms(rota_id: UUID) -> ResponseReturnValue:
    """Show the rule of a rota to change."""
    rota = _fetch(rota_id)
    return htmx.show(FORM, rota=rota, form=rota_form(rota, fresh=True), refusal="")


@bp.post("/rota/tables/<uuid:rota_id>/terms")
@require(Permission.DUTY_MANAGE)
def change_terms(rota_id: UUID) -> ResponseReturnValue:
    """Change the rule of a rota, and go on to what that makes of its turns."""
    rota, form = _fetch(rota_id), rota_form()
    if not form.validate_on_submit():
        return htmx.invalid(FORM, rota=rota, form=form, refusal="")
    try:
        actions.change(rota, form.entry, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        as_it_is = rota_form(_fetch(rota_id), fresh=True)
        return htmx.refused(FORM, rota=rota, form=as_it_is, refusal=conflict.message)
    except RefusedError as refusal:
        show_refusal(form["name"], refusal)
        return htmx.invalid(FORM, rota=_fetch(rota_id), form=form, refusal="")
    flash(_("轮值表已保存，班次要重新生成才会跟着变"), "success")
    return htmx.gone_to(url_for(".making_page", rota_id=rota.id))


@bp.post("/rota/tables/<uuid:rota_id>/removal")
@require(Permission.DUTY_MANAGE)
def create_removal(rota_id: UUID) -> ResponseReturnValue:
    """Remove a rota that nobody has stood by for."""
    rota, form = _fetch(rota_id), RevisionForm()
    try:
        actions.remove(rota, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_month(_fetch(rota_id), conflict.message))
    flash(_("已删除这张轮值表"), "success")
    return htmx.gone_to(url_for(".tables"))


@bp.get("/rota/tables/<uuid:rota_id>/making")
@require(Permission.DUTY_MANAGE)
def making_page(rota_id: UUID) -> ResponseReturnValue:
    """Show what making the turns would add, change and take away; nothing is stored."""
    rota = _fetch(rota_id)
    until = clock.today() + timedelta(weeks=WEEKS_AHEAD)
    form = MakingForm(request.args if "until" in request.args else None, data={"until": until})
    if "until" in request.args and not form.validate():
        return htmx.invalid(MAKING, **_previewed(rota, None, form))
    return htmx.show(MAKING, **_previewed(rota, making.preview(rota, given(form.until)), form))


@bp.post("/rota/tables/<uuid:rota_id>/making")
@require(Permission.DUTY_MANAGE)
def create_making(rota_id: UUID) -> ResponseReturnValue:
    """Store the turns as they were previewed."""
    rota, form = _fetch(rota_id), MakingForm()
    if not form.validate_on_submit():
        return htmx.invalid(MAKING, **_previewed(rota, None, form))
    until = given(form.until)
    try:
        plan = making.make(rota, until, text(form.digest), by=current_member())
    except ConflictError as conflict:
        again = making.preview(_fetch(rota_id), until)
        return htmx.refused(MAKING, **_previewed(rota, again, form, conflict.message))
    flash(
        _(
            "班次已排到 %(until)s：新增 %(made)d 班，换人 %(changed)d 班，撤下 %(dropped)d 班",
            until=until.isoformat(),
            made=len(plan.made),
            changed=len(plan.changed),
            dropped=len(plan.dropped),
        ),
        "success",
    )
    return htmx.gone_to(url_for(".table", rota_id=rota.id))


def _previewed(
    rota: Rota, plan: making.Preview | None, form: MakingForm, refusal: str = ""
) -> dict[str, Any]:
    names = {one.adviser_id: one.adviser.name for one in rota.people}
    if plan is not None:
        form.digest.data = plan.digest
        names |= {one.adviser_id: one.adviser.name for one, _who in plan.changed}
        names |= {one.adviser_id: one.adviser.name for one in plan.kept_turns}
    return {"rota": rota, "plan": plan, "form": form, "names": names, "refusal": refusal}
