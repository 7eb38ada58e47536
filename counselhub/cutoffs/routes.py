"""The page of a street's rule."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.freshness import fresh
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission
from counselhub.cutoffs import actions, queries
from counselhub.cutoffs.forms import RuleForm

bp = Blueprint("cutoffs", __name__)
PAGE = "cutoffs/rule.html"


@bp.get("/settlement-rule")
@require(Permission.REVIEW_READ)
def rule() -> ResponseReturnValue:
    """Show what the street asks of settlements."""
    return htmx.show(PAGE, form=_fresh(), refusal="")


@bp.post("/settlement-rule")
@require(Permission.REVIEW_SIGN)
@fresh
def set_rule() -> ResponseReturnValue:
    """Set it."""
    form = RuleForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, form=form, refusal="")
    try:
        actions.set_rule(form.terms, revision=form.seen, by=current_member())
    except ConflictError as refusal:
        message = refusal.message
        db.session.rollback()
        return htmx.refused(PAGE, form=_fresh(), refusal=message)
    return htmx.changed("cutoffs/_rule.html", url_for(".rule"), toast=_("已保存"), form=_fresh())


def _fresh() -> RuleForm:
    street_code = current_member().street_code
    row, terms = queries.rule_of(street_code), queries.terms_of(street_code)
    cap_fen = terms.late_cap_fen
    return RuleForm(
        formdata=None,
        revision=row.revision if row else None,
        cutoff_day=terms.cutoff_day,
        reminder_days=terms.reminder_days,
        late_months=terms.late_months,
        late_cap="" if cap_fen is None else format_yuan(cap_fen),
    )
