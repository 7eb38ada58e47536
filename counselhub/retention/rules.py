"""The one table of retention: which data, how long, what then, and on whose word. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from counselhub.retention.kinds import Afterwards, Kept, Rule

LONGEST = 36_500


class SettingError(ValueError):
    """COUNSELHUB_RETENTION cannot be used; the message is a sentence for the operator."""


TABLE: Sequence[Rule] = (
    Rule(
        Kept.CLIENT,
        "服务对象的姓名、电话、检索摘要（擦除；服务的日期、类别、件次保留）",
        3 * 365,
        "最近一次服务；没有服务的从登记起",
        Afterwards.DESTROY,
        "个人信息保护法第十九条（实现目的所必要的最短时间）；三年为一般诉讼时效，期内可能需要答复投诉",
        by_this_job=True,
    ),
    Rule(
        Kept.MATTER,
        "事项当事人的姓名、电话、证件号和检索摘要，豁免文件，冲突检查的摘要"
        "（擦除；编号、类型、日期和处理经过保留）",
        10 * 365,
        "办结或谢绝之日；没有立项的检查从检查之日起",
        Afterwards.DESTROY,
        "律师法：不得办理与委托人有利益冲突的事务，审查要比对以往的当事人；个人信息保护法第十九条",
        least=3 * 365,
        by_this_job=True,
    ),
    Rule(
        Kept.SIGN_IN_LINK,
        "一次性登录链接的摘要",
        30,
        "用过或过期",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；GB/T 22239-2019 剩余信息保护",
        by_this_job=True,
    ),
    Rule(
        Kept.SIGN_IN_SESSION,
        "登录会话（设备、网络地址、起止时间；登录本身另记在操作记录里）",
        180,
        "会话结束；未退出的从最后一次操作起",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；不短于网络安全法对网络日志的六个月",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.LEAVE,
        "请假的事由和答复（清空；日期、类别和结果保留）",
        365,
        "请假的最后一天",
        Afterwards.DESTROY,
        "个人信息保护法第二十八条（病情等敏感个人信息）、第十九条；一年为劳动争议申请仲裁的时效",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.ABSENCE,
        "缺勤理由的说明、证明材料和审核意见（清空；理由的类别和是否成立保留）",
        365,
        "班次当天",
        Afterwards.DESTROY,
        "个人信息保护法第二十八条（病情等敏感个人信息）、第十九条；与请假事由同期",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.COVER,
        "申请替班时写给同事的话（清空；原因的类别和谁来替班保留）",
        365,
        "班次当天",
        Afterwards.DESTROY,
        "个人信息保护法第二十八条（病情等敏感个人信息）、第十九条；与请假事由同期",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.CORRECTION,
        "补正申请的情况说明和答复（清空；前后两个版本、原因类别和审批结果保留）",
        2 * 365,
        "值班之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；够两个年度考核和付款核对",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.CORRECTION_FILE,
        "补正申请的附件内容（删除；种类、大小、拍摄时间和摘要保留）",
        2 * 365,
        "值班之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：签名簿可能写有他人姓名；与现场照片同期",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.CASE_FILE,
        "以案定补卷宗的文件内容（删除；文书名称、大小和摘要保留）",
        3 * 365,
        "结案之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：卷宗写有当事人资料；三年够付款审计和追回",
        least=365,
        by_this_job=True,
    ),
    Rule(
        Kept.PARTIES,
        "以案定补的当事人、法律援助案号及比对摘要（擦除；案件的类型、等级和金额保留）",
        3 * 365,
        "结案或服务的月份",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：只用于防止同一纠纷重复领取；与卷宗同期",
        least=365,
        by_this_job=True,
    ),
    Rule(
        Kept.POSITION,
        "打卡时手机给出的经纬度（删除；在不在值班点的结论和距离保留）",
        365,
        "打卡之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条、第二十八条（行踪属敏感个人信息）；一年为按年结算和考核的核查期",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.HANDOVER_NOTE,
        "线上值班的交班留言（可能写到当事人；班次本身保留）",
        180,
        "班次结束",
        Afterwards.DESTROY,
        "个人信息保护法第十九条（实现目的所必要的最短时间）；跟进未办完的事",
        by_this_job=True,
    ),
    Rule(
        Kept.HANDOVER_LINE,
        "交接清单的内容（删除；谁交给谁、原因、日期和签收保留）",
        3 * 365,
        "签收之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：可能写到群众；三年为一般诉讼时效，期内可能追问交接",
        least=180,
        by_this_job=True,
    ),
    Rule(
        Kept.PROMISE,
        "承诺事项（删除；兑现过的操作记录保留）",
        3 * 365,
        "兑现之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：写有答应了谁；与交接清单同期",
        least=180,
        by_this_job=True,
    ),
    Rule(
        Kept.LIAISON,
        "已离任联络员的姓名、职务、电话（删除）",
        2 * 365,
        "离任之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；够两个年度考核，离任后不再需要联系",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.CHOICE_WISH,
        "双向选择中律师和社区的意愿（删除；确定的方案保留）",
        365,
        "上任日期",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：意愿只为这一轮匹配，确定后不再需要",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.SPOT_PHOTO,
        "抽查的照片（删除；检查结果、答复和裁定的文字保留）",
        365,
        "检查确定或撤销之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片可能拍到群众，争议了结并过了次年考核后不再需要",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.SERVICE_FILE,
        "服务记录附件的内容（签到表、意见书等可能写有群众信息；名称、种类、摘要保留）",
        3 * 365,
        "服务之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；三年为一般诉讼时效，期内可能需要答复检查和投诉",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.DRAFTED,
        "用模板生成的文书的内容（写有当事人信息；名称、模板、生成时间和摘要保留）",
        3 * 365,
        "生成之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；三年为一般诉讼时效，期内可能需要再次出具",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.PHOTO,
        "现场照片的图像（拍摄时间、摘要和证据等级保留）",
        2 * 365,
        "值班之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；够两个年度考核和付款核对",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.PAIRING_PHOTO,
        "党建结对活动照片的图像（活动的日期、人数、小结和照片摘要保留）",
        3 * 365,
        "活动之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片拍到参加的群众；够结对协议一期的年度检查和续签",
        least=365,
        by_this_job=True,
    ),
    Rule(
        Kept.ROOM_PHOTO,
        "办公场所的照片、加盖公章的情况说明和整改照片（删除；整改经过和文件摘要保留，场所最近一张照片保留）",
        3 * 365,
        "整改销号之日；撤销的整改和场所照片从收到之日起",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片可能拍到群众；三年够逐年检查和台账核对",
        least=365,
        by_this_job=True,
    ),
    Rule(
        Kept.ROOM_REPORT_PHOTO,
        "律师反映场所问题时拍的照片（删除；反映的内容和街道的答复保留）",
        365,
        "街道答复之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片可能拍到群众；街道受理后以整改材料为准",
        least=30,
        by_this_job=True,
    ),
    Rule(
        Kept.CONFIRMER,
        "社区确认人的姓名、网络地址摘要（擦除；答复和职务保留）",
        2 * 365,
        "答复之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；够两个年度考核和付款核对",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.HOME_VISIT,
        "上门走访的地址（擦除；日期、走访人和结果保留）",
        2 * 365,
        "走访之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条、第二十八条（住址与案情相连）；够两个年度考核和投诉答复",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.FEEDBACK_LINK,
        "满意度链接的摘要",
        30,
        "链接过期",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；GB/T 22239-2019 剩余信息保护",
        by_this_job=True,
    ),
    Rule(
        Kept.CONFERENCE,
        "会商的议程、争议焦点、各人意见、汇总、结论和各版纪要（清空；议题、时间、到会和任务期限保留）",
        10 * 365,
        "会商之日",
        Afterwards.DESTROY,
        "律师业务档案的保管期；个人信息保护法第十九条：内容写到当事人的案情",
        least=3 * 365,
        by_this_job=True,
    ),
    Rule(
        Kept.PACKET,
        "转给其他律所的内容和当事人同意书，收到的转案内容（清空；双方、日期、状态和同意书摘要保留）",
        3 * 365,
        "转出之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条、第二十三条（向他人提供须单独同意，留存同意以备查）；三年为一般诉讼时效",
        least=365,
        by_this_job=True,
    ),
    Rule(
        Kept.AUDIT,
        "操作记录、登录记录（由操作记录的清理命令处理，摘要链保持可核验）",
        180,
        "发生之日",
        Afterwards.ARCHIVE,
        "网络安全法：网络日志不少于六个月",
        least=180,
    ),
    Rule(
        Kept.EVIDENCE,
        "值班、服务、以案定补记录（不含服务对象；随机构退出时导出并删除）",
        None,
        "",
        Afterwards.ARCHIVE,
        "结算单的依据；律所为处理者，平台受托，退出时返还",
    ),
    Rule(
        Kept.PUNCH,
        "钉钉、企业微信的打卡（时间、地点、设备；核对结果和值班记录保留）",
        730,
        "打卡当天",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；年度结算和考核之后不再需要原始打卡",
        least=90,
        by_this_job=True,
    ),
    Rule(
        Kept.STATEMENT,
        "结算单及其封存内容（随机构退出时导出）",
        None,
        "",
        Afterwards.ARCHIVE,
        "付款依据，提交后不变更",
    ),
)


def periods(setting: str) -> Mapping[Kept, int | None]:
    """Return the days of each class: the table's, or those of `setting` (`client=730,audit=365`).

    Raises SettingError for an unknown class, no whole number, or fewer days than the least allowed.
    """
    days: dict[Kept, int | None] = {rule.kept: rule.days for rule in TABLE}
    least = {rule.kept: rule.least for rule in TABLE if rule.days is not None}
    for part in filter(None, re.split(r"[,\s]+", setting.strip())):
        name, _sign, number = part.partition("=")
        if name not in set(least):
            raise SettingError(
                f"COUNSELHUB_RETENTION: {name!r} has no period; one of {', '.join(least)} has."
            )
        kept = Kept(name)
        if not re.fullmatch(r"[0-9]{1,5}", number) or not least[kept] <= int(number) <= LONGEST:
            raise SettingError(
                f"COUNSELHUB_RETENTION: {name} is {number!r};"
                f" it must be from {least[kept]} to {LONGEST} days."
            )
        days[kept] = int(number)
    return days


def due_before(today: date, days: int) -> date:
    """Return the first day that is still kept: what ended before it is due."""
    return today - timedelta(days=days)
