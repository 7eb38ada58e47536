"""Codes of a case subsidy claim."""

from counselhub.core.labels import N_, Labelled


class Difficulty(Labelled):
    """难易等级."""

    SIMPLE = "simple", N_("简易")
    ORDINARY = "ordinary", N_("普通")
    MAJOR = "major", N_("重大")
    EXTRAORDINARY = "extraordinary", N_("特别重大")


class AgreementForm(Labelled):
    """协议形式."""

    WRITTEN = "written", N_("书面")
    ORAL = "oral", N_("口头")
