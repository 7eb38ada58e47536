"""What a line is shared out by, in the words of the page."""

from collections.abc import Mapping

from counselhub.core.labels import N_
from counselhub.statements.lines import LineKind

GROUNDS: Mapping[str, str] = {
    LineKind.BASE: N_("按主责天数"),
    LineKind.SHORTFALL: N_("按各人所欠的到岗"),
    LineKind.ATTENDANCE: N_("按各人到岗"),
    LineKind.LECTURE: N_("归主讲人"),
    LineKind.ONLINE: N_("按各人值守时长"),
    LineKind.CASE: N_("归承办人"),
    LineKind.ACTIVITY: N_("归承办人"),
    LineKind.PERFORMANCE: N_("按当月主责天数"),
    LineKind.WITHHOLD: N_("同基础补贴"),
    LineKind.RELEASE: N_("按考核年度主责天数"),
    LineKind.GRADE: N_("按考核年度主责天数"),
    LineKind.ADJUSTMENT: N_("按所涉月份主责天数，补录归本人"),
}
