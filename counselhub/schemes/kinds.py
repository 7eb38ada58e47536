"""Codes of a subsidy scheme."""

from counselhub.core.labels import N_, Labelled


class SettlementCycle(Labelled):
    """结算周期: how many periods a calendar year has (money rule M1)."""

    MONTH = "month", N_("月")
    QUARTER = "quarter", N_("季")
    HALF_YEAR = "half_year", N_("半年")
    YEAR = "year", N_("年")


class DeductionMode(Labelled):
    """扣减方式 (money rule M5)."""

    NONE = "none", N_("不扣")
    PER_VISIT = "per_visit", N_("按次")
    PER_HOUR = "per_hour", N_("按小时")
    PROPORTIONAL = "proportional", N_("按比例")


class LowestGrade(Labelled):
    """最低证据等级: how well a session has to be proven to count (money rule M3)."""

    A = "A", N_("只计A级")
    B = "B", N_("计A、B级")
    C = "C", N_("计A、B、C级")
    D = "D", N_("都计入")


class AssessedGrade(Labelled):
    """考核等次 of a year (money rule M9)."""

    EXCELLENT = "excellent", N_("优秀")
    COMPETENT = "competent", N_("称职")
    BASIC = "basic", N_("基本称职")
    INCOMPETENT = "incompetent", N_("不称职")


class AllotmentFactor(Labelled):
    """分配因素 of a budget (money rule M14)."""

    POPULATION = "population", N_("人口")
    DISPUTES = "disputes", N_("矛盾纠纷")
    CONTRACTS = "contracts", N_("合同")
