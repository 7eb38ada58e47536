"""Who sees which rows. What a permission asks of a row: policy.py; what roles may do: roles.py."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from counselhub.adjustments.models import Adjustment
from counselhub.assessments.models import Assessment
from counselhub.claims.models import CaseClaim
from counselhub.clawbacks.models import Clawback
from counselhub.clients.models import ClaimClient, Client, ServiceClient
from counselhub.conferences.models import Conference, ConferenceMinutes, ConferenceTask
from counselhub.conferences.sight import conferences_seen, parts_seen
from counselhub.core.access import Sight
from counselhub.core.members import Member
from counselhub.core.permissions import Permission, Role
from counselhub.core.sender import FOR_THE_OPERATOR, WaitingLink
from counselhub.corrections.models import CorrectionFile, SessionCorrection
from counselhub.cover.models import AbsenceReason, CoverOffer, CoverRequest
from counselhub.cutoffs.models import OverdueMonth
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.earlier.models import LateEntry, LateFile
from counselhub.handovers.models import HandoverPack
from counselhub.handovers.sight import packs_seen
from counselhub.leave.models import LeaveRequest
from counselhub.matters.models import Matter, MatterConflict, MatterPaper
from counselhub.matters.sight import (
    SERVICES_SEEN,
    beyond_walls,
    conflicts_seen,
    matters_seen,
    papers_seen,
    walls_of,
)
from counselhub.pairings.models import Pairing
from counselhub.photos.models import SessionPhoto
from counselhub.places.sight import of_place
from counselhub.premises.models import PremisesIssue, PremisesReport
from counselhub.products.checkup_models import Checkup
from counselhub.products.document_models import DraftedDocument
from counselhub.products.lecture_models import Lecture
from counselhub.products.text_models import TextReview
from counselhub.referrals.after_models import HomeVisit, ReferralFeedback
from counselhub.referrals.models import Referral, ReferralHandover
from counselhub.referrals.queries import taking_part
from counselhub.roles import ROLES
from counselhub.services.log_models import SavedFilter, ServiceFile
from counselhub.services.models import ServiceRecord
from counselhub.spotchecks.models import SpotCheck

P = Permission


def _all_or_own(model: Any) -> Sight:
    """A manager of the firm's records sees all of them, an adviser only the own."""

    def sight(member: Member) -> ColumnElement[bool]:
        if member.role in (Role.ADVISER, Role.PARTY_SECRETARY):
            own: ColumnElement[bool] = model.adviser_id == member.adviser_id
            return own
        return true()

    return sight


def _services(member: Member) -> ColumnElement[bool]:
    """As `_all_or_own`, but nothing of a matter that the member is walled off from."""
    return and_(_all_or_own(ServiceRecord)(member), SERVICES_SEEN)


def _product(model: Any) -> Sight:
    """As `_all_or_own`, beyond the walls of the service that it is the fruit of."""
    own = _all_or_own(model)
    return lambda member: and_(own(member), beyond_walls("walled_services", model.service_id))


def _matters(member: Member) -> ColumnElement[bool]:
    """Manager and clerk see every matter, a lawyer those he works on; nobody past a wall."""
    return matters_seen(member, is_all=member.role in (Role.MANAGER, Role.CLERK))


def _conflicts(member: Member) -> ColumnElement[bool]:
    """Who decides sees conflicts, but none of a matter that he is walled off from."""
    return conflicts_seen(member, is_all=P.MATTER_DECIDE in ROLES[member.role])


def _leave(member: Member) -> ColumnElement[bool]:
    """Who plans duty sees everybody's leave, all others only the own."""
    if P.DUTY_MANAGE in ROLES[member.role]:
        return true()
    return LeaveRequest.adviser_id == member.adviser_id


def _late(member: Member) -> ColumnElement[bool]:
    """Late entries: firms as `_all_or_own`, government those of its own place."""
    return and_(_all_or_own(LateEntry)(member), of_place(LateEntry)(member))


def _late_files(member: Member) -> ColumnElement[bool]:
    """What proves a late entry is seen with it."""
    entries = select(LateEntry.id).where(
        LateEntry.firm_id == LateFile.firm_id, LateEntry.id == LateFile.entry_id, _late(member)
    )
    return entries.correlate(LateFile).exists()


def _clients(member: Member) -> ColumnElement[bool]:
    """Manager and clerk see every client, a lawyer those of the own services and cases."""
    if member.role in (Role.MANAGER, Role.CLERK):
        return true()
    of_services = (
        select(ServiceRecord.id)
        .join(
            ServiceClient,
            and_(
                ServiceClient.firm_id == ServiceRecord.firm_id,
                ServiceClient.service_id == ServiceRecord.id,
            ),
        )
        .where(
            ServiceClient.firm_id == Client.firm_id,
            ServiceClient.client_id == Client.id,
            ServiceRecord.adviser_id == member.adviser_id,
        )
        .correlate(Client)
        .exists()
    )
    of_cases = (
        select(CaseClaim.id)
        .join(
            ClaimClient,
            and_(ClaimClient.firm_id == CaseClaim.firm_id, ClaimClient.claim_id == CaseClaim.id),
        )
        .where(
            ClaimClient.firm_id == Client.firm_id,
            ClaimClient.client_id == Client.id,
            CaseClaim.adviser_id == member.adviser_id,
        )
        .correlate(Client)
        .exists()
    )
    return or_(of_services, of_cases)


def _files(member: Member) -> ColumnElement[bool]:
    """A file is seen with its record."""
    of_records = (
        select(ServiceRecord.id)
        .where(
            ServiceRecord.firm_id == ServiceFile.firm_id,
            ServiceRecord.id == ServiceFile.service_id,
            _services(member),
        )
        .correlate(ServiceFile)
    )
    return of_records.exists()


def _saved_filters(member: Member) -> ColumnElement[bool]:
    """The own searches, and those that a colleague shares."""
    return or_(SavedFilter.membership_id == member.membership_id, SavedFilter.is_shared)


def _asked(member: Member) -> ColumnElement[bool]:
    """Who looks after duty sees every request for cover, a lawyer the own and those for him."""
    if P.DUTY_MANAGE in ROLES[member.role]:
        return true()
    offered = (
        select(CoverOffer.id)
        .where(
            CoverOffer.firm_id == CoverRequest.firm_id,
            CoverOffer.request_id == CoverRequest.id,
            CoverOffer.adviser_id == member.adviser_id,
        )
        .correlate(CoverRequest)
        .exists()
    )
    mine = (CoverRequest.adviser_id, CoverRequest.substitute_id)
    return or_(offered, *(one == member.adviser_id for one in mine))


def _referrals(member: Member) -> ColumnElement[bool]:
    """The desk sees every referral, a lawyer those that he takes part in; nobody past a wall."""
    beyond = or_(Referral.matter_id.is_(None), Referral.matter_id.notin_(walls_of(member)))
    if P.REFERRAL_MANAGE in ROLES[member.role]:
        return beyond
    return and_(beyond, taking_part(member.adviser_id))


def _of_referrals(model: Any) -> Sight:
    """What hangs on a referral is seen with it."""

    def sight(member: Member) -> ColumnElement[bool]:
        if P.REFERRAL_MANAGE in ROLES[member.role]:
            return true()
        seen: ColumnElement[bool] = model.referral_id.in_(
            select(Referral.id).where(taking_part(member.adviser_id))
        )
        return seen

    return sight


def _conferences(member: Member) -> ColumnElement[bool]:
    """The desk sees every conference, a lawyer those that he has part in; nobody past a wall."""
    return conferences_seen(member, is_all=P.REFERRAL_MANAGE in ROLES[member.role])


SEES: dict[type[Any], Sight] = {
    AbsenceReason: _all_or_own(AbsenceReason),
    Client: _clients,
    CorrectionFile: _all_or_own(CorrectionFile),
    SessionCorrection: _all_or_own(SessionCorrection),
    CoverRequest: _asked,
    Adjustment: of_place(Adjustment),
    Assessment: of_place(Assessment),
    Clawback: of_place(Clawback),
    LateEntry: _late,
    OverdueMonth: of_place(OverdueMonth),
    LateFile: _late_files,
    DutySession: _all_or_own(DutySession),
    HandoverPack: lambda member: packs_seen(member, is_all=P.ASSIGN in ROLES[member.role]),
    LeaveRequest: _leave,
    Pairing: of_place(Pairing),
    PremisesIssue: of_place(PremisesIssue),
    PremisesReport: of_place(PremisesReport),
    OnlineShift: _all_or_own(OnlineShift),
    SessionPhoto: _all_or_own(SessionPhoto),
    Matter: _matters,
    MatterConflict: _conflicts,
    MatterPaper: lambda member: papers_seen(_matters(member)),
    SavedFilter: _saved_filters,
    ServiceFile: _files,
    ServiceRecord: _services,
    SpotCheck: _all_or_own(SpotCheck),
    Lecture: _product(Lecture),
    DraftedDocument: _product(DraftedDocument),
    Checkup: _product(Checkup),
    TextReview: _product(TextReview),
    WaitingLink: lambda _member: FOR_THE_OPERATOR,
    Referral: _referrals,
    ReferralFeedback: _of_referrals(ReferralFeedback),
    ReferralHandover: _of_referrals(ReferralHandover),
    HomeVisit: _of_referrals(HomeVisit),
    Conference: _conferences,
    ConferenceMinutes: lambda member: parts_seen(ConferenceMinutes, _conferences(member)),
    ConferenceTask: lambda member: parts_seen(ConferenceTask, _conferences(member)),
}
