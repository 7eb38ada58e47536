"""The office's payment lists, and the acts on them."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import RevisionForm, given, text
from counselhub.core.freshness import fresh
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Permission
from counselhub.payments import actions, queries, rules
from counselhub.payments.forms import ApartForm, BounceForm, PaymentForm
from counselhub.payments.kinds import ITEM_TONES, LIST_TONES, ItemStatus, ListStatus
from counselhub.payments.models import PaymentItem, PaymentList
from counselhub.payments.routes.blueprint import bp
from counselhub.payments.rows import rows_of

P = Permission
LISTS, GATHER, LIST = "payments/lists.html", "payments/gathering.html", "payments/list.html"


@bp.get("/payment-lists")
@require(P.REVIEW_READ)
def lists() -> ResponseReturnValue:
    """List the street's payment lists, newest first, and what waits for one."""
    asked, sort = queries.Asked.of(request.args), sorting.asked_sort(queries.LIST_SORTS)
    return htmx.show(
        LISTS,
        page=paging.paged(queries.lists(asked, sort)),
        waiting=queries.waiting(),
        asked=asked,
        sort=sort,
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "Status": ListStatus,
        "ItemStatus": ItemStatus,
        "list_tones": LIST_TONES,
        "item_tones": ITEM_TONES,
    }


@bp.get("/payment-lists/gathering")
@require(P.REVIEW_READ)
def gathering() -> ResponseReturnValue:
    """Show what waits for payment, firm by firm, to be put on a list."""
    return htmx.show(GATHER, **_gathered())


def _gathered(*, refusal: str = "", ticked: list[UUID] | None = None) -> dict[str, Any]:
    firm = request.args.get("q", "").strip()
    count, amount_fen = queries.waiting(firm)
    page = paging.paged(queries.payable(firm), per_page=actions.MOST_ROWS, total=count)
    return {
        "page": page,
        "amount_fen": amount_fen,
        "asked": firm,
        "ticked": ticked,
        "refusal": refusal,
    }


@bp.post("/payment-lists")
@require(P.PAYMENT_RECORD)
@fresh
def create_list() -> ResponseReturnValue:
    """Put the ticked statements, or all that wait, on a new list."""
    form = RevisionForm()
    ids = request.form.getlist("statement", type=UUID)

    def act() -> ResponseReturnValue:
        made = actions.make(ids, by=current_member())
        return told(
            _("已生成支付清单 %(number)s", number=made.number),
            url_for(".payment_list", payment_list_id=made.id),
        )

    return attempt(form, act, partial(_gathered, ticked=ids), page=GATHER)


@bp.get("/payment-lists/<uuid:payment_list_id>")
@require(P.REVIEW_READ)
def payment_list(payment_list_id: UUID) -> ResponseReturnValue:
    """Show a list with its rows, its sums and what may be done with it."""
    return htmx.show(LIST, **_shown(payment_list_id))


def _shown(payment_list_id: UUID, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    found = fetch(PaymentList, payment_list_id, None, joinedload(PaymentList.street))
    items = queries.items(found.id)
    now: dict[str, Any] = {"formdata": None, "revision": found.revision}
    return {
        "list": found,
        "items": items,
        "totals": rules.totals(rows_of(items)),
        "listed": [one for one in items if one.status == ItemStatus.LISTED],
        "layout": queries.layout(found.street_code),
        "payment_form": PaymentForm(paid_on=clock.today(), **now),
        "bounce_form": BounceForm(bounced_on=clock.today(), **now),
        "apart_form": ApartForm(**now),
        "bounced": None,
        "refusal": refusal,
        **_words(),
        **forms,
    }


def _page(payment_list_id: UUID) -> str:
    return url_for(".payment_list", payment_list_id=payment_list_id)


@bp.post("/payment-lists/<uuid:payment_list_id>/sending")
@require(P.PAYMENT_RECORD)
@fresh
def create_sending(payment_list_id: UUID) -> ResponseReturnValue:
    """Hand a list to finance."""
    found, form = fetch(PaymentList, payment_list_id), RevisionForm()

    def act() -> ResponseReturnValue:
        actions.send(found, by=current_member(), revision=form.seen)
        return told(_("已送财政，律所可以看到自己的那一笔"), _page(payment_list_id))

    return attempt(form, act, partial(_shown, payment_list_id), page=LIST)


@bp.post("/payment-lists/<uuid:payment_list_id>/payment")
@require(P.PAYMENT_RECORD)
@fresh
def create_payment(payment_list_id: UUID) -> ResponseReturnValue:
    """Record that finance has paid the list."""
    found, form = fetch(PaymentList, payment_list_id), PaymentForm()

    def act() -> ResponseReturnValue:
        count = actions.pay(
            found,
            paid_on=given(form.paid_on),
            reference=text(form.reference),
            references=form.references,
            by=current_member(),
            revision=form.seen,
        )
        return told(_("已登记 %(count)s 份结算单的支付", count=count), _page(payment_list_id))

    look = partial(_shown, payment_list_id)
    return attempt(form, act, look, page=LIST, field=form.paid_on, payment_form=form)


@bp.post("/payment-lists/<uuid:payment_list_id>/taking-apart")
@require(P.PAYMENT_RECORD)
@fresh
def create_taking_apart(payment_list_id: UUID) -> ResponseReturnValue:
    """Give a list up; its statements are free again."""
    found, form = fetch(PaymentList, payment_list_id), ApartForm()

    def act() -> ResponseReturnValue:
        actions.take_apart(found, text(form.words), by=current_member(), revision=form.seen)
        return told(_("已拆单，结算单可以列入新的清单"), url_for(".gathering"))

    look = partial(_shown, payment_list_id)
    return attempt(form, act, look, page=LIST, field=form.words, apart_form=form)


@bp.post("/payment-items/<uuid:payment_item_id>/removal")
@require(P.PAYMENT_RECORD)
@fresh
def create_removal(payment_item_id: UUID) -> ResponseReturnValue:
    """Take one row off a list that was not sent yet."""
    item, form = fetch(PaymentItem, payment_item_id), RevisionForm()

    def act() -> ResponseReturnValue:
        actions.drop(item, by=current_member(), revision=form.seen)
        return told(_("已移出清单"), _page(list_id))

    list_id = item.list_id
    return attempt(form, act, partial(_shown, list_id), page=LIST)


@bp.post("/payment-items/<uuid:payment_item_id>/bounce")
@require(P.PAYMENT_RECORD)
@fresh
def create_bounce(payment_item_id: UUID) -> ResponseReturnValue:
    """Record that the bank sent one payment back."""
    item, form = fetch(PaymentItem, payment_item_id), BounceForm()

    def act() -> ResponseReturnValue:
        amount = format_yuan(item.amount_fen)
        actions.bounce(
            item,
            text(form.words),
            given(form.bounced_on),
            by=current_member(),
            revision=form.seen,
        )
        return told(_("已登记退汇 %(amount)s 元，结算单回到待支付", amount=amount), _page(list_id))

    list_id, look = item.list_id, partial(_shown, item.list_id)
    kept = {"bounce_form": form, "bounced": payment_item_id}
    return attempt(form, act, look, page=LIST, field=form.words, **kept)
