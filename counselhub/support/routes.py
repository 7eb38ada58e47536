"""The place's page: what the operator was allowed, what came of it, and the way out of a visit."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging, placed, visiting
from counselhub.core.access import current_member, require, signed_in
from counselhub.core.acting import attempt, do, told
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.people.kinds import ROLE_WORDS
from counselhub.support import actions, queries, rules
from counselhub.support.forms import ConsentForm
from counselhub.support.kinds import TONES, ConsentState, VisitEnd
from counselhub.support.models import SupportConsent

bp = Blueprint("support", __name__)
PAGE = "support/consents.html"


def listed(words: str, state: ConsentState | None, *conditions: Any) -> dict[str, Any]:
    """Return what a list of consents shows, with the visits under each."""
    now = clock.now()
    with as_platform():
        page: Any = paging.paged(queries.consents(words, state, now, *conditions))
    return {
        "page": page,
        "visits": queries.visits([row.id for row in page.items]),
        "words": words,
        "state": state,
        "State": ConsentState,
        "End": VisitEnd,
        "tones": TONES,
        "state_of": lambda row: rules.state(row.expires_at, row.revoked_at, now),
    }


def asked() -> tuple[str, ConsentState | None]:
    """Return the words and the state that the address asks for."""
    state = ConsentState.of_asked(request.args.get("state", ""))
    return request.args.get("q", "").strip(), state


def chosen_people(row: SupportConsent | None = None) -> list[tuple[str, str]]:
    """Return membership and name of the own place's people, or of those that a consent names."""
    scope = row.scope if row else current_member().scope
    found = queries.people(scope, row.membership_id if row else None)
    return [(str(one.id), f"{one.name} · {_(ROLE_WORDS[one.role])}") for one in found]


@bp.get("/support")
@require(Permission.SUPPORT_GRANT)
def consents() -> ResponseReturnValue:
    """List what the own place allowed, newest first, with the form for one more."""
    return htmx.show(PAGE, **_look())


def _look(form: ConsentForm | None = None, refusal: str | None = None) -> dict[str, Any]:
    own = SupportConsent.of(current_member().scope)
    form = form or ConsentForm(formdata=None, people=chosen_people())
    return {**listed(*asked(), own), "form": form, "refusal": refusal}


@bp.post("/support")
@require(Permission.SUPPORT_GRANT)
@fresh
def create_consent() -> ResponseReturnValue:
    """Let the operator in for a while."""
    form = ConsentForm(people=chosen_people())

    def act() -> ResponseReturnValue:
        row = actions.grant(form.given, by=current_member())
        sentence = _(
            "已同意，平台可以看到%(until)s为止", until=f"{clock.local(row.expires_at):%H:%M}"
        )
        return told(sentence, url_for(".consents"))

    return attempt(form, act, _look, page=PAGE, field=form.why, form=form)


@bp.post("/support/<uuid:support_consent_id>/revocation")
@require(Permission.SUPPORT_GRANT)
def create_revocation(support_consent_id: UUID) -> ResponseReturnValue:
    """Take a consent back; to do so is never held up by a question."""
    row = placed.own(SupportConsent, support_consent_id, current_member().scope)

    def act() -> ResponseReturnValue:
        actions.revoke(row, by=current_member())
        return told(_("已收回，平台人员的下一次操作就会被退出"), url_for(".consents"))

    return do(act, _look, page=PAGE)


@bp.post("/support/leaving")
@signed_in
def create_leaving() -> ResponseReturnValue:
    """End the own visit and be the operator again."""
    member = current_member()
    if member.visit is not None:
        actions.leave(member.visit.id, member.scope, by=member)
        session.pop(visiting.KEY)
        flash(_("已离开，现在是您自己的账号"), "success")
    return htmx.gone_to(url_for("home"))
