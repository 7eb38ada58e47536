"""The templates that everybody has (domain.md 4.3), as data; a firm copies one to make its own.

A rest is everything that no other part names, so a kind that is added later is counted too.
"""

from collections.abc import Mapping

from counselhub.core.labels import N_
from counselhub.programme.kinds import Measure, Part, Unit
from counselhub.programme.rules import Column, Template
from counselhub.services.kinds import ServiceKind as Kind


def _column(
    title: str,
    unit: Unit,
    *kinds: Kind,
    measure: Measure = Measure.COUNT,
    part: Part = Part.PART,
) -> Column:
    return Column(title, unit, measure, frozenset(kinds), part=part)


_ASIDE = Part.ASIDE
BUILT_IN: Mapping[str, Template] = {
    "yuexiu": Template(
        N_("越秀区统计表"),
        "一村（社区）一法律顾问服务情况统计表",
        (
            _column(N_("法律咨询"), Unit.PERSON_TIMES, Kind.CONSULTATION, measure=Measure.PERSONS),
            _column(N_("法律意见书"), Unit.CASES, Kind.LEGAL_OPINION),
            _column(N_("参与调解"), Unit.CASES, Kind.MEDIATION),
            _column(N_("法治宣传"), Unit.TIMES, Kind.PUBLICITY, Kind.LECTURE),
            _column(N_("法律援助"), Unit.CASES, Kind.LEGAL_AID),
            _column(N_("其他"), Unit.ITEMS, part=Part.REST),
        ),
        has_total=True,
    ),
    "county2018": Template(
        N_("县半年统计表（2018）"),
        "村（社区）法律顾问工作情况统计表",
        (
            _column(N_("法治讲座、普法活动"), Unit.TIMES, Kind.LECTURE, Kind.PUBLICITY),
            _column(
                N_("修订村规民约、审查合同协议"),
                Unit.TIMES,
                Kind.BYLAW_REVISION,
                Kind.CONTRACT_REVIEW,
            ),
            _column(N_("法律咨询"), Unit.PERSON_TIMES, Kind.CONSULTATION, measure=Measure.PERSONS),
            _column(N_("代写法律文书"), Unit.CASES, Kind.DRAFTING),
            _column(N_("申请法律援助"), Unit.TIMES, Kind.LEGAL_AID),
            _column(N_("参与人民调解"), Unit.TIMES, Kind.MEDIATION),
            _column(N_("协助处理涉法事务"), Unit.TIMES, Kind.LEGAL_AFFAIRS),
            _column(N_("法律意见书"), Unit.COPIES, Kind.LEGAL_OPINION),
            _column(N_("挽回经济损失"), Unit.YUAN, measure=Measure.RECOVERED, part=_ASIDE),
        ),
        has_total=False,
    ),
    "beijing": Template(
        N_("北京计数表"),
        "社区法律顾问服务数据统计表",
        (
            _column(N_("法治讲座"), Unit.PERSON_TIMES, Kind.LECTURE, measure=Measure.PERSONS),
            _column(N_("法律咨询"), Unit.TIMES, Kind.CONSULTATION),
            _column(N_("调解纠纷"), Unit.TIMES, Kind.MEDIATION),
            _column(N_("培训骨干"), Unit.PEOPLE, Kind.TRAINING, measure=Measure.PERSONS),
            _column(N_("发放资料"), Unit.COPIES, measure=Measure.COPIES, part=_ASIDE),
            _column(N_("法律援助"), Unit.TIMES, Kind.LEGAL_AID),
            _column(N_("代写文书"), Unit.COPIES, Kind.DRAFTING),
            _column(N_("完善村居制度"), Unit.PIECES, Kind.BYLAW_REVISION),
            _column(N_("发布行程次数"), Unit.TIMES, measure=Measure.TRIPS, part=_ASIDE),
            _column(N_("签到次数"), Unit.TIMES, measure=Measure.SESSIONS, part=_ASIDE),
        ),
        has_total=False,
    ),
}
"""By the code that the command and addresses use."""
