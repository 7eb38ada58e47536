"""The words for roles, and why a session ended."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.permissions import Role
from counselhub.core.tenancy import ScopeKind

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
OFFICE_ROLES = (Role.CHECKER, Role.APPROVER)
PLACE_ROLES: dict[ScopeKind, tuple[Role, ...]] = {
    ScopeKind.FIRM: FIRM_ROLES,
    ScopeKind.OFFICE: OFFICE_ROLES,
    ScopeKind.BUREAU: (Role.READER, Role.ASSESSOR),
}
"""The roles that there are in a place of each kind."""


class SessionEnd(Labelled):
    """Why a session ended."""

    SIGN_OUT = "sign_out", N_("已退出登录")
    IDLE = "idle", N_("长时间没有操作")
    AGE = "age", N_("登录时间过长")
    OWNER = "owner", N_("由本人在别处退出")
    ANEW = "anew", N_("在同一浏览器重新登录")
    PASSWORD = "password", N_("密码已更改")
    MEMBERSHIP = "membership", N_("账号已停用")
    FACTORS = "factors", N_("验证方式已由管理员清除")
