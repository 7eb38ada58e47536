"""The words of the three duties, and who holds the first one until somebody is named."""

from counselhub.core.labels import N_
from counselhub.core.permissions import Duty, Role

DUTY_WORDS = {
    Duty.SYSTEM: N_("系统管理员"),
    Duty.SECURITY: N_("安全管理员"),
    Duty.AUDIT: N_("审计管理员"),
}
DUTY_ABOUT = {
    Duty.SYSTEM: N_("开通、停用账号，调整角色，任命另外两位管理员。"),
    Duty.SECURITY: N_("规定谁要两步验证，解除锁定，为丢了手机的同事清除验证方式。"),
    Duty.AUDIT: N_("查阅和导出操作记录，看别人（包括另外两位管理员）做过什么。"),
}
AFTER_NAMING = {
    Duty.SYSTEM: N_("您选的同事马上可以开通、停用账号和任命管理员；您自己不再能做这些。"),
    Duty.SECURITY: N_("您选的同事马上可以规定两步验证、为同事清除验证方式。"),
    Duty.AUDIT: N_("您选的同事马上可以查阅和导出全部操作记录，包括您的。"),
}
HEADS = (Role.MANAGER, Role.APPROVER)
