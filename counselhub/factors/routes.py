"""The page 两步验证 of each person: switch on, look after, switch off."""

from collections.abc import Callable
from uuid import UUID

import segno
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core.access import current_member, signed_in
from counselhub.core.db import db
from counselhub.core.errors import DomainError, NotFoundError
from counselhub.core.forms import show_refusal, text
from counselhub.core.freshness import fresh
from counselhub.core.members import Member
from counselhub.core.tenancy import as_platform
from counselhub.factors import actions, party, passkeys, queries
from counselhub.factors.forms import ConfirmationForm, PasskeyForm, ProofForm
from counselhub.factors.guard import is_held_up, setting_up
from counselhub.factors.kinds import Method
from counselhub.factors.options import sent
from counselhub.factors.rules import Unavailable
from counselhub.factors.second_step import Proof, check
from counselhub.people.models import Person

bp = Blueprint("factors", __name__)


@bp.get("/factors")
@setting_up
@signed_in
def factors() -> ResponseReturnValue:
    """Show which second factors the reader has."""
    return _page()


@bp.post("/factors/totp")
@setting_up
@signed_in
@fresh
def create_totp() -> ResponseReturnValue:
    """Make a secret for the app."""
    try:
        actions.begin_totp(by=current_member())
    except DomainError as refusal:
        flash(refusal.message)
        return redirect(url_for(".factors"), 303)
    return redirect(url_for(".totp"), 303)


@bp.get("/factors/totp")
@setting_up
@signed_in
def totp() -> ResponseReturnValue:
    """Show the QR code that waits for its first one-time code."""
    return _qr_page(ConfirmationForm())


@bp.post("/factors/totp/confirmation")
@setting_up
@signed_in
def create_confirmation() -> ResponseReturnValue:
    """Switch one-time codes on; show the recovery codes, this once."""
    form = ConfirmationForm()
    if form.validate_on_submit():
        try:
            codes = actions.confirm_totp(text(form.code), by=current_member())
        except NotFoundError as refusal:
            flash(refusal.message)
            return redirect(url_for(".factors"), 303)
        except DomainError as refusal:
            show_refusal(form.code, refusal)
        else:
            flash(_("动态验证码已启用，下次登录时会用到"))
            return _codes_page(codes) if codes else redirect(url_for(".factors"), 303)
    return _qr_page(form, 422)


def _qr_page(form: ConfirmationForm, status: int = 200) -> ResponseReturnValue:
    try:
        secret = actions.secret_to_confirm(by=current_member())
    except NotFoundError:
        return redirect(url_for(".factors"), 303)
    address = actions.address_of(secret, _person().email)
    page = render_template(
        "factors/totp.html",
        form=form,
        qr=segno.make(address, error="m").svg_data_uri(scale=5, border=3),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        address=address,
        layout=_layout(),
    )
    return page, status


@bp.route("/factors/totp/ending", methods=["GET", "POST"])
@signed_in
def totp_ending() -> ResponseReturnValue:
    """Switch one-time codes off, after password and second factor."""
    if queries.held_by(_person().id).totp_since is None:
        return redirect(url_for(".factors"), 303)

    def act(_method: Method) -> ResponseReturnValue:
        actions.turn_off_totp(by=current_member())
        flash(_("动态验证码已关闭"))
        return redirect(url_for(".factors"), 303)

    consequence = _("关闭后，登录时不再询问应用里的验证码；手机里的那一条也不能再用。")
    return _proved(act, _("关闭动态验证码"), consequence)


@bp.route("/factors/codes", methods=["GET", "POST"])
@signed_in
def codes() -> ResponseReturnValue:
    """Make fresh recovery codes, after password and second factor."""
    if not queries.held_by(_person().id).any:
        return redirect(url_for(".factors"), 303)

    def act(_method: Method) -> ResponseReturnValue:
        return _codes_page(actions.make_codes(by=current_member()))

    consequence = _("会生成10个新的恢复码，原来的恢复码全部作废。")
    return _proved(act, _("重新生成恢复码"), consequence)


@bp.post("/factors/passkeys/options")
@setting_up
@signed_in
def create_passkey_options() -> ResponseReturnValue:
    """Give the browser what it makes a passkey from."""
    return sent(lambda: passkeys.registration_options(_person(), party.needed()))


@bp.post("/factors/passkeys")
@setting_up
@signed_in
@fresh
def create_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser has made."""
    form = PasskeyForm()
    if form.validate_on_submit():
        member = current_member()
        try:
            passkeys.register(
                text(form.answer), text(form.name), party.needed(), person=_person(), by=member
            )
        except DomainError as refusal:
            show_refusal(form.name, refusal)
        else:
            flash(_("通行密钥“%(name)s”已添加", name=text(form.name)))
            fresh = actions.first_codes(by=member)
            return _codes_page(fresh) if fresh else redirect(url_for(".factors"), 303)
    return _page(form), 422


@bp.route("/factors/passkeys/<uuid:passkey_id>/removal", methods=["GET", "POST"])
@signed_in
def passkey_removal(passkey_id: UUID) -> ResponseReturnValue:
    """Delete one of the own passkeys, after password and second factor."""
    passkey = passkeys.own(passkey_id, current_member().person_id)

    def act(_method: Method) -> ResponseReturnValue:
        passkeys.remove(passkey, by=current_member())
        flash(_("通行密钥“%(name)s”已删除", name=passkey.name))
        return redirect(url_for(".factors"), 303)

    consequence = _(
        "删除后，“%(name)s”不能再用来登录。请同时在设备的密码管理里删除它。", name=passkey.name
    )
    return _proved(act, _("删除通行密钥"), consequence)


@bp.post("/factors/proof/options")
@signed_in
def create_proof_options() -> ResponseReturnValue:
    """Give the browser what it asks one of the reader's passkeys."""
    return sent(lambda: passkeys.proof_options(_person().id, party.needed()))


@bp.post("/confirm/options")
@signed_in
def create_confirm_options() -> ResponseReturnValue:
    """Give the browser what it asks one of the reader's passkeys instead of the password."""
    return sent(lambda: passkeys.confirm_options(_person().id, party.needed()))


def _proved(
    act: Callable[[Method], ResponseReturnValue], title: str, consequence: str
) -> ResponseReturnValue:
    """Ask for password and second factor, then act."""
    form, held, here = ProofForm(), queries.held_by(_person().id), party.found()
    if form.validate_on_submit():
        proof = Proof(text(form.code), text(form.answer), here, form.password.data)
        try:
            return act(check(current_member(), proof))
        except DomainError as refusal:
            show_refusal(form.code, refusal)
    page = render_template(
        "factors/proof.html",
        form=form,
        heading=title,
        consequence=consequence,
        passkeys=bool(here and any(key.host == here.id for key in held.passkeys)),
    )
    return page, 422 if request.method == "POST" else 200


def _page(form: PasskeyForm | None = None) -> str:
    here = party.here()
    return render_template(
        "factors/factors.html",
        held=queries.held_by(_person().id),
        form=form or PasskeyForm(None),
        why_not=party.why_not(here) if isinstance(here, Unavailable) else None,
        is_held_up=_is_held_up(),
        layout=_layout(),
    )


def _codes_page(fresh: list[str]) -> str:
    """Show the codes; whoever was held up goes on to the home page from here."""
    return render_template(
        "factors/codes.html",
        codes=fresh,
        file="\r\n".join([_("CounselHub 恢复码（每个只能用一次）"), _person().email, "", *fresh]),
        layout=_layout(),
        onward=url_for("home") if _is_held_up() else url_for(".factors"),
    )


def _is_held_up() -> bool:
    return is_held_up(g.get("member"))


def _layout() -> str:
    """Without navigation while every other page leads back here."""
    return "core/plain.html" if _is_held_up() else "core/layout.html"


def _person() -> Person:
    member: Member = current_member()
    with as_platform():
        person = db.session.get(Person, member.person_id)
    if person is None:
        raise NotFoundError()
    return person
