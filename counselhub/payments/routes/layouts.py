"""The layout that a street's finance wants: the marks, the sample, the upload."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt, told
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.errors import FaultsError
from counselhub.core.forms import RevisionForm, show_refusal
from counselhub.core.permissions import Permission
from counselhub.payments import layout_actions, queries, sheet
from counselhub.payments.forms import LayoutForm
from counselhub.payments.marks import NEEDED_MARKS, ROW_MARKS, WHOLE_MARKS
from counselhub.payments.routes.blueprint import bp

P = Permission
PAGE = "payments/layout.html"


@bp.get("/payment-layout")
@require(P.REVIEW_READ)
def layout() -> ResponseReturnValue:
    """Show which layout is in use, the marks that it may carry, and the upload."""
    return htmx.show(PAGE, **_shown())


def _shown(
    *, form: LayoutForm | None = None, faults: list[dict[str, str]] | None = None, refusal: str = ""
) -> dict[str, Any]:
    return {
        "layout": queries.layout(current_member().street_code),
        "form": form or LayoutForm(formdata=None),
        "faults": faults or [],
        "row_marks": list(ROW_MARKS),
        "whole_marks": list(WHOLE_MARKS),
        "needed": NEEDED_MARKS,
        "refusal": refusal,
    }


@bp.get("/payment-layout/sample.xlsx")
@require(P.REVIEW_READ)
def layout_sample() -> ResponseReturnValue:
    """Give our own layout with its marks, to begin from."""
    return attachment(sheet.sample(), "支付清单版式样例.xlsx", XLSX)


@bp.post("/payment-layout")
@require(P.REVIEW_CHECK)
def create_layout() -> ResponseReturnValue:
    """Keep an uploaded layout; each mark at fault is named by its cell."""
    form = LayoutForm()

    def act() -> ResponseReturnValue:
        data = form.file.data.read()
        layout_actions.keep(form.file.data.filename or "", data, by=current_member())
        return told(_("版式已保存，以后的支付清单按它导出"), url_for(".layout"))

    try:
        return attempt(form, act, _shown, page=PAGE, field=form.file, form=form)
    except FaultsError as refusal:
        show_refusal(form.file, refusal)
        return htmx.invalid(PAGE, **_shown(form=form, faults=refusal.faults))


@bp.post("/payment-layout/removal")
@require(P.REVIEW_CHECK)
def create_layout_removal() -> ResponseReturnValue:
    """Go back to our own layout."""
    form = RevisionForm()

    def act() -> ResponseReturnValue:
        layout_actions.drop(by=current_member(), revision=form.seen)
        return told(_("已恢复默认版式"), url_for(".layout"))

    return attempt(form, act, _shown, page=PAGE)
