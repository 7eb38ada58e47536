"""The blueprint, one referral as its page shows it, and how an act on it is answered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import can, current_member, fetch
from counselhub.core.errors import ConflictError, DomainError, RefusedError
from counselhub.core.forms import Form, named, revision_of, show_refusal, shown_fields
from counselhub.core.history import Event
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.referrals import (
    conflicts,
    handing,
    hourly,
    offering,
    parts,
    queries,
    seals,
    tying,
)
from counselhub.referrals.after_models import HomeVisit
from counselhub.referrals.allowing import acts_of, fetched, is_paused, must
from counselhub.referrals.forms import (
    MatterForm,
    OpinionForm,
    WordsForm,
    decline_form,
    plea_form,
    triage_form,
)
from counselhub.referrals.kinds import (
    CONFLICT_TONES,
    HANDED_ON,
    LIVE,
    OFFER_TONES,
    REFERRAL_ACTS,
    TONES,
    UNPLACED,
    URGENCY_TONES,
    Conflict,
    DeclineWhy,
    FeedbackTo,
    HandKind,
    HandState,
    OfferState,
    Plus,
    RatedBy,
    ReferralStatus,
    Satisfaction,
    Speciality,
    TeamRole,
    Urgency,
)
from counselhub.referrals.models import Referral, ReferralOffer
from counselhub.referrals.parts import Parts

bp = Blueprint("referrals", __name__)
PAGE = "referrals/referral.html"
WORDS_OF = ("withdraw", "send_back", "pause", "reopen", "escalate", "settle_escalation")
"""Acts on the page that ask for words."""
KINDS: dict[str, Any] = {
    "Status": ReferralStatus,
    "Urgency": Urgency,
    "Speciality": Speciality,
    "Conflict": Conflict,
    "tones": TONES,
    "urgency_tones": URGENCY_TONES,
    "conflict_tones": CONFLICT_TONES,
}


@bp.app_template_global("referrals_of")
def referrals_of(service_id: UUID) -> list[dict[str, Any]]:
    """Return the referrals of a service for its page, newest first."""
    return [
        {"row": one, "label": ReferralStatus(one.status).label, "tone": TONES[one.status]}
        for one in queries.of_service(service_id)
    ]


def _parts(row: Referral) -> Parts:
    found = parts.of(row)
    open_ = (one for one in found.offers if one.state == OfferState.OPEN)
    if row.status == ReferralStatus.FORMED and any(map(offering.is_over, open_)):
        hourly.pass_on_late(row)
        found = parts.of(row)
    return found


def shown(row: Referral, *, refusal: str = "", **forms: Form) -> dict[str, Any]:
    """Return what the page of a referral shows; forms: those that came back with faults."""
    found = _parts(row)
    allowed = acts_of(row)
    return KINDS | {
        "row": row,
        "acts": allowed,
        "is_paused": is_paused(row),
        "is_over": row.due_at is not None and row.due_at <= clock.now(),
        "is_live": row.status in LIVE,
        "offers": [] if row.status == ReferralStatus.ASKED else _offers(found),
        "own_offer": _own_offer(row, found),
        "helpers": found.helpers if row.status not in UNPLACED else [],
        "handovers": _handovers(found) if row.receiver_id else [],
        "feedbacks": found.feedbacks,
        "visits": [(one, _address(one)) for one in found.visits],
        "may_open_service": can(Permission.SERVICE_MANAGE)
        or row.asker_id == current_member().adviser_id,
        "events": _events(row),
        **tying.matters_of(row),
        "conflict_reasons": conflicts.reasons(row.conflict_codes),
        "forms": _forms(row, allowed) | forms,
        "refusal": refusal,
        "TeamRole": TeamRole,
        "FeedbackTo": FeedbackTo,
        "RatedBy": RatedBy,
        "Satisfaction": Satisfaction,
        "has_receiver": row.status in HANDED_ON,
    }


def _address(one: HomeVisit) -> str:
    address = seals.opened(one)
    if address is None:
        return str(_("地址打不开，密钥可能已更换"))
    return address or str(_("地址已按保存期限清除"))


def _offers(found: Parts) -> list[dict[str, Any]]:
    return [
        {
            "row": one,
            "state": OfferState(one.state),
            "tone": OFFER_TONES[OfferState(one.state)],
            "why": DeclineWhy(one.why).label if one.why else "",
            "pluses": pluses(one.pluses),
        }
        for one in found.offers
    ]


def pluses(pairs: Any) -> str:
    """Return reasons with their points as one line: 擅长这一类 40、在同一街道服务 5."""
    return str(_("、")).join(f"{Plus(code).label} {points}" for code, points in pairs)


def _own_offer(row: Referral, found: Parts) -> ReferralOffer | None:
    who = current_member().adviser_id
    if row.status != ReferralStatus.FORMED or who is None:
        return None
    open_ = (one for one in found.offers if one.state == OfferState.OPEN)
    return next((one for one in open_ if one.adviser_id == who), None)


def _handovers(found: Parts) -> list[dict[str, Any]]:
    return [
        {
            "row": one,
            "kind": HandKind(one.kind),
            "state": HandState(one.status),
            "may_answer": one.status == HandState.ASKED and handing.answers(one, current_member()),
            "may_take_back": one.status == HandState.ASKED and handing.asked(one, current_member()),
        }
        for one in found.handovers
    ]


def _forms(row: Referral, allowed: frozenset[str]) -> dict[str, Form]:
    """Return the forms of the acts that are allowed, empty, each with ids of its own."""
    made: dict[str, Form] = {
        act: WordsForm(formdata=None, revision=row.revision) for act in WORDS_OF if act in allowed
    }
    if "ask_takeover" in allowed:
        made["ask_takeover"] = WordsForm(formdata=None, revision=row.revision)
    if "triage" in allowed:
        made["triage"] = triage_form(row, fresh=True)
    if "change" in allowed:
        made["change"] = plea_form(row, fresh=True)
    if "tie_matter" in allowed:
        made["tie_matter"] = MatterForm(formdata=None, revision=row.revision)
    if "decline" in allowed:
        made["decline"] = decline_form(fresh=True)
    if "conclude" in allowed:
        made["conclude"] = OpinionForm(
            formdata=None, revision=row.revision, opinion=row.opinion or ""
        )
    return {act: named(form, act) for act, form in made.items()}


def _events(row: Referral) -> list[dict[str, Any]]:
    found = queries.whole_way(row)
    return [
        {
            "at": one.at,
            "who": one.who,
            "what": page_text(REFERRAL_ACTS.get(one.act, one.act)),
            "note": _note(one),
        }
        for one in found
    ]


def _note(one: Event) -> str:
    """Return what an act says beside its name."""
    said = one.detail
    if one.act == "decline":
        return str(DeclineWhy(said["reason"]).label)
    if one.act == "check_conflict":
        why = conflicts.reasons(said.get("codes", ()))
        return str(_("：")).join(one for one in (Conflict(said["conflict"]).label, why) if one)
    if one.act == "rate":
        return str(Satisfaction(str(said["satisfaction"])).label)
    said_of = (said.get("name"), said.get("words") or said.get("reason") or said.get("matter"))
    return " ".join(str(one) for one in said_of if one)


def done(
    referral_id: UUID,
    act: str,
    form: Form,
    do: Callable[[Referral, int | None], object],
    toast: str,
) -> ResponseReturnValue:
    """Do one act to the referral as the page showed it; a refusal is told on it as it now is."""
    row = fetched(referral_id)
    named(form, act)
    try:
        must(row, act)
        if not form.validate_on_submit():
            return htmx.invalid(PAGE, **shown(row, **{act: form}))
        do(row, revision_of(form["revision"]))
    except ConflictError as conflict:
        return htmx.refused(PAGE, **shown(_again(referral_id), refusal=conflict.message))
    except RefusedError as refusal:
        return _refused(referral_id, act, form, refusal)
    flash(toast, "success")
    return htmx.gone_to(url_for("referrals.referral", referral_id=referral_id))


def _again(referral_id: UUID) -> Referral:
    return fetch(Referral, referral_id, None, *queries.names())


def _refused(referral_id: UUID, act: str, form: Form, refusal: DomainError) -> ResponseReturnValue:
    fields = shown_fields(form)
    row = _again(referral_id)
    if not fields:
        return htmx.invalid(PAGE, **shown(row, refusal=refusal.message))
    show_refusal(fields[-1], refusal)
    return htmx.invalid(PAGE, **shown(row, **{act: form}))
