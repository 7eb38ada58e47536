"""One way of writing a name, so that the same party is found however it was typed. Pure.

Persons lose blanks and the dot between the parts of a name. Organisations keep the place in their
brackets: a branch 广东某某（龙岗）律师事务所 is another one than its head office.
"""

import re
import unicodedata

from counselhub.core import personal

_PAIRS = (
    "張张陳陈崗岗務务買买賣卖劉刘黃黄趙赵吳吴鄭郑馮冯楊杨許许呂吕孫孙馬马盧卢蔣蒋賈贾葉叶鄧邓蕭萧韓韩龔龚鄒邹譚谭範范龍龙賴赖"
    "羅罗鐘钟鍾钟蘇苏魯鲁關关單单歐欧陽阳陸陆湯汤賀贺嚴严喬乔聶聂閻阎顧顾紀纪齊齐華华國国東东廣广農农業业電电"
    "車车門门興兴榮荣強强偉伟傑杰俠侠軍军劍剑勝胜勵励萬万麗丽蘭兰鳳凤鶯莺鵬鹏鴻鸿鋒锋銘铭鐵铁鋼钢銀银錢钱"
    "雲云靜静韋韦順顺須须頌颂顏颜飛飞駿骏驕骄寶宝實实寧宁審审將将專专導导岡冈島岛嶺岭帥帅師师廠厂慶庆憲宪懷怀"
    "戰战戶户損损攝摄數数斷断時时曉晓書书會会極极構构樂乐樓楼標标樹树橋桥機机檢检歲岁歸归殺杀氣气漢汉漁渔濟济"
    "濤涛灣湾無无熱热燈灯爾尔爭争狀状獻献環环產产畫画當当發发盤盘監监眾众碩硕確确禮礼種种積积稅税穩稳競竞筆笔"
    "節节簡简糧粮級级紅红約约純纯細细組组結结給给統统經经維维網网綠绿緯纬縣县總总績绩織织繼继續续義义習习聖圣聲声"
    "聯联職职腦脑膠胶臨临舉举與与藝艺藥药處处號号術术衛卫補补製制複复見见規规視视覺觉親亲計计訂订訊讯設设許许訴诉"
    "詩诗話话詳详誠诚誼谊諾诺謝谢證证識识議议護护讓让豐丰財财貨货貿贸資资賢贤質质贊赞軒轩輝辉輪轮轉转辦办達达"
    "運运過过遠远適适選选還还邊边鄉乡醫医釋释鎮镇長长開开間间際际隊队陰阴難难雙双雞鸡離离靈灵題题類类風风館馆"
    "員员圖图園园團团圍围場场塊块壓压夢梦夾夹奮奋婦妇媽妈學学對对廟庙彈弹徑径從从愛爱慮虑應应擁拥據据擴扩"
)
SIMPLE = {ord(_PAIRS[at]): _PAIRS[at + 1] for at in range(0, len(_PAIRS), 2)}
"""Traditional letters frequent in names, and their simplified ones."""
_BRACKETS = dict.fromkeys(map(ord, "〔【［〈《「｛{[<"), "(") | dict.fromkeys(
    map(ord, "〕】］〉》」｝}]>"), ")"
)
_JOINERS = re.compile(r"[\s·•・‧.．。,，、'’`\-‐-―−_]+")
_FORMS = (
    ("股份有限责任公司", "股份有限公司"),
    ("有限责任公司", "有限公司"),
    ("居民委员会", "居委会"),
    ("村民委员会", "村委会"),
)
_ENDINGS = re.compile(
    r"(?<!公司)(?<!集团)(?<!有限合伙)(?<!\(有限合伙\))(?<!\(普通合伙\))"  # at a run's start alone
    r"(?:股份有限公司|有限公司|有限合伙|集团|公司|\((?:有限合伙|普通合伙)\))+$"
)
SHORTEST_NEAR = 2
LONGEST_NAME, MOST_ALIASES = 100, 5
SHORTEST_PLACE = 3


def person(name: str) -> str:
    """Return a person's name as it is compared, "" for nothing."""
    return _joined(_plain(name))


def organisation(name: str) -> str:
    """Return an organisation's name as it is compared: 有限责任公司 is 有限公司, brackets stay."""
    folded = _joined(_plain(name).translate(_BRACKETS))
    for long, short in _FORMS:
        folded = folded.replace(long, short)
    return folded


def near(name: str) -> str:
    """Return what of an organisation's name tells it from others, for likeness; "" if too short."""
    folded = organisation(name)
    core = _ENDINGS.sub("", folded) or folded
    return core if len(core) >= SHORTEST_NEAR else ""


def is_committee(name: str, community: str) -> bool:
    """Say whether `name` is that of the committee of `community`, with or without town before it.

    甲社区居民委员会, 某街道甲社区居委会 and 甲社区 are all the committee of 甲社区居委会.
    """
    asked, known = organisation(name), organisation(community)
    bare = re.sub(r"(居委会|村委会|委员会|工作站)$", "", known)
    if len(bare) < SHORTEST_PLACE:
        return asked == known
    return asked == bare or asked.endswith((known, f"{bare}居委会", f"{bare}村委会"))


def _joined(name: str) -> str:
    """Take out what parts a name; signs that meet by that may be one letter."""
    return _plain(_JOINERS.sub("", name))


def _plain(name: str) -> str:
    seen = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", seen).translate(SIMPLE).casefold()


def parted(typed: str) -> list[str]:
    """Return the names of one line, between which stand commas or 、; at most the first five."""
    return [one.strip() for one in re.split(r"[、，,；;\n]", typed) if one.strip()][:MOST_ALIASES]


def clean(typed: str, *, is_person: bool) -> str:
    """Return a name as it is kept. Raises personal.BadNameError: long, signs or letters."""
    if is_person:
        return personal.clean_name(typed)
    name = " ".join(typed.split())
    if len(name) > LONGEST_NAME:
        raise personal.BadNameError("long")
    kinds = [unicodedata.category(sign)[0] for sign in name if not sign.isspace()]
    if any(kind not in "LMNP" for kind in kinds):
        raise personal.BadNameError("signs")
    if "L" not in kinds:
        raise personal.BadNameError("letters")
    return name
