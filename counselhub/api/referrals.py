"""Referrals: where each stands and who has it; never what it is about.

Programs do what the desk does; to take a referral, or to give its opinion, is a lawyer's own act.
"""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from flask_babel import gettext as _
from pydantic import AwareDatetime, Field

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import expect, operation
from counselhub.api.shapes import LEFT_OUT, Asked, Code, Instant, Listed, PageOf, Shown
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.referrals import actions, forming, offering, queries, timing
from counselhub.referrals.actions import Plea
from counselhub.referrals.allowing import fetched, must
from counselhub.referrals.kinds import ReferralStatus, Speciality, Urgency
from counselhub.referrals.models import Referral
from counselhub.services.models import ServiceRecord

READ, WRITE = "referrals:read", "referrals:write"
Words = Annotated[str, Field(min_length=1, max_length=2000)]
People = Annotated[list[UUID], Field(max_length=50)]


class ReferralShown(Shown):
    """转介: a service that goes to a team; `due_at`: when its present step is due."""

    id: UUID
    revision: int
    number: str
    service_id: UUID
    community_code: str
    speciality: str
    urgency: str
    status: str
    asker_id: UUID
    receiver_id: UUID | None
    team_id: UUID | None
    asked_at: Instant
    accepted_at: Instant | None
    due_at: Instant | None
    concluded_at: Instant | None


class ReferralsAsked(Listed):
    """The filters of the list."""

    state: ReferralStatus | None = None
    urgency: Urgency | None = None
    community: Code | None = None
    changed_since: AwareDatetime | None = None


@operation(
    "GET",
    "/referrals",
    N_("列出转介"),
    READ,
    Permission.REFERRAL_USE,
    query=ReferralsAsked,
    answer=PageOf[ReferralShown],
)
def list_referrals(asked: ReferralsAsked) -> PageOf[ReferralShown]:
    """List the referrals in sight, those that ended too."""
    given = {
        "state": asked.state or "",
        "urgency": asked.urgency or "",
        "community": asked.community or "",
        "q": "",
    }
    query = queries.listed(given, "asked")
    if asked.changed_since:
        query = query.where(changed_since(Referral, asked.changed_since))
    return part_of(query, Referral.id, asked, shown, PageOf[ReferralShown])


@operation(
    "GET",
    "/referrals/<uuid:referral_id>",
    N_("查看一项转介"),
    READ,
    Permission.REFERRAL_USE,
    answer=ReferralShown,
)
def referral(referral_id: UUID) -> ReferralShown:
    """Show one referral."""
    return shown(fetch(Referral, referral_id))


class ReferralGiven(Asked):
    """Which service is referred, and what is asked for."""

    service_id: UUID
    speciality: Speciality
    urgency: Urgency = Urgency.NORMAL
    words: Words


class ReferralChanged(Asked):
    """What is to be changed before anybody is asked; what is left out stays."""

    speciality: Speciality = LEFT_OUT
    urgency: Urgency = LEFT_OUT
    words: Words = LEFT_OUT


class ReferralMove(Asked):
    """The next step. `triage` takes kind and urgency; these need words, which say why:

    `withdraw`, `send_back`, `pause`, `reopen`, `escalate`, `settle_escalation`.
    """

    act: Literal[
        "triage",
        "recall",
        "withdraw",
        "send_back",
        "pause",
        "resume",
        "confer",
        "reopen",
        "close",
        "escalate",
        "settle_escalation",
    ]
    words: str = Field("", max_length=300)
    speciality: Speciality | None = Field(None, description="triage: as asked for, unless given")
    urgency: Urgency | None = Field(None, description="triage: as asked for, unless given")


class Formation(Asked):
    """Whom to ask, in this order, and who helps; nobody to ask: as the rules suggest."""

    asked: People = Field(default_factory=list)
    team_id: UUID | None = None
    helpers: People = Field(default_factory=list)


@operation(
    "POST",
    "/referrals",
    N_("提出一项转介"),
    WRITE,
    Permission.REFERRAL_USE,
    body=ReferralGiven,
    answer=ReferralShown,
    made=True,
)
def create_referral(body: ReferralGiven) -> ReferralShown:
    """Refer a service, as its lawyer or as the desk."""
    try:
        service = fetch(ServiceRecord, body.service_id, Permission.SERVICE_LOG)
    except NotFoundError as unknown:
        raise RefusedError(_("没有这条服务记录。"), at="service_id") from unknown
    plea = Plea(body.speciality, body.urgency, body.words)
    return shown(actions.ask(service, plea, by=current_member()))


@operation(
    "PATCH",
    "/referrals/<uuid:referral_id>",
    N_("修改一项转介"),
    WRITE,
    Permission.REFERRAL_USE,
    body=ReferralChanged,
    answer=ReferralShown,
)
def change_referral(referral_id: UUID, body: ReferralChanged) -> ReferralShown:
    """Change what is asked for, before anybody is asked."""
    row = fetched(referral_id)
    timing.lock(row)
    expect(shown(row))
    must(row, "change")
    now = {"speciality": row.speciality, "urgency": row.urgency, "words": row.words}
    told = now | body.model_dump(exclude_unset=True)
    plea = Plea(Speciality(told["speciality"]), Urgency(told["urgency"]), told["words"])
    actions.change(row, plea, revision=None, by=current_member())
    return _changed(row)


@operation(
    "POST",
    "/referrals/<uuid:referral_id>/moves",
    N_("推进一项转介"),
    WRITE,
    Permission.REFERRAL_USE,
    body=ReferralMove,
    answer=ReferralShown,
)
def move_referral(referral_id: UUID, body: ReferralMove) -> ReferralShown:
    """Do one step to a referral, as its page would let the token's role do it."""
    row = fetched(referral_id)
    timing.lock(row)
    must(row, body.act)
    _move(row, body, current_member())
    return _changed(row)


def _move(row: Referral, body: ReferralMove, by: Member) -> None:
    if body.act == "triage":
        kind = body.speciality or Speciality(row.speciality)
        urgency = body.urgency or Urgency(row.urgency)
        actions.triage(row, kind, urgency, revision=None, by=by)
    elif body.act in PLAIN:
        PLAIN[body.act](row, revision=None, by=by)
    elif not body.words:
        raise RefusedError(_("请填写说明。"), at="words")
    elif body.act == "escalate":
        timing.escalate(row, body.words, by=by)
    else:
        WORDED[body.act](row, body.words, revision=None, by=by)


PLAIN: dict[str, Callable[..., None]] = {
    "recall": offering.recall,
    "resume": timing.resume,
    "confer": actions.confer,
    "close": actions.close,
}
WORDED: dict[str, Callable[..., None]] = {
    "withdraw": actions.withdraw,
    "send_back": actions.send_back,
    "pause": timing.pause,
    "reopen": actions.reopen,
    "settle_escalation": timing.settle_escalation,
}


@operation(
    "POST",
    "/referrals/<uuid:referral_id>/formation",
    N_("为一项转介组队并征询律师"),
    WRITE,
    Permission.REFERRAL_MANAGE,
    body=Formation,
    answer=ReferralShown,
)
def form_referral(referral_id: UUID, body: Formation) -> ReferralShown:
    """Form the team and ask its lawyers; each of them answers in person."""
    row = fetched(referral_id)
    timing.lock(row)
    must(row, "form")
    forming.form(row, body.asked, body.team_id, body.helpers, revision=None, by=current_member())
    return _changed(row)


def _changed(row: Referral) -> ReferralShown:
    db.session.flush()
    return shown(row)


def shown(row: Referral) -> ReferralShown:
    """Return what is told of a referral."""
    return ReferralShown.model_validate(row)
