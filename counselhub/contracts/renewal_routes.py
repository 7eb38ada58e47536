"""Renewal in bulk: choose, try, make all or none."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.contracts import queries, renewal_actions
from counselhub.contracts.forms import RenewalForm
from counselhub.contracts.renewal_rules import Proposal
from counselhub.core import htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import given
from counselhub.core.permissions import Permission

bp = Blueprint("contract_renewals", __name__)
PAGE = "contracts/renewals.html"
WITHIN = (90, 180, 365)


@bp.get("/contracts/renewals")
@require(Permission.CONTRACT_MANAGE)
def renewals() -> ResponseReturnValue:
    """List the contracts that end soon and that no other continues."""
    return htmx.show(PAGE, **_shown())


def _shown(
    *, refusal: str = "", form: RenewalForm | None = None, tried: list[Proposal] | None = None
) -> dict[str, Any]:
    within = request.values.get("within", 90, type=int)
    within = within if within in WITHIN else WITHIN[0]
    return {
        "page": paging.paged(queries.renewable(within), per_page=renewal_actions.MOST),
        "within": within,
        "choices": WITHIN,
        "form": form or RenewalForm(formdata=None, data={"percent": 0, "prolongs": True}),
        "tried": tried,
        "refusal": refusal,
    }


@bp.post("/contracts/renewals")
@require(Permission.CONTRACT_MANAGE)
def create_renewals() -> ResponseReturnValue:
    """Show what would follow the chosen contracts; with `make`, make all of it or nothing."""
    form = RenewalForm()

    def act() -> ResponseReturnValue:
        found = renewal_actions.propose(form.ids(), given(form.percent))
        if "make" not in request.form:
            return htmx.show(PAGE, **_shown(form=form, tried=found))
        made = renewal_actions.renew_all(
            found, form.scheme(), prolongs=bool(form.prolongs.data), by=current_member()
        )
        words = _("已续签 %(count)s 份，都存为草稿", count=len(made))
        return told(words, url_for("contracts.contracts", status="draft"))

    def look(**more: Any) -> dict[str, Any]:
        tried = None
        if "make" in request.form and form.chosen.data and not form.errors:
            tried = renewal_actions.propose(form.ids(), given(form.percent))
        return _shown(tried=tried, **more)

    return attempt(form, act, look, page=PAGE, form=form)
