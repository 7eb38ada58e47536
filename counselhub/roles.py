"""What each role may do, and what an administrator may do beside it: the tables on one page."""

from counselhub.core.permissions import Duty, Permission, Role
from counselhub.core.tenancy import ScopeKind

P = Permission

_CLIENTS = frozenset({P.CLIENT_READ, P.CLIENT_UNMASK})
_ADVISER = _CLIENTS | frozenset(
    {
        P.FIRM_READ,
        P.DUTY_LOG,
        P.SERVICE_LOG,
        P.MATTER_WORK,
        P.REFERRAL_USE,
        P.HANDOVER_TAKE,
        P.CHOICE_WISH,
    }
)
_LEADER = _ADVISER | {P.DUTY_MANAGE, P.SERVICE_MANAGE}
_CLERK = _CLIENTS | frozenset(
    {
        P.CLIENT_MANAGE,
        P.FIRM_READ,
        P.ADVISER_MANAGE,
        P.CONTRACT_MANAGE,
        P.SCHEME_MANAGE,
        P.ASSIGN,
        P.HANDOVER_TAKE,
        P.CHOICE_WISH,
        P.DUTY_MANAGE,
        P.SERVICE_LOG,
        P.SERVICE_MANAGE,
        P.MATTER_WORK,
        P.REFERRAL_USE,
        P.REFERRAL_MANAGE,
        P.STATEMENT_READ,
        P.STATEMENT_PREPARE,
        P.WORKBOOK,
    }
)
_OWN_SAY = frozenset({P.LEAVE_DECIDE, P.CORRECTION_DECIDE, P.ABSENCE_JUDGE, P.MATTER_DECIDE})
"""What only the manager decides."""
_MANAGER = (
    _CLERK
    | _OWN_SAY
    | {
        P.STATEMENT_CERTIFY,
        P.RECEIPT_MANAGE,
        P.DUTY_LOG,
        P.PAIRING_MANAGE,
        P.FIRM_KEEP,
        P.BILLING,
        P.DEPART,
        P.PROGRAM_MANAGE,
        P.PROGRAM_OVERSEE,
        P.ROBOT_MANAGE,
        P.SUPPORT_GRANT,
    }
)
_PACKS = frozenset({P.PACK_READ, P.PACK_EDIT})
_SUPERVISES = _PACKS | {P.SPOT_READ, P.INTERVIEW, P.PREMISES_READ, P.POINTS_MARK}
_CHECKER = _SUPERVISES | {
    P.REVIEW_READ,
    P.REVIEW_CHECK,
    P.OFFICE_EXPORT,
    P.PAYMENT_RECORD,
    P.SPOT_CHECK,
    P.PREMISES_KEEP,
    P.PROGRAM_MANAGE,
}

ROLES: dict[Role, frozenset[Permission]] = {
    Role.MANAGER: _MANAGER,
    Role.CLERK: _CLERK,
    Role.FINANCE: frozenset(
        {P.BILLING, P.FIRM_READ, P.STATEMENT_READ, P.STATEMENT_PREPARE, P.RECEIPT_MANAGE}
    ),
    Role.PARTY_SECRETARY: frozenset({P.FIRM_READ, P.PAIRING_MANAGE}),
    Role.ADVISER: _ADVISER,
    Role.TEAM_LEADER: _LEADER,
    Role.CHECKER: _CHECKER,
    Role.APPROVER: _SUPERVISES
    | {
        P.REVIEW_READ,
        P.REVIEW_SIGN,
        P.OFFICE_EXPORT,
        P.PAYMENT_RECORD,
        P.SPOT_SETTLE,
        P.PACK_ACTIVATE,
        P.PROGRAM_MANAGE,
        P.PROGRAM_OVERSEE,
        P.ROBOT_MANAGE,
        P.SUPPORT_GRANT,
    },
    Role.READER: frozenset({P.BUREAU_READ, P.PACK_READ}),
    Role.ASSESSOR: _PACKS | {P.BUREAU_READ, P.PACK_ACTIVATE, P.APPEAL_DECIDE},
    Role.OPERATOR: frozenset({P.OPERATE}),
}

_WATCHED = {
    Duty.SECURITY: frozenset({P.SECURITY_MANAGE}),
    Duty.AUDIT: frozenset({P.AUDIT_READ}),
}
DUTIES: dict[ScopeKind, dict[Duty, frozenset[Permission]]] = {
    kind: {Duty.SYSTEM: frozenset({P.PEOPLE_MANAGE, P.ADMIN_NAME}), **_WATCHED}
    for kind in (ScopeKind.FIRM, ScopeKind.OFFICE)
}
"""What an administrator may do beside the role: no role gives any of these, no two duties share."""

VISITING = frozenset(
    {
        P.FIRM_READ,
        P.FIRM_KEEP,
        P.ADVISER_MANAGE,
        P.CONTRACT_MANAGE,
        P.SCHEME_MANAGE,
        P.ASSIGN,
        P.DUTY_MANAGE,
        P.REVIEW_READ,
    }
)
"""What a visit of the platform's support keeps of its account's permissions."""
