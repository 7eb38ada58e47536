"""Words of the record for acts on accounts and access, and for those on no row of a firm."""

from collections.abc import Mapping

from counselhub.archives.kinds import ARCHIVE_ACTS
from counselhub.audit import money_words
from counselhub.audit.money import OFFICE_ACTS
from counselhub.billing.kinds import BILLING_ACTS
from counselhub.claims.kinds import READING_ACTS
from counselhub.core.labels import N_
from counselhub.hooks.kinds import HOOK_ACTS
from counselhub.interviews.kinds import ACTS as INTERVIEW_ACTS
from counselhub.ledgers.kinds import ACTS as LEDGER_ACTS
from counselhub.notices.kinds import NOTICE_ACTS
from counselhub.packs.kinds import ACTS as RULE_PACK_ACTS
from counselhub.people.states import DEPARTURE_ACTS
from counselhub.premises.kinds import ISSUE_ACTS
from counselhub.robots.kinds import ROBOT_ACTS
from counselhub.spotchecks.kinds import ACTS as SPOT_ACTS
from counselhub.support.kinds import SUPPORT_ACTS
from counselhub.tokens.kinds import TOKEN_ACTS
from counselhub.work.kinds import JOB_ACTS, WORK_ACTS

ACCOUNT_ACTS: Mapping[str, str] = (
    {
        "sign_in": N_("登录"),
        "second_step": N_("第二步验证"),
        "second_step_locked": N_("第二步验证已锁定"),
        "passkey_sign_in": N_("用通行密钥登录"),
        "recovery_code_used": N_("用恢复码登录"),
        "sign_out": N_("退出登录"),
        "membership_switch": N_("切换身份"),
        "confirm": N_("再次确认本人"),
        "sessions_end": N_("退出其他登录"),
        **money_words.ACCOUNT_ACTS,
        "invite": N_("邀请或改角色"),
        "membership_end": N_("停用账号权限"),
        "membership_resume": N_("恢复账号权限"),
        "unlock": N_("解除登录锁定"),
        "first_link": N_("生成首次登录链接"),
        "reset_link": N_("生成重设密码链接"),
        "password_by_link": N_("用链接设置密码"),
        "password_change": N_("更改密码"),
        "password_days": N_("设置密码有效期"),
        "totp_on": N_("启用动态口令"),
        "totp_off": N_("停用动态口令"),
        "recovery_codes_made": N_("生成恢复码"),
        "passkey_added": N_("添加通行密钥"),
        "passkey_removed": N_("移除通行密钥"),
        "factors_reset": N_("重置第二步验证"),
        "factor_rules": N_("设置第二步验证要求"),
        "duty_named": N_("指定管理员分工"),
        "duty_ended": N_("解除管理员分工"),
        "firm_create": N_("开通律所"),
        "office_account": N_("开通司法所账号"),
        "bureau_account": N_("开通司法局账号"),
        "firm_sign_up": N_("律所自行开通"),
        "firm_closed": N_("关闭开错的律所"),
        "sign_up_known": N_("重复的开通申请"),
        "accept_text": N_("同意平台协议"),
        "link_shown": N_("查看待转交的链接"),
        "send_invitation": N_("发出邀请"),
        "resend_invitation": N_("重新生成邀请链接"),
        "confirm_invitation": N_("确认邀请"),
        "refuse_invitation": N_("不同意邀请"),
        "accept_invitation": N_("接受邀请"),
        "withdraw_invitation": N_("撤回邀请"),
        "streets_chosen": N_("选择服务的街道"),
        "street_dropped": N_("移除服务的街道"),
        "step_skipped": N_("跳过开始使用的一步"),
        "step_taken_up": N_("重新列出开始使用的一步"),
        "outage_announced": N_("发布公告横幅"),
        "outage_ended": N_("撤下公告横幅"),
        "platform_account": N_("开通平台运维账号"),
        "export_audit": N_("导出操作记录"),
        "export_tenant": N_("导出本所全部数据"),
        "restore_tenant": N_("从归档恢复一家律所"),
        "prune_audit": N_("按期清理操作记录"),
        "refused": N_("被拒绝的操作"),
        "feed_made": N_("生成日历订阅链接"),
        "retention_sweep": N_("按保存期限清除"),
        "feed_ended": N_("停用日历订阅链接"),
        "screen_made": N_("生成社区屏幕链接"),
        "screen_ended": N_("停用社区屏幕链接"),
        "sheet_made": N_("生成张贴码"),
        "sheet_ended": N_("停用张贴码"),
        "position_agreed": N_("同意打卡时定位"),
        "position_refused": N_("撤回打卡时定位"),
        "change_page_made": N_("生成社区变更页"),
        "change_page_ended": N_("停用社区变更页"),
        "board_made": N_("生成值班公开页"),
        "board_ended": N_("停用值班公开页"),
        "card_made": N_("生成公示卡"),
        "card_ended": N_("停用公示卡"),
        "party_agreed": N_("同意公示党员身份"),
        "party_withdrawn": N_("撤回公示党员身份"),
        "template_saved": N_("保存记录模板"),
        "template_removed": N_("删除记录模板"),
        "filter_saved": N_("存下筛选"),
        "filter_removed": N_("删除存下的筛选"),
        "inspection_set": N_("设置检查要求"),
        "import_holidays": N_("导入放假通知"),
        "isolation_alarm": N_("数据隔离警报"),
        "alarm_seen": N_("确认隔离警报"),
        "year_file_asked": N_("申请制作年卷"),
        "set_budget": N_("填写年度预算"),
        "year_file_made": N_("制作年卷"),
    }
    | SPOT_ACTS
    | ARCHIVE_ACTS
    | WORK_ACTS
    | JOB_ACTS
    | BILLING_ACTS
    | NOTICE_ACTS
    | DEPARTURE_ACTS
    | TOKEN_ACTS
    | ROBOT_ACTS
    | HOOK_ACTS
    | SUPPORT_ACTS
    | LEDGER_ACTS
    | INTERVIEW_ACTS
    | RULE_PACK_ACTS
    | READING_ACTS  # of what a firm does not see yet
    | OFFICE_ACTS
    | ISSUE_ACTS  # of what is the office's own
)
