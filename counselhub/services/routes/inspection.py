"""What the records of a month still lack, with the form that mends each; what the firm asks for."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx, paging
from counselhub.core.access import can, current_member, require
from counselhub.core.forms import given
from counselhub.core.permissions import Permission
from counselhub.duty.queries import advisers, served_communities
from counselhub.services import inspecting, log_queries, shortcuts
from counselhub.services.inspection import (
    EVERY,
    THIN_LETTERS,
    Finding,
    Mend,
    RecordFact,
)
from counselhub.services.kinds import ServiceKind
from counselhub.services.log_forms import rule_form
from counselhub.services.routes.blueprint import bp

FILTERS = ("community", "adviser", "check")


@bp.get("/services/inspection")
@require(Permission.FIRM_READ)
def inspection() -> ResponseReturnValue:
    """List what a month still lacks; a lawyer sees the own records."""
    month = paging.asked_month()
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    found = inspecting.of_month(month, adviser_id=_adviser(asked["adviser"]))
    names = {one.code: one.name for one in served_communities()}
    people = {one.id: one.name for one in advisers()}
    shown = [one for one in found if _is_asked(one, asked)]
    return htmx.show(
        "services/inspection.html",
        page=paging.of_all(shown),
        total=sum(len(one.checks) for one in found),
        counts=_counts(found),
        checks=EVERY,
        month=paging.month_links(month),
        asked=asked,
        places=names,
        people=people,
        kinds={one.value: one.label for one in ServiceKind},
        link=_link,
        is_record=_is_record,
    )


def _adviser(asked: str) -> UUID | None:
    """Whose records: a colleague's for who looks after all of them, else what is one's own."""
    if can(Permission.SERVICE_MANAGE):
        with suppress(ValueError):
            return UUID(asked)
    return inspecting.whose(current_member())


def _is_asked(one: Finding, asked: dict[str, str]) -> bool:
    if asked["community"] and one.subject.community_code != asked["community"]:
        return False
    return not asked["check"] or asked["check"] in {check.code for check in one.checks}


def _counts(found: list[Finding]) -> dict[str, int]:
    codes = [check.code for one in found for check in one.checks]
    return {code: codes.count(code) for code in EVERY if code in codes}


def _is_record(one: Finding) -> bool:
    return isinstance(one.subject, RecordFact)


def _link(one: Finding, mend: Mend) -> str:
    """Return the address of the form that mends a finding."""
    values: dict[str, Any] = {"_anchor": "files"} if mend is Mend.FILES else {"_anchor": "record"}
    if mend is Mend.ENTRY:
        day, community = one.subject.day.isoformat(), one.subject.community_code
        return url_for(".today", day=day, community=community)
    return url_for(".record", record_id=one.subject.id, **values)


@bp.route("/services/inspection/rule", methods=["GET", "POST"])
@require(Permission.SERVICE_MANAGE)
def inspection_rule() -> ResponseReturnValue:
    """Set how many letters an entry needs and which checks the firm does without."""
    form = rule_form(log_queries.inspection_rule(), THIN_LETTERS)
    if form.validate_on_submit():
        skipped = [code for code in EVERY if code not in (form.checks.data or ())]
        shortcuts.set_rule(given(form.thin_letters), skipped, by=current_member())
        flash(_("已保存，检查按新的要求进行"), "success")
        return htmx.gone_to(url_for(".inspection"))
    show = htmx.invalid if request.method == "POST" else htmx.show
    return show("services/inspection_rule.html", form=form, checks=EVERY)
