"""Skeletons of the documents that community lawyers write most, made by code, for a start.

In Chinese, as the documents are. A firm uploads its own where it has better ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from counselhub.core import clock
from counselhub.products import word
from counselhub.products.papers import Paper, Words


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A skeleton: its name and its paragraphs, fields in {{}}."""

    name: str
    words: str


BUILT_IN: Mapping[str, BuiltIn] = {
    "complaint": BuiltIn(
        "民事起诉状（简易）",
        "原告：{{原告}}\n被告：{{被告}}\n诉讼请求：\n{{诉讼请求}}\n事实与理由：\n{{事实与理由}}\n"
        "证据和证据来源：\n{{证据}}\n此致\n{{受理法院}}\n具状人：{{原告签名}}\n{{日期}}",
    ),
    "agreement": BuiltIn(
        "调解协议书",
        "当事人（甲方）：{{甲方}}\n当事人（乙方）：{{乙方}}\n调解地点：{{村（社区）}}\n纠纷主要事实：\n"
        "{{纠纷事实}}\n经调解，双方自愿达成如下协议：\n{{协议内容}}\n履行方式和期限：{{履行方式和期限}}\n"
        "本协议一式{{份数}}份，双方各执一份，调解组织留存一份。\n甲方（签字）：\n乙方（签字）：\n"
        "调解员（签字）：{{律师}}\n{{日期}}",
    ),
    "opinion": BuiltIn(
        "法律意见书",
        "致：{{村（社区）}}\n就贵单位咨询的{{事项}}，{{律师事务所}}律师{{律师}}根据所提供的材料，"
        "出具法律意见如下：\n一、基本事实\n{{基本事实}}\n二、法律分析\n{{法律分析}}\n三、意见和建议\n"
        "{{意见和建议}}\n本意见仅依据现有材料出具，供贵单位决策参考。\n{{律师事务所}}\n律师：{{律师}}\n{{日期}}",
    ),
    "authority": BuiltIn(
        "授权委托书",
        "委托人：{{委托人}}\n受托人：{{律师}}，{{律师事务所}}律师，执业证号{{执业证号}}\n现委托受托人在"
        "{{案由}}一案中作为我方代理人。\n代理权限：{{代理权限}}\n委托人（签字）：\n{{日期}}",
    ),
}
NOTE = ""


@cache
def content_of(code: str) -> bytes:
    """Return a skeleton as .docx. Raises KeyError for an unknown code."""
    one = BUILT_IN[code]
    return word.docx(Paper(one.name, [Words(one.words)], (), NOTE, clock.today()))
