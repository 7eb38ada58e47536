"""The operator's pages of consents: who lets us in, and the way in."""

from typing import Any
from uuid import UUID

from flask import Blueprint, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from counselhub.core import clock, htmx, visiting
from counselhub.core.access import current_member, require
from counselhub.core.acting import attempt
from counselhub.core.errors import RefusedError
from counselhub.core.forms import text
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.people import second_step
from counselhub.support import actions, queries, rules
from counselhub.support.forms import EntryForm
from counselhub.support.kinds import TONES, ConsentState, VisitEnd
from counselhub.support.models import SupportConsent
from counselhub.support.routes import asked, chosen_people, listed

bp = Blueprint("console_support", __name__, url_prefix="/console/support")
PAGE = "support/consent.html"


@bp.get("")
@require(Permission.OPERATE)
def consents() -> ResponseReturnValue:
    """List every place's consents, newest first."""
    return htmx.show("support/console.html", **listed(*asked()))


@bp.get("/<uuid:support_consent_id>")
@require(Permission.OPERATE)
def consent(support_consent_id: UUID) -> ResponseReturnValue:
    """Show one consent with its visits, and the way in while it stands."""
    return htmx.show(PAGE, **_look(support_consent_id))


def _look(
    consent_id: UUID, form: EntryForm | None = None, refusal: str | None = None
) -> dict[str, Any]:
    row = queries.consent(consent_id)
    state = rules.state(row.expires_at, row.revoked_at, clock.now())
    people = chosen_people(row) if state is ConsentState.LIVE else []
    first = people[0][0] if len(people) == 1 else None
    return {
        "row": row,
        "state": state,
        "tones": TONES,
        "End": VisitEnd,
        "visits": queries.visits([row.id]).get(row.id, []),
        "form": form or EntryForm(formdata=None, people=people, membership=first),
        "people": people,
        "has_code": second_step.ways(current_user.person_id).code,
        "refusal": refusal,
    }


@bp.post("/<uuid:support_consent_id>/visits")
@require(Permission.OPERATE)
@fresh
def create_visit(support_consent_id: UUID) -> ResponseReturnValue:
    """Enter under an account that the consent names."""
    row = queries.consent(support_consent_id)
    form = EntryForm(people=chosen_people(row))

    def act() -> ResponseReturnValue:
        _prove(form)
        return _enter(row, UUID(text(form.membership)))

    def look(**kept: Any) -> dict[str, Any]:
        return _look(support_consent_id, **kept)

    return attempt(form, act, look, page=PAGE, field=form.membership, form=form)


def _prove(form: EntryForm) -> None:
    """Ask the second factor again of who has an app for it. Raises RefusedError, LockedError."""
    if not second_step.ways(current_user.person_id).code:
        return
    if not text(form.code):
        raise RefusedError(_("请输入应用里的6位验证码。"), at="code")
    try:
        second_step.prove(current_member(), text(form.code), "")
    except RefusedError as refusal:
        raise RefusedError(refusal.message, at="code") from refusal


def _enter(row: SupportConsent, membership_id: UUID) -> ResponseReturnValue:
    by, own = current_member(), current_user.session.id
    visit = actions.enter(row, membership_id, by=by, session_id=own)
    session[visiting.KEY] = str(visit.id)
    return htmx.gone_to(url_for("home"))
