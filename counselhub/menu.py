"""What the menu offers: each page by its word, and who finds it there."""

from dataclasses import dataclass

from counselhub.core.i18n import page_text, page_text_in
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission

P = Permission


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: shown to members with `permission`, on the phone's tab bar when `phone`.

    several: a list of what the word names; English has another word for it.
    """

    word: str
    endpoint: str
    icon: str
    permission: Permission
    phone: bool = False
    several: bool = False
    is_alarmed: bool = False
    """Whether it counts the alarms that nobody has answered for."""

    @property
    def label(self) -> str:
        """The word in the reader's language."""
        return page_text_in("several", self.word) if self.several else page_text(self.word)


SECTIONS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(N_("本月"), "statements.month", "calendar-stats", P.STATEMENT_READ, phone=True),
            Place(N_("值班"), "duty.today", "map-pin-check", P.DUTY_LOG, phone=True),
            Place(N_("服务"), "services.today", "notes", P.SERVICE_LOG, phone=True),
            Place(N_("今日"), "officeday.day", "calendar-stats", P.REVIEW_READ, phone=True),
            Place(N_("待审"), "review.inbox", "inbox", P.REVIEW_READ, phone=True),
            Place(
                N_("场所整改"), "premises.issues", "building-community", P.BUREAU_READ, phone=True
            ),
            Place(N_("申诉"), "appeals.appeals", "scale", P.BUREAU_READ, phone=True),
            Place(N_("覆盖"), "assignments.coverage", "grid-dots", P.FIRM_READ, phone=True),
            Place(N_("值班月报"), "reports.picture", "report-money", P.FIRM_READ),
            Place(N_("值班月报"), "reports.picture", "report-money", P.REVIEW_READ, phone=True),
            Place(N_("律所比较"), "comparison.firms", "users", P.REVIEW_READ),
            Place(N_("律所比较"), "comparison.firms", "users", P.BUREAU_READ, phone=True),
        ),
    ),
    (
        N_("值班安排"),
        (
            Place(N_("排班"), "roster.month", "calendar-time", P.FIRM_READ),
            Place(N_("替班与缺勤"), "cover.requests", "arrows-exchange", P.DUTY_MANAGE),
            Place(N_("请假"), "leave.own", "calendar-stats", P.FIRM_READ),
            Place(N_("工作交接"), "handovers.packs", "switch-horizontal", P.FIRM_READ),
            Place(N_("现在谁值班"), "rota.now", "phone", P.FIRM_READ),
            Place(N_("线上值班"), "duty.shifts", "clock", P.DUTY_MANAGE),
            Place(N_("值班公示"), "reports.planned", "map-pin", P.FIRM_READ),
            Place(N_("值班公示"), "reports.planned", "map-pin", P.REVIEW_READ, phone=True),
            Place(N_("值班点位"), "points.points", "map-pin", P.DUTY_MANAGE),
            Place(N_("值班场所"), "premises.served_rooms", "building-community", P.FIRM_READ),
            Place(N_("值班场所"), "premises.rooms", "building-community", P.PREMISES_READ),
        ),
    ),
    (
        N_("值班证据"),
        (
            Place(N_("值班记录"), "duty.sessions", "clipboard-list", P.DUTY_MANAGE),
            Place(N_("补正申请"), "corrections.corrections", "edit", P.FIRM_READ),
            Place(N_("社区确认"), "confirmations.confirmations", "clipboard-check", P.DUTY_MANAGE),
            Place(N_("打卡核对"), "attendance.checks", "clipboard-check", P.DUTY_MANAGE),
            Place(N_("抽查"), "spotchecks.checks", "clipboard-check", P.SPOT_READ, phone=True),
            Place(N_("抽查结果"), "spotchecks.results", "clipboard-check", P.FIRM_READ),
            Place(N_("约谈"), "interviews.interviews", "message", P.SPOT_READ),
            Place(N_("约谈记录"), "interviews.received", "message", P.DUTY_MANAGE),
        ),
    ),
    (
        N_("服务与案件"),
        (
            Place(N_("服务记录"), "services.records", "list-details", P.SERVICE_MANAGE),
            Place(N_("服务成果"), "products.texts", "writing", P.SERVICE_LOG),
            Place(N_("服务报表"), "programme.report", "sum", P.FIRM_READ),
            Place(N_("服务报表"), "programme.report", "sum", P.REVIEW_READ),
            Place(
                N_("服务对象"), "clients.clients", "heart-handshake", P.CLIENT_READ, several=True
            ),
            Place(N_("事项与冲突"), "matters.matters", "scale", P.MATTER_WORK),
            Place(N_("转介"), "referrals.board", "arrows-exchange", P.REFERRAL_USE, phone=True),
            Place(N_("会商"), "conferences.conferences", "message", P.REFERRAL_USE),
            Place(N_("转外所"), "packets.packets", "send", P.REFERRAL_MANAGE),
            Place(N_("转外所"), "packets.known", "send", P.REVIEW_READ),
            Place(N_("团队"), "referrals.teams", "users", P.REFERRAL_USE),
            Place(N_("以案定补"), "claims.claims", "gavel", P.SERVICE_MANAGE),
            Place(N_("案件审阅"), "readings.readings", "gavel", P.REVIEW_READ),
        ),
    ),
    (
        N_("结算与考核"),
        (
            Place(
                N_("结算单"), "statements.statements", "receipt-yuan", P.STATEMENT_READ, phone=True
            ),
            Place(N_("逾期补交"), "overdue.months", "calendar-time", P.STATEMENT_READ),
            Place(N_("逾期补交"), "overdue.months", "calendar-time", P.REVIEW_READ),
            Place(N_("所内分配"), "shares.months", "users", P.STATEMENT_READ),
            Place(N_("以前月份"), "earlier.entries", "history", P.FIRM_READ),
            Place(N_("以前月份调整"), "adjustments.adjustments", "history", P.STATEMENT_READ),
            Place(N_("以前月份调整"), "adjustments.adjustments", "history", P.REVIEW_READ),
            Place(N_("追回"), "clawbacks.clawbacks", "scale", P.STATEMENT_READ),
            Place(N_("追回"), "clawbacks.clawbacks", "scale", P.REVIEW_READ),
            Place(N_("申诉"), "appeals.appeals", "scale", P.STATEMENT_READ),
            Place(N_("申诉"), "appeals.appeals", "scale", P.REVIEW_READ),
            Place(N_("年度考核"), "assessments.received", "clipboard-check", P.STATEMENT_READ),
            Place(N_("年度考核"), "assessments.year", "clipboard-check", P.REVIEW_READ),
            Place(N_("绩效评分"), "packs.marks", "report-money", P.POINTS_MARK),
            Place(N_("绩效评分"), "packs.marks", "report-money", P.FIRM_READ),
            Place(N_("补贴方案"), "schemes.schemes", "scale", P.SCHEME_MANAGE),
            Place(N_("补贴办法"), "packs.offered", "scale", P.SCHEME_MANAGE),
            Place(N_("补贴办法"), "packs.packs", "scale", P.PACK_READ, phone=True),
            Place(N_("结算规则"), "cutoffs.rule", "settings", P.REVIEW_READ),
        ),
    ),
    (
        N_("对账与收付"),
        (
            Place(N_("两本账"), "ledgers.months", "file-spreadsheet", P.REVIEW_READ),
            Place(N_("对账"), "ledgers.firm_sheets", "file-spreadsheet", P.STATEMENT_READ),
            Place(N_("往来对账"), "balances.balances", "scale", P.STATEMENT_READ),
            Place(N_("往来对账"), "balances.balances", "scale", P.REVIEW_READ),
            Place(N_("支付清单"), "payments.lists", "receipt-yuan", P.REVIEW_READ),
            Place(N_("银行到账"), "receipts.receipts", "building", P.RECEIPT_MANAGE),
            Place(N_("合同收款"), "instalments.instalments", "report-money", P.STATEMENT_PREPARE),
            Place(N_("合同付款"), "instalments.shared", "report-money", P.REVIEW_READ),
            Place(N_("账目核对"), "books.books", "shield-check", P.STATEMENT_READ),
            Place(N_("账目核对"), "books.books", "shield-check", P.REVIEW_READ),
        ),
    ),
    (
        N_("档案"),
        (
            Place(N_("合同"), "contracts.contracts", "file-text", P.CONTRACT_MANAGE),
            Place(N_("律师"), "advisers.advisers", "users", P.FIRM_READ, several=True),
            Place(
                N_("社区"), "places.communities", "building-community", P.FIRM_READ, several=True
            ),
            Place(N_("联络员"), "liaisons.liaisons", "phone", P.FIRM_READ),
            Place(N_("联络员"), "liaisons.shared", "phone", P.REVIEW_READ),
            Place(N_("双向选择"), "choosing.choices", "heart-handshake", P.CHOICE_WISH),
            Place(N_("结对共建"), "pairings.pairings", "arrows-exchange", P.FIRM_READ),
            Place(
                N_("结对共建"), "pairings.pairings", "arrows-exchange", P.PAIRING_MANAGE, phone=True
            ),
            Place(N_("结对共建"), "pairings.shared", "arrows-exchange", P.REVIEW_READ),
            Place(N_("结对共建"), "pairings.shared", "arrows-exchange", P.BUREAU_READ, phone=True),
            Place(N_("公示卡"), "cards.cards", "qrcode", P.FIRM_READ),
            Place(N_("年卷"), "yearfiles.year_files", "notes", P.CONTRACT_MANAGE),
            Place(N_("年卷"), "yearfiles.year_files", "notes", P.REVIEW_READ),
            Place(N_("全部导出"), "archives.archives", "download", P.OFFICE_EXPORT),
            Place(N_("导入导出"), "workbook.workbook", "file-spreadsheet", P.WORKBOOK),
            Place(N_("后台任务"), "work.works", "history", P.STATEMENT_READ),
        ),
    ),
    (
        N_("账号与安全"),
        (
            Place(N_("账号"), "people.people", "user-cog", P.PEOPLE_MANAGE, several=True),
            Place(N_("账号"), "people.people", "user-cog", P.SECURITY_MANAGE, several=True),
            Place(N_("邀请"), "invitations.invitations", "send", P.PEOPLE_MANAGE),
            Place(N_("开始使用"), "starting.start", "list-details", P.FIRM_KEEP),
            Place(N_("平台协议"), "joining.acceptances", "file-text", P.FIRM_KEEP),
            Place(N_("套餐与付款"), "billing.billing", "receipt-yuan", P.BILLING),
            Place(N_("离开与导出"), "leaving.leaving", "logout", P.DEPART),
            Place(N_("两步验证"), "factor_care.colleagues", "lock", P.SECURITY_MANAGE),
            Place(N_("管理员分工"), "admins.admins", "settings", P.ADMIN_NAME),
            Place(N_("访问令牌"), "tokens.tokens", "lock", P.PROGRAM_MANAGE),
            Place(N_("群机器人"), "robots.robots", "message", P.ROBOT_MANAGE),
            Place(N_("支持访问"), "support.consents", "user-cog", P.SUPPORT_GRANT),
            Place(N_("操作记录"), "audit.acts", "history", P.AUDIT_READ),
            Place(N_("隔离警报"), "alarms.alarms", "bell", P.AUDIT_READ, is_alarmed=True),
            Place(N_("留痕核对"), "audit.heads", "shield-check", P.AUDIT_READ),
            Place(N_("留痕核对"), "audit.heads", "shield-check", P.REVIEW_READ),
        ),
    ),
    (
        N_("运营"),
        (
            Place(N_("运营概况"), "console.console", "calendar-stats", P.OPERATE, phone=True),
            Place(N_("后台作业"), "upkeep.jobs", "history", P.OPERATE),
            Place(N_("律师事务所"), "console_firms.firms", "building", P.OPERATE, phone=True),
            Place(N_("离开的律所"), "leaving_console.departures", "logout", P.OPERATE),
            Place(N_("运行状况"), "console_firms.health", "shield-check", P.OPERATE),
            Place(N_("公告横幅"), "console_outages.outages", "bell", P.OPERATE),
            Place(N_("开通申请"), "console.sign_ups", "inbox", P.OPERATE, phone=True),
            Place(N_("支持访问"), "console_support.consents", "user-cog", P.OPERATE),
            Place(N_("邀请"), "console_invitations.invitations", "users", P.OPERATE),
            Place(N_("发信情况"), "notices_console.deliveries", "message", P.OPERATE),
            Place(N_("待转交链接"), "console.links", "send", P.OPERATE, phone=True),
            Place(N_("收款"), "billing_console.console", "receipt-yuan", P.OPERATE, phone=True),
        ),
    ),
)
"""What each part of the menu is called, and its places; the first part needs no name."""
PLACES = tuple(place for _name, places in SECTIONS for place in places)
