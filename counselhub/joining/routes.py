"""Pages of signing up, and of what a firm accepts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import sender
from counselhub.core.access import current_member, public, require
from counselhub.core.errors import NotFoundError
from counselhub.core.i18n import pick_locale
from counselhub.core.permissions import Permission
from counselhub.joining import actions, queries, texts
from counselhub.joining.forms import JoinForm
from counselhub.joining.kinds import Text

bp = Blueprint("joining", __name__)


@bp.route("/join", methods=["GET", "POST"])
@public
def join() -> ResponseReturnValue:
    """Ask for the firm, and open its trial; the answer never tells who is known already."""
    form = JoinForm()
    if form.validate_on_submit():
        actions.sign_up(form.entry())
        return redirect(url_for(".joined"), 303)
    status = 422 if request.method == "POST" else 200
    page = render_template("joining/join.html", form=form, trial_days=actions.TRIAL_DAYS)
    return page, status


@bp.get("/join/received")
@public
def joined() -> ResponseReturnValue:
    """Tell what comes next, the same whatever came of the form."""
    return render_template("joining/joined.html", sends_mail=sender.sends_mail())


@bp.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """Show the terms of service."""
    return _text(Text.TERMS)


@bp.get("/data-processing")
@public
def data_processing() -> ResponseReturnValue:
    """Show the data processing agreement."""
    return _text(Text.DATA)


def _text(kind: Text) -> str:
    version = request.args.get("version") or texts.current(kind)
    try:
        parts = texts.parts(kind, version, pick_locale())
    except KeyError as unknown:
        raise NotFoundError() from unknown
    return render_template(
        "joining/text.html",
        kind=kind,
        version=version,
        parts=parts,
        is_current=version == texts.current(kind),
        digest=texts.digest(kind, version),
    )


@bp.get("/accepted-terms")
@require(Permission.FIRM_KEEP)
def acceptances() -> ResponseReturnValue:
    """List what the firm has accepted, and offer what it has not."""
    rows = queries.acceptances(current_member().firm_id)
    lacking = queries.lacking(rows)
    return render_template("joining/acceptances.html", rows=rows, lacking=lacking, Text=Text)


@bp.post("/accepted-terms")
@require(Permission.FIRM_KEEP)
def create_acceptance() -> ResponseReturnValue:
    """Accept the version in force of every text that the firm has not accepted."""
    member = current_member()
    actions.accept(queries.lacking(queries.acceptances(member.firm_id)), by=member)
    flash(_("已同意当前版本，记录在下面"), "success")
    return redirect(url_for(".acceptances"), 303)
