"""The words that people use for kinds, modes and disputes, the longest first; numbers as spoken."""

import re
from typing import TypeVar

from counselhub.services.kinds import DisputeKind as D
from counselhub.services.kinds import ServiceKind as K
from counselhub.services.kinds import ServiceMode as M

Code = TypeVar("Code")


def _longest_first(words: dict[Code, str]) -> dict[str, Code]:
    pairs = [(word, code) for code, several in words.items() for word in several.split()]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


KINDS: dict[str, K] = _longest_first(
    {
        K.CONSULTATION: "法律咨询 咨询 解答咨询 答疑",
        K.LEGAL_OPINION: "法律意见书 法律意见 意见书",
        K.MEDIATION: "参与人民调解 参与调解 人民调解 调解",
        K.PUBLICITY: "法治宣传 普法宣传 普法活动 普法 宣传",
        K.LECTURE: "法治讲座 普法讲座 法律讲座 讲座",
        K.LEGAL_AID: "申请法律援助 法律援助 法援",
        K.DRAFTING: "代写法律文书 代写文书 代书 代写",
        K.CONTRACT_REVIEW: "合同审查 审查合同 审合同",
        K.BYLAW_REVISION: "修订村规民约 村规民约 居民公约",
        K.LEGAL_CHECKUP: "法治体检 法律体检 体检",
        K.LEGAL_AFFAIRS: "协助处理涉法事务 涉法事务 涉法",
        K.TRAINING: "业务培训 培训",
    }
)
MODES: dict[str, M] = _longest_first(
    {
        M.ON_SITE: "现场 当面 来访 驻点",
        M.PHONE: "电话 来电 致电",
        M.WECHAT: "微信群 微信",
        M.VISIT: "上门 入户 走访",
    }
)
DISPUTES: dict[str, D] = _longest_first(
    {
        D.NEIGHBOUR: "邻里 相邻 漏水 噪音 采光 楼上 楼下",
        D.FAMILY: "婚姻家庭 婚姻 离婚 抚养 赡养 继承 遗产 家暴 分家 彩礼",
        D.LABOUR: "劳动争议 劳动 欠薪 讨薪 工资 工伤 社保 辞退 加班费",
        D.DEMOLITION: "征地拆迁 征地 拆迁 旧改 安置补偿",
        D.TRAFFIC: "交通事故 交通 车祸",
        D.MEDICAL: "医疗纠纷 医疗 医患",
        D.ENVIRONMENT: "环境保护 环保 污染 油烟",
        D.LAND: "土地 宅基地 承包地 林权",
        D.PROPERTY: "物业 业委会 停车费 物管",
    }
)
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "俩": 2,
}
SPOKEN = re.compile(
    r"(?<![零一二两俩三四五六七八九十百千])[零一二两俩三四五六七八九十百千]+"
    r"(?=个半小时|个小时|个钟|小时|分钟|人次|个人|人|名|位|件|份|场|起|宗|万元|月|号|日)"
)
WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
HALF_MORE = re.compile(r"(?<!\d)(\d+)个半(?:小时|钟头|钟)")


def digits(line: str) -> str:
    """Return a line with plain figures: full-width ones, spoken ones before a unit, 一个半小时."""
    plain = THOUSANDS.sub("", line.translate(WIDE))
    spoken = SPOKEN.sub(lambda found: str(_value(found[0])), plain)
    return HALF_MORE.sub(lambda found: f"{found[1]}.5小时", spoken)


def _value(words: str) -> int:
    """Return what a spoken number is worth: 三十五 is 35, 十 is 10, 两百 is 200."""
    total, last = 0, 0
    for letter in words:
        if letter in _DIGITS:
            last = _DIGITS[letter]
        else:
            total += (last or 1) * {"十": 10, "百": 100, "千": 1000}[letter]
            last = 0
    return total + last
