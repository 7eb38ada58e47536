"""Check before anything else, and open a matter with the check that precedes it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.clients import seals as client_seals
from counselhub.clients.models import Client
from counselhub.core import htmx
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.forms import Form, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.duty.queries import advisers_and_communities
from counselhub.matters import actions, conflicts, decision_queries, service_links
from counselhub.matters.actions import MatterEntry, PartyEntry
from counselhub.matters.forms import MatterForm, matter_form
from counselhub.matters.kinds import PartyRole, Verdict
from counselhub.matters.party_form import PartyForm, party_form
from counselhub.matters.routes.blueprint import bp
from counselhub.matters.routes.lists import words
from counselhub.matters.seals import Marks
from counselhub.services.models import ServiceRecord

NEW, CHECK = "matters/new.html", "matters/check.html"
SIDES = (("client", PartyRole.CLIENT), ("opponent", PartyRole.OPPONENT))


def _parties() -> list[PartyForm]:
    """Return the forms of our side, which is needed, and of the other one, which may be blank."""
    return [
        party_form(f"{prefix}-", role=role.value, is_needed=role is PartyRole.CLIENT)
        for prefix, role in SIDES
    ]


def _all_valid(*forms: Form) -> bool:
    """Judge every form, so that all faults are told at once."""
    verdicts = [form.validate_on_submit() for form in forms]
    return all(verdicts)


def entry_of(form: PartyForm) -> PartyEntry:
    """Return the party of a valid form; one of the register is read from there.

    Raises NotFoundError for a client that is not in sight.
    """
    if not text(form.client_id):
        return PartyEntry(form.asked())
    client = fetch(Client, _uuid(text(form.client_id)))
    person = client_seals.opened(client)
    marks = Marks(person.name or "", "", person.phone or "", "")
    return PartyEntry(form.asked(marks), client.id)


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def matter_form_now(**values: object) -> MatterForm:
    """Return the form of a matter with the communities and lawyers of the firm."""
    lawyers, served = advisers_and_communities()
    places = [(one.code, one.name) for one in served]
    return matter_form(places, [(str(one.id), one.name) for one in lawyers], **values)


@bp.get("/matters/check")
@require(Permission.MATTER_WORK)
def new_check() -> ResponseReturnValue:
    """Ask whose conflict is to be looked for."""
    return htmx.show(CHECK, parties=_parties(), answer=None, deciders=[])


@bp.post("/matters/check")
@require(Permission.MATTER_WORK)
def create_check() -> ResponseReturnValue:
    """Check two sides, and say whether there may be a conflict; no matter is opened."""
    parties = _parties()
    if not _all_valid(*parties):
        return htmx.invalid(CHECK, parties=parties, answer=None, deciders=[])
    asked = [entry_of(form).asked for form in parties if form.is_given]
    answer = conflicts.check(asked, by=current_member())
    deciders = decision_queries.deciders() if answer.verdict is Verdict.POSSIBLE else []
    return htmx.show(CHECK, parties=parties, answer=answer, deciders=deciders)


@bp.get("/matters/new")
@require(Permission.MATTER_WORK)
def new_matter() -> ResponseReturnValue:
    """Show the form, filled with the service or the client that the address names."""
    values: dict[str, object] = {"adviser_id": str(current_member().adviser_id or "")}
    if service_id := request.args.get("service"):
        service = fetch(ServiceRecord, _uuid(service_id))
        values |= {"service_id": service_id, "community_code": service.community_code}
    parties = _parties()
    if client_id := request.args.get("client"):
        parties[0].client_id.data = str(fetch(Client, _uuid(client_id)).id)
    return htmx.show(NEW, **_new(matter_form_now(**values), parties))


def _new(form: MatterForm, parties: list[PartyForm]) -> dict[str, Any]:
    known = text(parties[0].client_id)
    shown = client_seals.masked(fetch(Client, _uuid(known))) if known else None
    return {"form": form, "parties": parties, "known": shown, **words()}


@bp.post("/matters")
@require(Permission.MATTER_WORK)
def create_matter() -> ResponseReturnValue:
    """Check the parties and open the matter, frozen where there may be a conflict."""
    form, parties = matter_form_now(), _parties()
    if not _all_valid(form, *parties):
        return htmx.invalid(NEW, **_new(form, parties))
    entries = [entry_of(one) for one in parties if one.is_given]
    try:
        matter, answer = actions.open_matter(_with_oneself(form), entries, by=current_member())
        if service_id := text(form.service_id):
            service_links.link_first(matter, _uuid(service_id), by=current_member())
    except RefusedError as refusal:
        db.session.rollback()
        show_refusal(form.title, refusal)
        return htmx.invalid(NEW, **_new(form, parties))
    told(answer)
    return htmx.gone_to(url_for(".matter", matter_id=matter.id))


def _with_oneself(form: MatterForm) -> MatterEntry:
    """Whoever opens a matter for a colleague works on it too, unless he sees every one."""
    entry, member = form.entry(), current_member()
    if member.adviser_id is None or can(Permission.MATTER_DECIDE):
        return entry
    return replace(entry, members=entry.members | {member.adviser_id})


def told(answer: conflicts.Answer) -> None:
    """Say what a check said: the verdict, why, and who may clear it; nothing of other matters."""
    if answer.verdict is Verdict.NONE:
        flash(_("利益冲突检查：未发现冲突。"), "success")
        return
    flash(
        _(
            "利益冲突检查：可能冲突（%(reasons)s）。已冻结，请联系%(deciders)s处理。",
            reasons="、".join(answer.reasons),
            deciders="、".join(decision_queries.deciders()) or _("主任"),
        ),
        "warning",
    )
