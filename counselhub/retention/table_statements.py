"""The rows of the table of retention for statements and what is said about them."""

from collections.abc import Sequence

from counselhub.retention.kinds import Afterwards, Kept, Rule

OF_STATEMENTS: Sequence[Rule] = (
    Rule(
        Kept.LINE_FILE,
        "结算疑问和申诉的附件内容（删除；名称、大小和摘要保留）",
        3 * 365,
        "收到附件之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：附件可能写有他人资料；三年够付款审计和追回",
        least=365,
    ),
    Rule(
        Kept.STATEMENT,
        "结算单及其封存内容（随机构退出时导出）",
        None,
        "",
        Afterwards.ARCHIVE,
        "付款依据，提交后不变更",
        by_this_job=False,
    ),
    Rule(
        Kept.CONTRACT,
        "合同的文本、签署件和备案回执，分期款的证明、发票和到账（随机构退出时导出）",
        None,
        "",
        Afterwards.ARCHIVE,
        "会计档案管理办法：原始凭证保管三十年；付款依据，登记后不变更",
        by_this_job=False,
    ),
)
