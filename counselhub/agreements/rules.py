"""What a contract's text says, from its facts; what it lacks before it is filed. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from counselhub.agreements.kinds import Lack
from counselhub.core.money import format_yuan, in_capitals
from counselhub.products.filling import BLANK, FIELD, plain

DIGITS = "零一二三四五六七八九十"
CLAUSES, INSTALMENTS = "条款", "分期付款"
"""Fields that stand for all clauses, and for the table of instalments."""


class Part(NamedTuple):
    """One instalment as the text tells it."""

    place: int
    name: str
    condition: str
    due_on: date | None
    amount_fen: int


class Wording(NamedTuple):
    """A clause as the library has it."""

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a contract. worth_fen None: its scheme does not say."""

    number: str
    kind: str
    party_a: str
    party_b: str
    communities: Sequence[str]
    advisers: Sequence[str]
    starts_on: date
    ends_on: date
    signed_on: date | None
    worth_fen: int | None
    parts: Sequence[Part]


def fields_of(facts: Facts) -> Mapping[str, str]:
    """Return the value of each field; what is not known is not among them."""
    known = {
        "合同编号": facts.number,
        "合同类型": facts.kind,
        "甲方": facts.party_a,
        "乙方": facts.party_b,
        "社区": "、".join(facts.communities),
        "社区数": str(len(facts.communities)),
        "指派律师": "、".join(facts.advisers),
        "开始日期": written(facts.starts_on),
        "结束日期": written(facts.ends_on),
        "签订日期": written(facts.signed_on) if facts.signed_on else "",
        INSTALMENTS: "\n".join(map(_sentence, facts.parts)),
    }
    if facts.worth_fen is not None:
        known |= {
            "合同金额": format_yuan(facts.worth_fen),
            "金额大写": in_capitals(facts.worth_fen),
        }
    return {name: value for name, value in known.items() if value}


def written(day: date) -> str:
    """Return a day as contracts write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _sentence(part: Part) -> str:
    when = f"{written(part.due_on)}前" if part.due_on else f"{part.condition}后"
    return (
        f"第{numeral(part.place)}期（{part.name}）：{when}支付 {format_yuan(part.amount_fen)} 元。"
    )


def numeral(number: int) -> str:
    """Return 1 to 99 in Chinese: 十二."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return a text with its fields; what is not known is a line to write on."""
    return FIELD.sub(lambda found: plain(known.get(found[1].strip(), "")) or BLANK, text)


def unknown_fields(text: str) -> list[str]:
    """Return the fields of a clause that no contract knows, in the order of reading."""
    return [name.strip() for name in FIELD.findall(text) if name.strip() not in KNOWN]


KNOWN = (
    "合同编号", "合同类型", "甲方", "乙方", "社区", "社区数", "指派律师", "开始日期", "结束日期",
    "签订日期", INSTALMENTS, "合同金额", "金额大写",
)  # fmt: skip
"""What a clause may ask for."""


def articles(clauses: Iterable[Wording], known: Mapping[str, str]) -> list[Wording]:
    """Return the clauses as they are printed: counted, with their fields."""
    return [
        Wording(f"第{numeral(place)}条　{one.title}", filled(one.body, known))
        for place, one in enumerate(clauses, 1)
    ]


def lacking(
    *, signed_on: date | None, kinds: Iterable[str], pays_by_instalments: bool, has_plan: bool
) -> list[Lack]:
    """Return what a contract lacks before it can be filed. kinds: of the papers that it has."""
    there = set(kinds)
    faults = {
        Lack.SIGNED_ON: signed_on is None,
        Lack.TEXT: "draft" not in there,
        Lack.SCAN: "scan" not in there,
        Lack.PLAN: pays_by_instalments and not has_plan,
    }
    return [lack for lack, is_fault in faults.items() if is_fault]
