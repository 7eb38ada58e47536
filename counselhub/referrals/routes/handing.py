"""Changes of hands: asked for, agreed, refused, taken back."""

from collections.abc import Callable
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.forms import given, revision_of, text
from counselhub.core.permissions import Permission
from counselhub.referrals import handing
from counselhub.referrals.allowing import fetched
from counselhub.referrals.forms import WordsForm, transfer_form
from counselhub.referrals.models import Referral, ReferralHandover
from counselhub.referrals.routes.answering import kept, pressed
from counselhub.referrals.routes.blueprint import KINDS, bp, done

TRANSFER = "referrals/transfer.html"


@bp.get("/referrals/<uuid:referral_id>/transfer")
@require(Permission.REFERRAL_USE)
def new_transfer(referral_id: UUID) -> ResponseReturnValue:
    """Ask a colleague to take it over."""
    row = fetched(referral_id)
    return htmx.show(TRANSFER, row=row, form=transfer_form(row, fresh=True), **KINDS)


@bp.post("/referrals/<uuid:referral_id>/transfer")
@require(Permission.REFERRAL_USE)
def create_transfer(referral_id: UUID) -> ResponseReturnValue:
    """Ask him; he agrees or not."""
    row = fetched(referral_id)
    form = transfer_form(row)

    def run() -> None:
        to_id, revision = UUID(given(form.to_id)), revision_of(form.revision)
        handing.ask_transfer(row, to_id, text(form.words), revision=revision, by=current_member())

    toast = _("已请同事接手，等他同意；在此之前仍由原承办律师负责")
    return kept(row, "ask_transfer", TRANSFER, form, run, blames=form.to_id, toast=toast)


@bp.post("/referrals/<uuid:referral_id>/takeover")
@require(Permission.REFERRAL_USE)
def create_takeover(referral_id: UUID) -> ResponseReturnValue:
    """Ask its receiver to let one have it."""
    form = WordsForm()

    def run(row: Referral, revision: int | None) -> None:
        handing.ask_takeover(row, text(form.words), revision=revision, by=current_member())

    return done(referral_id, "ask_takeover", form, run, _("已请求接手，等承办律师或主任同意"))


@bp.post("/referrals/handovers/<uuid:handover_id>/agreement")
@require(Permission.REFERRAL_USE)
def create_handover_agreement(handover_id: UUID) -> ResponseReturnValue:
    """Let it change hands."""
    return _answered(handover_id, handing.agree, _("已移交承办"))


@bp.post("/referrals/handovers/<uuid:handover_id>/refusal")
@require(Permission.REFERRAL_USE)
def create_handover_refusal(handover_id: UUID) -> ResponseReturnValue:
    """Leave it where it is."""
    return _answered(handover_id, handing.refuse, _("已答复，承办律师不变"))


@bp.post("/referrals/handovers/<uuid:handover_id>/withdrawal")
@require(Permission.REFERRAL_USE)
def create_handover_withdrawal(handover_id: UUID) -> ResponseReturnValue:
    """Ask no more."""
    return _answered(handover_id, handing.take_back, _("已撤回请求"))


def _answered(handover_id: UUID, act: Callable[..., None], toast: str) -> ResponseReturnValue:
    asked = fetch(ReferralHandover, handover_id)
    row = fetched(asked.referral_id)
    return pressed(row.id, lambda: act(asked, row, by=current_member()), toast=toast)
