"""Several lines at once: pasted or dictated, read, looked over as a table, saved all or none."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import can, current_member, require
from counselhub.core.forms import text
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.core.pinyin import searchable
from counselhub.duty.queries import advisers, place_now, served_communities
from counselhub.places.models import short_name
from counselhub.services import pasted, pasting
from counselhub.services.log_forms import LineForm, PasteForm, line_forms, sent_line_forms
from counselhub.services.pasting import MOST_LINES, Draft, Place
from counselhub.services.routes.blueprint import bp

PAGE, TABLE = "services/paste.html", "services/paste_lines.html"
FAULTS = {
    "future": N_("日期还没有到"),
    "no_day": N_("没有这一天，请改日期"),
    "no_place": N_("没有认出社区，请选择"),
    "long": N_("内容超过2000字，请删短"),
    "too_many": N_("数字太大，没有填，请核对"),
}
FIELD_OF = {
    "future": "day",
    "no_day": "day",
    "no_place": "community_code",
    "long": "content",
}


@bp.get("/services/paste")
@require(Permission.SERVICE_LOG)
def paste() -> ResponseReturnValue:
    """Ask for the lines."""
    return htmx.show(PAGE, form=PasteForm(formdata=None), most=MOST_LINES)


@bp.post("/services/paste")
@require(Permission.SERVICE_LOG)
def read_paste() -> ResponseReturnValue:
    """Show the lines as they were understood; nothing is saved yet."""
    form = PasteForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, form=form, most=MOST_LINES)
    drafts = _drafts(text(form.pasted))
    if len(drafts) > MOST_LINES:
        told = _(
            "一次最多 %(most)s 条，这里有 %(count)s 条，请分几次。",
            most=MOST_LINES,
            count=len(drafts),
        )
        form.pasted.errors = [told]
        return htmx.invalid(PAGE, form=form, most=MOST_LINES)
    forms = line_forms(drafts)
    for one, draft in zip(forms, drafts, strict=True):
        _tell(one, draft)
    return htmx.show(TABLE, **_table(forms))


def _drafts(words: str) -> list[Draft]:
    member, today = current_member(), clock.today()
    served = served_communities()
    usual = place_now(member.adviser_id, today) if member.adviser_id else ""
    if len(served) == 1:
        usual = served[0].code
    return pasting.drafts(
        words, [_place(one.code, one.name) for one in served], today=today, usual_place=usual
    )


def _place(code: str, name: str) -> Place:
    """A community by its names and their initials, with and without 社区."""
    short = short_name(name)
    names = {short, short.removesuffix("社区"), short.removesuffix("村")} - {""}
    initials = {searchable(one).split()[-1] for one in names}
    return Place(code, frozenset({name, *names, *initials}))


def _tell(form: LineForm, draft: Draft) -> None:
    for fault in draft.faults:
        field = form[FIELD_OF.get(fault, "persons")]
        field.errors = [*field.errors, page_text(FAULTS[fault])]


def _table(forms: Sequence[LineForm], refusals: Mapping[int, str] | None = None) -> dict[str, Any]:
    faulty = sum(bool(any(one.errors.values())) for one in forms) or len(refusals or {})
    return {
        "forms": forms,
        "refusals": refusals or {},
        "faulty": faulty,
        "advisers": advisers() if can(Permission.SERVICE_MANAGE) else (),
        "adviser_id": request.form.get("adviser_id", "") or str(current_member().adviser_id or ""),
    }


@bp.post("/services/lines")
@require(Permission.SERVICE_LOG)
def create_lines() -> ResponseReturnValue:
    """Save every line that was not dropped, or none."""
    forms = sent_line_forms()
    wanted = {place: one for place, one in enumerate(forms) if not one.dropped.data}
    if not wanted:
        flash(_("没有要保存的条目。"), "info")
        return htmx.gone_to(url_for(".paste"))
    judged = [one.validate() for one in wanted.values()]
    if not all(judged):
        return htmx.invalid(TABLE, **_table(forms))
    adviser_id = request.form.get("adviser_id", type=UUID) or current_member().adviser_id
    entries = {place: one.entry(adviser_id) for place, one in wanted.items()}
    try:
        count = pasted.add_all(entries, by=current_member())
    except pasted.LinesError as refusal:
        show = htmx.refused if refusal.status == 409 else htmx.invalid
        return show(TABLE, **_table(forms, refusal.faults))
    flash(_("已记下 %(count)s 条", count=count), "success")
    return htmx.gone_to(url_for(".today"))
