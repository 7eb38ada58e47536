"""The page that asks who is there before money, export and membership acts, and carries them on."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from counselhub.core.access import current_member, signed_in
from counselhub.core.addresses import path_of
from counselhub.core.errors import DomainError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import READING
from counselhub.people import actions, sign_ins
from counselhub.people.forms import ConfirmForm
from counselhub.people.paths import own_path
from counselhub.people.session import durations

bp = Blueprint("confirm", __name__)
ON_THE_PAGE = {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"}
OURS = ("csrf_token", "confirm_")


def ask() -> ResponseReturnValue:
    """Answer an act that needs a confirmation: the page that asks for it, with what was sent.

    403: not yet allowed. htmx puts it in the place of the page's main part.
    """
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "/")
    back = path_of(page, "/")
    to = request.full_path.removesuffix("?")
    if request.method in READING:
        return redirect(url_for("confirm.confirm", next=to, back=back), 303)
    form = ConfirmForm(formdata=None, confirm_to=to, confirm_back=back, confirm_by="post")
    headers = ON_THE_PAGE if request.headers.get("HX-Request") else {}
    return _page(form), 403, headers


@bp.get("/confirm")
@signed_in
def confirm() -> ResponseReturnValue:
    """Ask for the password before a download."""
    to, back = own_path(request.args.get("next")), own_path(request.args.get("back"))
    return _page(ConfirmForm(formdata=None, confirm_to=to, confirm_back=back, confirm_by="get"))


@bp.post("/confirm")
@signed_in
def create_confirmation() -> ResponseReturnValue:
    """Check the password and carry on with what was asked for."""
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            password = text(form.confirm_password)
            actions.confirm(current_user.person_id, password, address=request.remote_addr or "")
            return _carry_on(form)
        except DomainError as refusal:
            show_refusal(form.confirm_password, refusal)
    return _page(form), 422


def _carry_on(form: ConfirmForm) -> ResponseReturnValue:
    sign_ins.confirm(current_user.session.id, by=current_member())
    to = own_path(form.confirm_to.data)
    if form.confirm_by.data == "post":
        return redirect(to, 307)  # the browser sends the same fields there
    return render_template("people/confirmed.html", to=to, back=own_path(form.confirm_back.data))


def _page(form: ConfirmForm) -> str:
    return render_template(
        "people/confirm.html",
        form=form,
        back=own_path(form.confirm_back.data),
        carried=_carried(),
        **durations(),
    )


def _carried() -> list[tuple[str, str]]:
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if not name.startswith(OURS)]
