"""What a permission asks of the row. Who sees which: sights.py; what roles may do: roles.py."""

from typing import Any

from counselhub.core.access import Condition, Policy, Visiting
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.handovers.sight import own_pack
from counselhub.roles import DUTIES, ROLES, VISITING
from counselhub.sights import SEES
from counselhub.statements.models import Statement

P = Permission


def not_the_checker(member: Member, statement: Statement) -> bool:
    """Four eyes: whoever approved never signs."""
    return statement.approved_by_id is None or statement.approved_by_id != member.person_id


def own(member: Member, row: Any) -> bool:
    """What a lawyer does on the phone is done to the own records only."""
    return bool(row.adviser_id == member.adviser_id)


def own_or_managed(member: Member, row: Any) -> bool:
    """A service entry is mended by its lawyer, or by who looks after all of the firm's."""
    return P.SERVICE_MANAGE in ROLES[member.role] or own(member, row)


def of_own_place(member: Member, row: Any) -> bool:
    """A rule pack is edited by its owner alone, whoever else reads it."""
    return bool(row.recorded_in == member.scope)


def not_the_proposer(member: Member, row: Any) -> bool:
    """Four eyes: whoever proposes a version never activates it."""
    return row.proposed_by_id is None or bool(row.proposed_by_id != member.person_id)


def own_or_overseen(member: Member, token: Any) -> bool:
    """A token is taken back by its member, or by who answers for all of the place's."""
    is_own = token.membership_id == member.membership_id
    return P.PROGRAM_OVERSEE in ROLES[member.role] or bool(is_own)


MAY: dict[Permission, list[Condition]] = {
    P.PACK_EDIT: [of_own_place],
    P.PACK_ACTIVATE: [of_own_place, not_the_proposer],
    P.REVIEW_SIGN: [not_the_checker],
    P.PROGRAM_MANAGE: [own_or_overseen],
    P.DUTY_LOG: [own],
    P.SERVICE_LOG: [own_or_managed],
    P.HANDOVER_TAKE: [
        lambda member, pack: P.ASSIGN in ROLES[member.role] or own_pack(member, pack)
    ],
}

FRESH = frozenset(
    {
        P.STATEMENT_CERTIFY,
        P.REVIEW_SIGN,
        P.PAYMENT_RECORD,
        P.PEOPLE_MANAGE,
        P.SECURITY_MANAGE,
        P.ADMIN_NAME,
        P.PROGRAM_MANAGE,
        P.PACK_ACTIVATE,
        P.OFFICE_EXPORT,
        P.DEPART,
    }
)
"""Whoever acts under one of these has proved to be there within the last minutes: `@fresh`."""

OPEN_TO_VISITS = frozenset(
    {
        "home",
        "people.language",
        "people.people",
        "people.sign_out",
        "support.create_leaving",
        "starting.start",
        "advisers.advisers",
        "advisers.adviser",
        "places.communities",
        "places.community",
        "contracts.contracts",
        "contracts.contract",
        "schemes.schemes",
        "schemes.scheme",
        "assignments.coverage",
        "assignments.new_assignment",
        "assignments.create_assignment",
        "assignments.new_ending",
        "assignments.create_ending",
        "assignments.create_withdrawal",
        "roster.month",
        "reports.planned",
    }
)
"""Views that a visit of the platform's support may reach: standing data and plans; of acts only
those on assignments. Nothing of evidence, services, clients, cases, money, exports or accounts."""

POLICY = Policy(ROLES, DUTIES, SEES, MAY, Visiting(VISITING, OPEN_TO_VISITS))
