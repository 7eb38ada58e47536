"""The steps of the first path."""

from counselhub.core.labels import N_, Labelled


class Step(Labelled):
    """What a new firm does first."""

    STREETS = "streets", N_("选择街道")
    WORKBOOK = "workbook", N_("导入数据")
    PEOPLE = "people", N_("邀请同事")
