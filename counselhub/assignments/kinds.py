"""Codes of an assignment."""

from counselhub.core.labels import N_, Labelled


class AssignmentRole(Labelled):
    """角色: one 主责 for a community and day, any number of 备岗."""

    LEAD = "lead", N_("主责")
    BACKUP = "backup", N_("备岗")


class EndCause(Labelled):
    """更换原因: why another lawyer comes."""

    LEFT = "left", N_("离职")
    LEAVE = "leave", N_("请假")
    COMMUNITY = "community", N_("社区要求")
    ASSESSMENT = "assessment", N_("考核不合格")
    CONFLICT = "conflict", N_("利益冲突")
    ROTATION = "rotation", N_("轮换")
    OTHER = "other", N_("其他")
