"""What the community and the client see: one question behind a link, without an account."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import public
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, NotFoundError
from counselhub.core.forms import given, text
from counselhub.core.tenancy import ScopeKind
from counselhub.people.models import Firm
from counselhub.referrals import after_actions
from counselhub.referrals.after_models import ReferralFeedback
from counselhub.referrals.forms import RatingForm, rating_form
from counselhub.referrals.kinds import RatedBy, Satisfaction

bp = Blueprint("feedback", __name__)
PAGE, GONE = "referrals/rating.html", "confirmations/gone.html"


@bp.get("/feedback/<token>")
@public
def rating(token: str) -> ResponseReturnValue:
    """Ask how satisfied they are, or thank for the answer."""
    try:
        with after_actions.opened(token) as told:
            return _shown(token, told, rating_form(fresh=True))
    except NotFoundError as none:
        return htmx.show(GONE, message=none.message), 404


@bp.post("/feedback/<token>")
@public
def create_answer(token: str) -> ResponseReturnValue:
    """Take the answer, once."""
    try:
        with after_actions.opened(token) as told:
            return _answered(token, told)
    except NotFoundError as none:
        return htmx.show(GONE, message=none.message), 404


def _answered(token: str, told: ReferralFeedback) -> ResponseReturnValue:
    form = rating_form()
    member = g.get("member")
    if member and member.scope.kind is ScopeKind.FIRM and member.firm_id == told.firm_id:
        raise ForbiddenError(_("请由社区或当事人在自己的手机上评价，律所的账号不能代为填写。"))
    if not form.validate_on_submit():
        return _shown(token, told, form, status=422)
    try:
        after_actions.answer(told, int(given(form.satisfaction)), text(form.words))
    except ConflictError as conflict:
        return _shown(token, told, form, status=409, refusal=conflict.message)
    return _shown(token, told, form)


def _shown(
    token: str, told: ReferralFeedback, form: RatingForm, *, status: int = 200, refusal: str = ""
) -> ResponseReturnValue:
    answer = {200: htmx.show, 409: htmx.refused, 422: htmx.invalid}[status]
    is_answered = told.rated_by == RatedBy.LINK
    return answer(
        PAGE,
        token=token,
        told=told,
        place=told.referral.community,
        firm=db.session.get_one(Firm, told.firm_id),
        rated=Satisfaction(str(told.satisfaction)).label if is_answered else "",
        form=form,
        refusal=refusal,
    )
