"""The page that asks who is there before money, export and membership acts, and carries them on."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Field

from counselhub.core.access import current_member, signed_in
from counselhub.core.addresses import path_of
from counselhub.core.errors import DomainError, RefusedError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import READING
from counselhub.factors.guard import setting_up
from counselhub.people import actions, second_step, sign_ins
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
@setting_up
@signed_in
def confirm() -> ResponseReturnValue:
    """Ask who is there before a download."""
    to, back = own_path(request.args.get("next")), own_path(request.args.get("back"))
    return _page(ConfirmForm(formdata=None, confirm_to=to, confirm_back=back, confirm_by="get"))


@bp.post("/confirm")
@setting_up
@signed_in
def create_confirmation() -> ResponseReturnValue:
    """Check the answer and carry on with what was asked for."""
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            method = _method(form)
            sign_ins.confirm(current_user.session.id, by=current_member(), method=method)
            return _carry_on(form)
        except DomainError as refusal:
            show_refusal(_answered(form), refusal)
    return _page(form), 422


def _method(form: ConfirmForm) -> str:
    """Return by what the answer proves who is there. Raises RefusedError, LockedError."""
    code, answer = text(form.confirm_code), text(form.confirm_answer)
    if code or answer:
        return second_step.prove(current_member(), code, answer)
    if not (password := text(form.confirm_password)):
        raise RefusedError(_("请填写其中一项。") if _ways().code else _("请填写"))
    actions.confirm(current_user.person_id, password, address=request.remote_addr or "")
    return "password"


def _ways() -> second_step.Ways:
    return second_step.ways(current_user.person_id)


def _answered(form: ConfirmForm) -> Field:
    """Return the field that was answered: browsers fill the password in by themselves."""
    given = (field for field in (form.confirm_answer, form.confirm_code) if field.data)
    return next(given, form.confirm_password)


def _carry_on(form: ConfirmForm) -> ResponseReturnValue:
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
        ways=_ways(),
        **durations(),
    )


def _carried() -> list[tuple[str, str]]:
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if not name.startswith(OURS)]
