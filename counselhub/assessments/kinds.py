"""Codes of assessments and the table of their moves."""

from counselhub.core.labels import N_, Labelled
from counselhub.core.workflow import Move


class YearGrade(Labelled):
    """The year's grade; its code is the word that the money rules know."""

    EXCELLENT = "优秀", N_("优秀")
    COMPETENT = "称职", N_("称职")
    BASIC = "基本称职", N_("基本称职")
    INCOMPETENT = "不称职", N_("不称职")


class AssessmentStatus(Labelled):
    """Where an assessment stands; the firm reads it once it is confirmed."""

    PROPOSED = "proposed", N_("待确认")
    CONFIRMED = "confirmed", N_("已确认")


S = AssessmentStatus
ASSESSMENT_FLOW = {"confirm": Move(frozenset({S.PROPOSED}), S.CONFIRMED)}
TONES: dict[str, str] = {S.PROPOSED: "info", S.CONFIRMED: "success"}
ACTS = {
    "propose": N_("提出年度考核"),
    "confirm": N_("确认年度考核"),
}
