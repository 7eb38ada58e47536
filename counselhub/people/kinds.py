"""The words for roles."""

from counselhub.core.access import Role
from counselhub.core.labels import N_

ROLE_WORDS = {
    Role.MANAGER: N_("主任"),
    Role.CLERK: N_("内勤"),
    Role.FINANCE: N_("财务"),
    Role.PARTY_SECRETARY: N_("支部书记"),
    Role.ADVISER: N_("法律顾问"),
    Role.TEAM_LEADER: N_("队长"),
    Role.CHECKER: N_("经办"),
    Role.APPROVER: N_("所长"),
    Role.READER: N_("区司法局查阅"),
    Role.ASSESSOR: N_("区司法局考核"),
    Role.OPERATOR: N_("平台运维"),
}
FIRM_ROLES = (
    Role.MANAGER,
    Role.CLERK,
    Role.FINANCE,
    Role.PARTY_SECRETARY,
    Role.ADVISER,
    Role.TEAM_LEADER,
)
