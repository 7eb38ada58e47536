"""The sheet of opinions on a text, for the committee that asked; in Chinese, as papers are."""

from collections.abc import Sequence

from counselhub.products.kinds import Answer, Risk, TextKind
from counselhub.products.papers import Block, Facts, Heading, Paper, Table, Words, written
from counselhub.products.text_models import TextOpinion, TextReview

TITLES = {TextKind.CONTRACT: "合同审查意见书", TextKind.BYLAW: "村规民约修订意见书"}
COLUMNS = ("序号", "位置", "原文", "风险", "意见", "建议表述", "采纳")
WIDTHS = (6, 9, 24, 7, 24, 22, 8)
SHORT = 120
"""Letters of a paragraph that the sheet repeats."""
NOTE = "本意见依据委托方提供的文本出具，供其决策参考；文本另有改动的，应重新审查。"


def paper(review: TextReview, opinions: Sequence[TextOpinion], firm: str) -> Paper:
    """Return the sheet. opinions: of all versions, in their order."""
    final = f"第{review.settled_number}版" if review.settled_number else "（审改中）"
    day = review.settled_on or review.begun_on
    facts = Facts(
        [
            ("文本名称", review.title),
            ("村（社区）", review.community.name),
            ("律师事务所", firm),
            ("审改律师", review.adviser.name),
            ("收到日期", written(review.begun_on)),
            ("定稿", final),
        ]
    )
    return Paper(
        TITLES[TextKind.of(review.kind)],
        [facts, *_said(opinions), *_whole(review)],
        ["审改律师（签字）：", f"{firm}（盖章）", f"日期：{written(day)}"],
        NOTE,
        day,
    )


def _said(opinions: Sequence[TextOpinion]) -> list[Block]:
    if not opinions:
        return [Words("经审查，未提出逐条修改意见。")]
    counts = "、".join(
        f"{risk.word}{many}条"
        for risk in Risk
        if (many := sum(one.risk == risk for one in opinions))
    )
    rows = [_row(number, one) for number, one in enumerate(opinions, 1)]
    said = f"共提出意见{len(opinions)}条，其中{counts}。"
    return [Heading("一、逐条意见"), Words(said), Table(COLUMNS, WIDTHS, rows)]


def _row(number: int, one: TextOpinion) -> list[str]:
    quote = one.quote if len(one.quote) <= SHORT else f"{one.quote[:SHORT]}…"
    place = f"第{one.number}版第{one.paragraph}段"
    risk, answer = Risk.of(one.risk).word, Answer.of(one.answer).word
    return [str(number), place, quote, risk, one.words, one.proposal or "", answer]


def _whole(review: TextReview) -> list[Block]:
    if not review.conclusion:
        return []
    return [Heading("总体意见"), Words(review.conclusion)]
