"""Whoever must have a second factor and has none is led to set one up, before anything else."""

from flask import Flask, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx
from counselhub.core.access import View
from counselhub.core.members import Member
from counselhub.factors import party
from counselhub.factors.confirmation import prove, ways
from counselhub.factors.second_step import after_password
from counselhub.people import second_step
from counselhub.people.second_step import SecondStep


def setting_up(view: View) -> View:
    """Keep the view open to whoever must set up a second factor first."""
    vars(view).update(sets_up_factor=True)
    return view


def is_held_up(member: Member | None) -> bool:
    """Whether the place lets the member on only with a second factor, and there is none."""
    return member is not None and member.factor_due is not None and member.factor_due <= clock.now()


def lead() -> ResponseReturnValue | None:
    """Lead to the set-up page from every view that is neither public nor part of setting up."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or not is_held_up(g.get("member")):
        return None
    is_public = getattr(view, "required", "") is None and not hasattr(view, "needs_person")
    if is_public or hasattr(view, "sets_up_factor"):
        return None
    return htmx.gone_to(url_for("factors.factors"))


def init_app(app: Flask) -> None:
    """Put the second step beside the password, and the set-up before everything else.

    To be called after the session's `init_app` and before that of the policy's engine.
    """
    second_step.put(app, SecondStep(after_password, ways, prove))
    app.before_request(lead)
    app.jinja_env.globals.update(passkeys_here=party.is_available)
