"""Who may do what to a referral in its state? Pure; the page shows exactly these acts."""

from collections.abc import Iterator
from dataclasses import dataclass

from counselhub.core.labels import N_
from counselhub.referrals.kinds import (
    HANDED_ON,
    HANDLED,
    LIVE,
    REFERRAL_FLOW,
    UNPLACED,
    ReferralStatus,
)

S = ReferralStatus
BY_DESK = frozenset({"triage", "form", "recall", "untie_matter"})
BY_ASKER = frozenset({"withdraw", "change"})
BY_RECEIVER = frozenset(
    {"confer", "conclude", "send_back", "pause", "resume", "ask_transfer", "tie_matter"}
)
BY_TEAM = frozenset({"feed_back", "close", "reopen", "visit", "rate"})
DESK = N_("主任或内勤")
DOERS = (
    dict.fromkeys(BY_ASKER, N_("转出律师或主任"))
    | dict.fromkeys(BY_RECEIVER, N_("承办律师或主任"))
    | dict.fromkeys(BY_TEAM, N_("承办律师、转出律师或队长"))
    | {"escalate": N_("参与的律师"), "settle_escalation": N_("应急联络人或主任")}
)
"""Who does an act, in words; the desk where none stands here."""
TOLD = frozenset({S.FED_BACK, S.CLOSED})


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a referral."""

    is_desk: bool = False
    is_asker: bool = False
    is_receiver: bool = False
    is_leader: bool = False
    """Leader of its team."""
    is_helper: bool = False
    is_liaison: bool = False
    is_asked: bool = False
    """Whether an offer to him is open or waits."""
    is_lawyer: bool = True
    """Whether the account belongs to a lawyer of the roll."""


def acts(
    status: ReferralStatus,
    who: Standing,
    *,
    is_paused: bool = False,
    is_escalated: bool = False,
    is_tied: bool = False,
) -> frozenset[str]:
    """Return the acts that `who` may do now, as REFERRAL_ACTS names them.

    ACT-1: the desk does everything but what only a lawyer can: accept, decline, ask to take over.
    ACT-2: whoever is not part of a referral does nothing to it.
    ACT-3: who handles it ties it to a matter; only the desk takes it out of a matter's walls.
    """
    owns = owned(who)
    possible = set(_possible(status, is_paused=is_paused, is_escalated=is_escalated))
    if status in LIVE:
        possible.add("untie_matter" if is_tied else "tie_matter")
    allowed = (possible & owns) | set(_by_lawyer(status, who))
    if not (who.is_desk or who.is_liaison):
        allowed -= {"settle_escalation"}
    return frozenset(allowed)


def owned(who: Standing) -> frozenset[str]:
    """Return the acts that are this person's at all, in whatever state."""
    takes_part = who.is_asker or who.is_receiver or who.is_leader or who.is_helper
    mine = frozenset[str]()
    if who.is_desk:
        mine |= BY_DESK | BY_ASKER | BY_RECEIVER | BY_TEAM
    if who.is_asker:
        mine |= BY_ASKER | {"feed_back", "close", "reopen", "rate"}
    if who.is_receiver:
        mine |= BY_RECEIVER | BY_TEAM
    if who.is_leader:
        mine |= BY_TEAM | {"confer", "conclude"}
    if who.is_helper:
        mine |= {"visit", "feed_back", "rate"}
    if takes_part or who.is_desk or who.is_liaison:
        mine |= {"escalate", "settle_escalation"}
    return mine


def _possible(status: ReferralStatus, *, is_paused: bool, is_escalated: bool) -> Iterator[str]:
    """Yield the acts that the state allows, whoever does them."""
    yield from (act for act, move in REFERRAL_FLOW.items() if status in move.sources)
    if status in (S.ASKED, S.TRIAGED):
        yield "change"
    if status in HANDLED:
        yield "resume" if is_paused else "pause"
    if status in HANDED_ON:
        yield "ask_transfer"
    if status in TOLD:
        yield from ("feed_back", "rate")
    if status in LIVE - UNPLACED - {S.FORMED} or status is S.CLOSED:
        yield "visit"
    if status in LIVE:
        yield "settle_escalation" if is_escalated else "escalate"


def _by_lawyer(status: ReferralStatus, who: Standing) -> Iterator[str]:
    if not who.is_lawyer:
        return
    if status is S.FORMED and who.is_asked:
        yield from ("accept", "decline")
    takes_part = who.is_asker or who.is_leader or who.is_helper or who.is_asked or who.is_desk
    if status in HANDED_ON and not who.is_receiver and takes_part:
        yield "ask_takeover"
