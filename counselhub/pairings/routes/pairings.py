"""The firm's list of agreements, one of them, its form."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, RefusedError
from counselhub.core.forms import given, named, revision_of, show_refusal
from counselhub.pairings import actions, queries, rules, work_queries
from counselhub.pairings.forms import (
    ActForm,
    EndForm,
    NoticeForm,
    PairingForm,
    ScanForm,
    SignForm,
    pairing_form,
)
from counselhub.pairings.kinds import OPEN, PairingStatus
from counselhub.pairings.models import Pairing
from counselhub.pairings.routes.blueprint import (
    P,
    asked_year,
    bp,
    done,
    fetch_pairing,
    refused,
    words,
)

FORM, PAGE = "pairings/form.html", "pairings/pairing.html"


@bp.get("/pairings")
@require(P.FIRM_READ)
def pairings() -> ResponseReturnValue:
    """List the agreements with how each stands this year."""
    return htmx.show("pairings/pairings.html", **_listed())


def _listed(form: NoticeForm | None = None) -> dict[str, Any]:
    today, days = clock.today(), queries.notice_days()
    asked = request.args.get("tab", "open")
    tab = asked if asked in queries.TABS else "open"
    sort = sorting.asked_sort(queries.SORTS)
    sought = request.args.get("q", "").strip()
    tallies = queries.tallies(today, days)
    query = queries.pairing_list(tab, sought, sort, today, days)
    page = paging.paged(query, total=None if sought else tallies[tab])
    return {
        "page": page,
        "progress": work_queries.progress_of(page.items, today.year),
        "tallies": tallies,
        "tab": tab,
        "q": sought,
        "sort": sort,
        "days": days,
        "form": form or NoticeForm(formdata=None, days=days),
        **words(),
    }


@bp.post("/pairings/notice")
@require(P.PAIRING_MANAGE)
def set_notice() -> ResponseReturnValue:
    """Settle how early an agreement asks for renewal."""
    form = NoticeForm()
    if not form.validate_on_submit():
        return htmx.invalid("pairings/pairings.html", **_listed(form))
    actions.set_notice(given(form.days), by=current_member())
    flash(_("到期前 %(days)s 天开始提醒续签", days=form.days.data), "success")
    return htmx.gone_to(url_for(".pairings"))


@bp.get("/pairings/new")
@require(P.PAIRING_MANAGE)
def new_pairing() -> ResponseReturnValue:
    """Ask for a new agreement, filled from the one that it continues, if any."""
    old = _renewed(request.args.get("renews", ""))
    return htmx.show(FORM, **_asked(pairing_form(None, **_begins(old)), renews=old))


def _renewed(named: str) -> Pairing | None:
    try:
        return fetch_pairing(UUID(named)) if named else None
    except ValueError:
        return None


def _begins(old: Pairing | None) -> dict[str, Any]:
    """Return what a new agreement begins with: what it continues, for the same length again."""
    if old is None:
        return {"party_a": f"中共{current_member().title}支部委员会"[:100]}
    names = ("community_code", "party_a", "party_b", "topics", "content", "principles")
    _first, last = rules.renewal(old.signed_on or clock.today(), old.valid_until)
    return {name: getattr(old, name) for name in names} | {
        "renews": str(old.id),
        "valid_until": last,
    }


def _asked(
    form: PairingForm,
    found: Pairing | None = None,
    renews: Pairing | None = None,
    refusal: str = "",
) -> dict[str, Any]:
    return {"form": form, "pairing": found, "renews": renews, "refusal": refusal}


@bp.post("/pairings")
@require(P.PAIRING_MANAGE)
def create_pairing() -> ResponseReturnValue:
    """Write a draft."""
    form = pairing_form()
    renewed_id = form.renewed_id()
    old = fetch_pairing(renewed_id) if renewed_id else None
    if not form.validate_on_submit():
        return htmx.invalid(FORM, **_asked(form, renews=old))
    try:
        row = actions.add(form.entry(), by=current_member(), renews=old)
    except ConflictError as conflict:
        return _form_again(form, conflict, None)
    flash(_("已登记草稿，双方签字盖章后上传扫描件"), "success")
    return htmx.gone_to(url_for(".pairing", pairing_id=row.id))


def _form_again(
    form: PairingForm, refusal: DomainError, pairing_id: UUID | None
) -> ResponseReturnValue:
    """Show the form as it was sent with what stands against it."""
    db.session.rollback()
    found = fetch_pairing(pairing_id) if pairing_id else None
    show_refusal(form.valid_until if refusal.status == 422 else form.community_code, refusal)
    answer = htmx.refused if refusal.status == 409 else htmx.invalid
    return answer(FORM, **_asked(form, found))


@bp.get("/pairings/<uuid:pairing_id>")
@require(P.FIRM_READ)
def pairing(pairing_id: UUID) -> ResponseReturnValue:
    """Show one agreement: what it says, its next step, its year, its files."""
    return htmx.show(PAGE, **page_of(fetch_pairing(pairing_id)))


def page_of(found: Pairing, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    """Return what the page of an agreement shows; forms: the ones to show again with errors."""
    year, days = asked_year(found), queries.notice_days()
    chain = queries.chain(found)
    is_continued = chain.after is not None
    last_on = found.valid_until if found.status in OPEN else None
    shown = {
        "signing": SignForm(formdata=None, revision=found.revision),
        "ending": EndForm(formdata=None, revision=found.revision, ended_on=clock.today()),
        "adding": ScanForm(formdata=None),
    } | forms
    return {
        "pairing": found,
        "chain": chain,
        "scans": queries.scans_of(found.id),
        "year": year,
        "progress": work_queries.progress_of([found], year)[found.id],
        "studios": work_queries.studios_of(found.community_code, found.firm_id),
        "wants_renewal": found.status != PairingStatus.DRAFT
        and rules.wants_renewal(last_on, clock.today(), days, is_continued=is_continued),
        "refusal": refusal,
        **words(),
        **{name: named(form, name) for name, form in shown.items()},
    }


@bp.get("/pairings/<uuid:pairing_id>/edit")
@require(P.PAIRING_MANAGE)
def edit_pairing(pairing_id: UUID) -> ResponseReturnValue:
    """Show the form as the agreement now is; one that has ended shows its page."""
    found = fetch_pairing(pairing_id)
    if found.status not in OPEN:
        sentence = _("协议已经结束，不能再修改；要继续共建，请续签新的协议。")
        return htmx.refused(PAGE, **page_of(found, refusal=sentence))
    return htmx.show(FORM, **_asked(pairing_form(found, fresh=True), found))


@bp.post("/pairings/<uuid:pairing_id>")
@require(P.PAIRING_MANAGE)
def update_pairing(pairing_id: UUID) -> ResponseReturnValue:
    """Change an agreement; a stale page shows it as it now is."""
    found = fetch_pairing(pairing_id)
    form = pairing_form(found)
    if not form.validate_on_submit():
        return htmx.invalid(FORM, **_asked(form, found))
    seen = revision_of(form.revision)
    signed_on = form.signed_on.data if "signed_on" in form else None
    is_stale = seen is not None and found.revision != seen
    try:
        actions.change(found, form.entry(), signed_on=signed_on, revision=seen, by=current_member())
    except (ConflictError, RefusedError) as refusal:
        if is_stale:
            return _as_it_is(pairing_id, refusal)
        return _form_again(form, refusal, pairing_id)
    flash(_("已保存"), "success")
    return htmx.gone_to(url_for(".pairing", pairing_id=found.id))


def _as_it_is(pairing_id: UUID, refusal: DomainError) -> ResponseReturnValue:
    def again(sentence: str) -> dict[str, Any]:
        found = fetch_pairing(pairing_id)
        return _asked(pairing_form(found, fresh=True), found, refusal=sentence)

    return refused(refusal, FORM, again)


@bp.post("/pairings/<uuid:pairing_id>/removal")
@require(P.PAIRING_MANAGE)
def create_removal(pairing_id: UUID) -> ResponseReturnValue:
    """Delete a draft."""
    found = fetch(Pairing, pairing_id)
    revision = revision_of(ActForm().revision)
    return done(
        lambda: actions.drop(found, revision=revision, by=current_member()),
        toast=_("草稿已删除"),
        back_to=url_for(".pairings"),
        template=PAGE,
        again=lambda sentence: page_of(fetch_pairing(pairing_id), refusal=sentence),
    )
