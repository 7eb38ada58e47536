"""通知: the own notices, and how one wants to be told."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from counselhub.core import htmx, paging, sender
from counselhub.core.access import current_member, signed_in
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.notices import choosing, mail, queries, texts
from counselhub.notices.forms import form_for
from counselhub.notices.kinds import DeliveryState, Kind
from counselhub.notices.models import Notice

bp = Blueprint("notices", __name__)


@bp.get("/notices")
@signed_in
def notices() -> ResponseReturnValue:
    """List what the member was told, unread first."""
    membership_id = _membership(current_member())
    tallies = queries.tallies(membership_id)
    kind = Kind.of_asked(request.args.get("kind", ""))
    is_unread = request.args.get("state") == "unread"
    chosen = [one for one in tallies if kind in (None, one.kind)]
    count = sum(one.unread if is_unread else one.total for one in chosen)
    query = queries.inbox(membership_id, kind, is_unread=is_unread)
    with as_platform():
        page: Any = paging.paged(query, total=count)
    return htmx.show(
        "notices/notices.html",
        page=page,
        tallies=tallies,
        kinds=[(one.kind.value, one.kind.label) for one in tallies],
        kind=kind,
        is_unread=is_unread,
        Kind=Kind,
        DeliveryState=DeliveryState,
        sentence=_sentence,
        others=[
            one
            for one in current_user.memberships
            if one.membership_id != membership_id and one.unread
        ],
    )


def _membership(member: Member) -> UUID:
    """Return whose notices they are. Raises NotFoundError for an actor without any."""
    if member.membership_id is None:
        raise NotFoundError()
    return member.membership_id


def _sentence(notice: Notice) -> str:
    return texts.sentence(Kind.of(notice.kind), notice.facts)


@bp.get("/notices/<uuid:notice_id>")
@signed_in
def notice(notice_id: UUID) -> ResponseReturnValue:
    """Go to what a notice is about, which reads it; one of another membership asks to switch."""
    members = {one.membership_id: one for one in current_user.memberships}
    found = queries.own(notice_id, members)
    if found is None:
        raise NotFoundError()
    if found.membership_id != current_member().membership_id:
        return render_template("notices/elsewhere.html", other=members[found.membership_id])
    choosing.read(found.membership_id, [found.id])
    return redirect(request.root_path + found.path, 303)


@bp.post("/notices/reading")
@signed_in
def create_reading() -> ResponseReturnValue:
    """Note that the chosen notices were read, or all of them."""
    chosen = None
    if not request.form.get("all"):
        chosen = request.form.getlist("notice", type=UUID)
    count = choosing.read(_membership(current_member()), chosen)
    told = ngettext("已把 %(num)d 条标为已读", "已把 %(num)d 条标为已读", count)
    flash(told if count else _("没有未读的通知了"), "success")
    return htmx.gone_to(url_for(".notices", state=request.args.get("state")))


@bp.route("/account/notices", methods=["GET", "POST"])
@signed_in
def choices() -> ResponseReturnValue:
    """Show and keep how one wants to be told."""
    person_id = current_user.person_id
    setting = queries.setting_of(person_id)
    modes = queries.modes_of(person_id)
    given = {kind.value: mode.value for kind, mode in modes.items()}
    form = form_for(queries.kinds_for(current_user.memberships))(obj=setting, data=given)
    if form.validate_on_submit():
        choosing.choose(person_id, form.wish(), by=current_member())
        flash(_("已保存，从下一条通知起生效"), "success")
        return redirect(url_for(".choices"), 303)
    page = render_template(
        "notices/choices.html",
        form=form,
        email=mail.address_of(person_id),
        setting=setting,
        sends_mail=sender.sends_mail(),
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/account/notices/address")
@signed_in
def create_trust() -> ResponseReturnValue:
    """Send to the own address again."""
    if choosing.trust_address(current_user.person_id, by=current_member()):
        flash(_("之后的邮件会再发到这个地址"), "success")
    return redirect(url_for(".choices"), 303)
