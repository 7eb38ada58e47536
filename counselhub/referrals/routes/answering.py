"""How acts with a page or a button of their own are answered; `blueprint.done` does the others."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from counselhub.core import htmx
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import Form, show_refusal
from counselhub.referrals.allowing import fetched, must
from counselhub.referrals.models import Referral
from counselhub.referrals.routes.blueprint import KINDS, PAGE, shown


def kept(
    row: Referral,
    act: str,
    page: str,
    form: Form,
    do: Callable[[], object],
    *,
    blames: Field,
    toast: str,
    anchor: str | None = None,
) -> ResponseReturnValue:
    """Do an act whose form is a page; a refusal stands at the field that it `blames`."""
    referral_id = row.id
    try:
        must(row, act)
        if not form.validate_on_submit():
            return htmx.invalid(page, row=row, form=form, **KINDS)
        do()
    except ConflictError as conflict:
        return _refused(referral_id, conflict)
    except RefusedError as refusal:
        show_refusal(blames, refusal)
        return htmx.invalid(page, row=fetched(referral_id), form=form, **KINDS)
    return _told(referral_id, toast, anchor)


def pressed(
    referral_id: UUID, do: Callable[[], object], *, toast: str, anchor: str | None = None
) -> ResponseReturnValue:
    """Do what a button of the referral's page asks; a refusal is told on it as it now is."""
    try:
        do()
    except ConflictError as conflict:
        return _refused(referral_id, conflict)
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **shown(fetched(referral_id), refusal=refusal.message))
    return _told(referral_id, toast, anchor)


def _refused(referral_id: UUID, conflict: ConflictError) -> ResponseReturnValue:
    return htmx.refused(PAGE, **shown(fetched(referral_id), refusal=conflict.message))


def _told(referral_id: UUID, toast: str, anchor: str | None) -> ResponseReturnValue:
    flash(toast, "success")
    return htmx.gone_to(url_for(".referral", referral_id=referral_id, _anchor=anchor))
