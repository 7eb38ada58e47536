"""The page of alarms, and the answer to them."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.alarms import actions, queries
from counselhub.alarms.forms import AnswerForm
from counselhub.alarms.queries import Alarm, State
from counselhub.audit.tables import read_word
from counselhub.audit.wording import SIDES
from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.errors import ConflictError
from counselhub.core.forms import text
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission

bp = Blueprint("alarms", __name__)
LIST = "alarms/alarms.html"


@bp.get("/audit/alarms")
@require(Permission.AUDIT_READ)
def alarms() -> ResponseReturnValue:
    """List the alarms of the own tenant, those that nobody has answered for first asked."""
    return htmx.show(LIST, **_list(AnswerForm(formdata=None)))


@bp.post("/audit/alarms/acknowledgements")
@require(Permission.AUDIT_READ)
def create_acknowledgement() -> ResponseReturnValue:
    """Answer for the chosen alarms with what was found out."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return htmx.invalid(LIST, **_list(form))
    try:
        count = actions.acknowledge(form.ids(), text(form.words), by=current_member())
    except ConflictError as refusal:
        return htmx.refused(LIST, **_list(form, refusal.message))
    flash(_("已确认 %(count)s 条警报，您写的说明已记入操作记录", count=count), "success")
    return htmx.gone_to(url_for(".alarms"))


def _list(form: AnswerForm, refusal: str | None = None) -> dict[str, Any]:
    scope = current_member().scope
    asked = request.args.get("state", State.OPEN.value)
    state = State(asked) if asked in set(State) else None
    counts = queries.tallies(scope)
    total = counts[state] if state else sum(counts.values())
    page: Any = paging.paged(queries.alarm_list(scope, state), total=total)
    return {
        "page": page,
        "alarms": [Alarm(*row) for row in page.items],
        "tallies": counts,
        "state": state,
        "State": State,
        "read": read_word,
        "side": _side,
        "form": form,
        "chosen": set(form.alarm.data or ()),
        "refusal": refusal,
    }


def _side(code: str) -> str:
    return page_text(SIDES[code]) if code in SIDES else str(_("未知"))
