"""The rows of the table of retention for photos, and files of services, checks and premises."""

from collections.abc import Sequence

from counselhub.retention.kinds import Afterwards, Kept, Rule

OF_FILES: Sequence[Rule] = (
    Rule(
        Kept.SPOT_PHOTO,
        "抽查的照片（删除；检查结果、答复和裁定的文字保留）",
        365,
        "检查确定或撤销之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片可能拍到群众，争议了结并过了次年考核后不再需要",
        least=30,
    ),
    Rule(
        Kept.LEDGER_FILE,
        "司法所上传的台账原文件（删除；导入的各行、处理结果、差异表和文件摘要保留）",
        3 * 365,
        "上传之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：原文件可能带有无关的个人信息；三年为一般诉讼时效，期内可能需要核对原件",
        least=365,
    ),
    Rule(
        Kept.SERVICE_FILE,
        "服务记录附件的内容（签到表、意见书等可能写有群众信息；名称、种类、摘要保留）",
        3 * 365,
        "服务之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；三年为一般诉讼时效，期内可能需要答复检查和投诉",
        least=90,
    ),
    Rule(
        Kept.DRAFTED,
        "用模板生成的文书的内容（写有当事人信息；名称、模板、生成时间和摘要保留）",
        3 * 365,
        "生成之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；三年为一般诉讼时效，期内可能需要再次出具",
        least=90,
    ),
    Rule(
        Kept.PHOTO,
        "现场照片的图像（拍摄时间、摘要和证据等级保留）",
        2 * 365,
        "值班之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条；够两个年度考核和付款核对",
        least=90,
    ),
    Rule(
        Kept.PAIRING_PHOTO,
        "党建结对活动照片的图像（活动的日期、人数、小结和照片摘要保留）",
        3 * 365,
        "活动之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片拍到参加的群众；够结对协议一期的年度检查和续签",
        least=365,
    ),
    Rule(
        Kept.ROOM_PHOTO,
        "办公场所的照片、加盖公章的情况说明和整改照片（删除；整改经过和文件摘要保留，场所最近一张照片保留）",
        3 * 365,
        "整改销号之日；撤销的整改和场所照片从收到之日起",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片可能拍到群众；三年够逐年检查和台账核对",
        least=365,
    ),
    Rule(
        Kept.ROOM_REPORT_PHOTO,
        "律师反映场所问题时拍的照片（删除；反映的内容和街道的答复保留）",
        365,
        "街道答复之日",
        Afterwards.DESTROY,
        "个人信息保护法第十九条：照片可能拍到群众；街道受理后以整改材料为准",
        least=30,
    ),
)
