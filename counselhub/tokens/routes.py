"""Pages of a place's tokens: listed, made, taken back; and what the interface offers."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import can, current_member, require
from counselhub.core.acting import attempt
from counselhub.core.errors import ForbiddenError
from counselhub.core.freshness import fresh
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import as_platform
from counselhub.people.kinds import ROLE_WORDS
from counselhub.tokens import actions, queries
from counselhub.tokens.forms import TokenForm
from counselhub.tokens.kinds import READ, TONES, WRITING_WORDS, Resource, TokenState
from counselhub.tokens.models import ApiToken

bp = Blueprint("tokens", __name__)
USUAL = timedelta(days=180)


@bp.get("/tokens")
@require(Permission.PROGRAM_MANAGE)
def tokens() -> ResponseReturnValue:
    """List the place's tokens, newest first."""
    words, state = request.args.get("q", ""), request.args.get("state", "")
    scope = current_member().scope
    with as_platform():
        page = paging.paged(queries.tokens(scope, words, state, clock.today()))
    return htmx.show(
        "tokens/tokens.html",
        page=page,
        state=state,
        filtered=bool(words or state),
        **_words(),
    )


def _words() -> dict[str, Any]:
    today = clock.today()
    return {
        "states": TokenState,
        "tones": TONES,
        "role_words": ROLE_WORDS,
        "scope_word": scope_word,
        "state_of": lambda token: queries.state_of(token, today),
    }


def scope_word(scope: str) -> str:
    """Return what a scope allows, in the reader's words."""
    resource, _colon, what = scope.partition(":")
    of = Resource.of(resource)
    if what != READ and of in WRITING_WORDS:
        return page_text(WRITING_WORDS[of])
    label = of.label
    word = _("读取%(thing)s", thing=label) if what == READ else _("修改%(thing)s", thing=label)
    return str(word)


def _form(*, fresh_one: bool) -> TokenForm:
    by = current_member()
    roles = [(role.value, _(ROLE_WORDS[role])) for role in actions.roles_for(by)]
    scopes = [(one, scope_word(one)) for one in actions.scopes_for(by, by.role)]
    if not fresh_one:
        return TokenForm(roles=roles, scopes=scopes)
    last = clock.today() + USUAL
    return TokenForm(formdata=None, roles=roles, scopes=scopes, role=by.role.value, expires_on=last)


@bp.get("/tokens/new")
@require(Permission.PROGRAM_MANAGE)
def new_token() -> ResponseReturnValue:
    """Ask what a token is for."""
    return htmx.show("tokens/new.html", form=_form(fresh_one=True))


@bp.post("/tokens")
@require(Permission.PROGRAM_MANAGE)
@fresh
def create_token() -> ResponseReturnValue:
    """Make a token and show its secret, this once."""
    form = _form(fresh_one=False)

    def act() -> ResponseReturnValue:
        token, secret = actions.make(form.given, by=current_member())
        return htmx.show("tokens/made.html", token=token, secret=secret, **_words())

    return attempt(form, act, dict, page="tokens/new.html", field=form.name, form=form)


def _to_revoke(token_id: UUID) -> ApiToken:
    """Return a token of the reader's place. Raises ForbiddenError for one that is not his."""
    token = queries.of_place(token_id, current_member())
    if not can(Permission.PROGRAM_MANAGE, token):
        raise ForbiddenError(_("只能撤销自己建的令牌；别人的请由本人或所长撤销。"))
    return token


@bp.post("/tokens/<uuid:api_token_id>/revocation")
@require(Permission.PROGRAM_MANAGE)
@fresh
def create_revocation(api_token_id: UUID) -> ResponseReturnValue:
    """Take a token back at once."""
    actions.revoke(_to_revoke(api_token_id), by=current_member())
    flash(_("已撤销，使用它的程序从现在起不能再访问"), "success")
    return htmx.gone_to(url_for(".tokens"))
