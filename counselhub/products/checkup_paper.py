"""The report of a check-up for the company; in Chinese, as papers are."""

from collections.abc import Mapping

from counselhub.products import checklist
from counselhub.products.checklist import Sections
from counselhub.products.checkup_models import Checkup, CheckupItem
from counselhub.products.kinds import Verdict
from counselhub.products.papers import Block, Facts, Heading, Paper, Table, Words, written

NOTE = "本报告依据企业提供的资料和现场了解的情况出具，供企业自查改进，不作其他用途。"
SUMS, SUM_WIDTHS = ("部分", "合规", "不合规", "不适用", "未填"), (40, 12, 12, 12, 12)
FOUND = ("编号", "体检项", "发现的情况", "建议", "整改期限", "整改结果")
FOUND_WIDTHS = (7, 22, 24, 22, 13, 12)


def paper(checkup: Checkup, found: Mapping[str, CheckupItem], firm: str) -> Paper:
    """Return the report. found: by code of the item."""
    sections = checklist.read(checkup.sections)
    company = checkup.company
    facts = Facts(
        [
            ("企业名称", company.name),
            ("统一社会信用代码", company.credit_code or "—"),
            ("村（社区）", company.community.name),
            ("体检日期", written(checkup.day)),
            ("律师事务所", firm),
            ("体检律师", checkup.adviser.name),
            ("体检清单", checkup.list_name),
            ("下次体检", written(checkup.next_on) if checkup.next_on else "另行约定"),
        ]
    )
    blocks = [facts, *_sums(sections, found), *_problems(sections, found), *_whole(checkup)]
    signatures = ["体检律师（签字）：", f"{firm}（盖章）", f"日期：{written(checkup.day)}"]
    return Paper("企业法治体检报告", blocks, signatures, NOTE, checkup.day)


def _sums(sections: Sections, found: Mapping[str, CheckupItem]) -> list[Block]:
    verdicts = checklist.verdicts_of(found)
    tallies = [checklist.tally(one, verdicts) for one in sections]
    rows = [
        [title, *(str(number) for number in (one.ok, one.bad, one.none, one.left))]
        for title, one in [
            *zip((one.title for one in sections), tallies, strict=True),
            ("合计", checklist.together(tallies)),
        ]
    ]
    return [Heading("一、体检结果"), Table(SUMS, SUM_WIDTHS, rows)]


def _problems(sections: Sections, found: Mapping[str, CheckupItem]) -> list[Block]:
    heading = Heading("二、发现的问题和建议")
    rows = [
        _problem(item.code, item.words, one)
        for section in sections
        for item in section.items
        if (one := found.get(item.code)) and one.verdict == Verdict.BAD
    ]
    if not rows:
        return [heading, Words("本次体检未发现不合规事项。")]
    return [heading, Table(FOUND, FOUND_WIDTHS, rows)]


def _problem(code: str, words: str, one: CheckupItem) -> list[str]:
    mended = f"{written(one.mended_on)}：{one.mending}" if one.mended_on else ""
    due = written(one.due_on) if one.due_on else ""
    return [code, words, one.note or "", one.advice or "", due, mended]


def _whole(checkup: Checkup) -> list[Block]:
    if not checkup.conclusion:
        return []
    return [Heading("三、总体评价"), Words(checkup.conclusion)]
