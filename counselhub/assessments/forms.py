"""The year's page as it was sent: a row a community, its fields named by the candidate."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from counselhub.assessments.actions import Proposal
from counselhub.assessments.kinds import YearGrade
from counselhub.assessments.queries import Candidate
from counselhub.core.errors import FaultsError

LONGEST = 300


def proposals_of(sent: Mapping[str, str], candidates: Iterable[Candidate]) -> list[Proposal]:
    """Return what was filled in; a row without a grade proposes nothing.

    Raises FaultsError with a sentence for each wrong field.
    """
    found: list[Proposal] = []
    faults: list[dict[str, str]] = []
    for one in candidates:
        if one.assessment is not None and one.assessment.published_at is not None:
            continue
        code = sent.get(f"grade-{one.key}", "")
        if not code:
            continue
        score, words = sent.get(f"score-{one.key}", "").strip(), sent.get(f"words-{one.key}", "")
        fault = _fault(code, score, words)
        if fault:
            faults.append({"at": one.key, "message": f"{one.community.short_name}：{fault}"})
            continue
        read = Decimal(score) if score else None
        found.append(Proposal(one, YearGrade.of(code), read, words.strip()))
    if faults:
        raise FaultsError(_("有几处需要改正，已填的内容都还在。"), faults)
    return found


def _fault(code: str, score: str, words: str) -> str:
    """Say what is wrong with a row, "" when nothing is."""
    if code not in set(YearGrade):
        return str(_("请从列出的等次中选择。"))
    if len(words) > LONGEST:
        return str(_("说明最多 %(most)d 字。", most=LONGEST))
    return "" if not score or _is_score(score) else str(_("分数须在 0 到 100 之间，最多两位小数。"))


def _is_score(text: str) -> bool:
    try:
        score = Decimal(text)
    except InvalidOperation:
        return False
    return score.is_finite() and 0 <= score <= 100 and score == round(score, 2)
