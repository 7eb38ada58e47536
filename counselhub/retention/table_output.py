"""The rows of the table of retention for what the service puts out: exports, pushes, messages."""

from collections.abc import Sequence

from counselhub.retention.kinds import Afterwards, Kept, Rule

OF_OUTPUT: Sequence[Rule] = (
    Rule(
        Kept.YEAR_FILE,
        "年卷的 PDF 和原件压缩包（删除；谁在何时制作、文件摘要留在操作记录里，随时可以重新制作）",
        30,
        "制作完成之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：卷内有照片和附件，只为下载归档而保留",
    ),
    Rule(
        Kept.OFFICE_ARCHIVE,
        "司法所全部资料导出的压缩包（删除；谁在何时制作和下载、文件摘要留在操作记录里）",
        7,
        "制作完成之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：只为下载而保留，随时可以重新制作",
    ),
    Rule(
        Kept.LONG_WORK,
        "后台任务和它导出的文件（删除；谁在何时申请和下载留在操作记录里）",
        30,
        "结束之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：只为查看结果和下载而保留，随时可以重新申请",
    ),
    Rule(
        Kept.HOOK_LOG,
        "事件推送的投递记录和对方的回答（删除；没有送达的也删除，不再投递）",
        30,
        "事件发生之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：只为查明是否送达、重新投递而保留",
        least=2,
    ),
    Rule(
        Kept.NOTICE,
        "站内通知（删除；通知所说的事留在它自己的记录里）",
        180,
        "通知之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：只为告知本人而保留",
        least=30,
    ),
    Rule(
        Kept.DELIVERY,
        "发到站外的消息的发送记录（删除；只有种类、时间和结果）",
        180,
        "消息产生之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；保留期内同一件事不会再发第二次",
        least=30,
    ),
)
