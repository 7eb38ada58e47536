"""Clauses and skeleton of a contract for a start, made by code; a firm writes its own beside them.

In Chinese, as the contracts are.
"""

from counselhub.agreements.rules import Wording

HEAD = (
    "合同编号：{{合同编号}}\n甲方：{{甲方}}\n乙方：{{乙方}}\n"
    "根据《中华人民共和国民法典》《中华人民共和国律师法》，双方就社区法律顾问服务订立本合同。"
)
CLAUSES = (
    (
        Wording(
            "服务社区和律师", "乙方为{{社区}}共{{社区数}}个社区提供法律顾问服务，指派{{指派律师}}。"
        ),
        True,
    ),
    (Wording("期限", "本合同自{{开始日期}}起至{{结束日期}}止，首尾两日均计算在内。"), True),
    (
        Wording(
            "服务内容",
            "法律咨询、法治宣传和讲座、参与人民调解、审查合同和村规民约、代写法律文书、"
            "出具法律意见，以及双方约定的其他服务。服务按次留痕，由社区确认。",
        ),
        True,
    ),
    (
        Wording(
            "费用和支付",
            "合同总额 {{合同金额}} 元（{{金额大写}}），按下列各期支付：\n{{分期付款}}\n"
            "已由补贴结算单支付的事项不再按期支付。",
        ),
        True,
    ),
    (Wording("发票", "甲方付款前，乙方开具与应付金额相同的合法发票。"), False),
    (Wording("考核", "服务考核按司法行政机关的办法进行，考核预留款按考核结果支付。"), False),
    (
        Wording(
            "更换和替班", "律师不能到岗的，乙方应事先安排替班；更换律师应事先告知甲方并办理交接。"
        ),
        False,
    ),
    (
        Wording(
            "保密和利益冲突", "乙方对服务中知悉的秘密保密；有利益冲突的事项应当回避并告知甲方。"
        ),
        True,
    ),
    (
        Wording(
            "解除", "双方协商一致可以解除；一方严重违约的，另一方可以书面通知解除，费用按天数结清。"
        ),
        True,
    ),
    (
        Wording(
            "争议解决", "因本合同发生争议，双方协商解决；协商不成的，向甲方所在地人民法院起诉。"
        ),
        True,
    ),
)
"""Each clause, and whether it is mandatory."""
